import type { Descriptor } from './descriptor.ts';
import type { SourceContext, TargetLink } from './source.ts';

/**
 * True for the ref of a Location entity that led somewhere and cannot say now where: its document is invalid, or the file
 * holds something that cannot be read. What it led to stays, as its entity does.
 */
export type Lasting = (entityRef: string) => boolean;

/** Nothing that a file said is in doubt. */
export const nothingLasts: Lasting = () => false;

/** Everything that a file said is: it cannot be read. */
export const allLasts: Lasting = () => true;

/** The Locations of a file that lead on as before. */
export function lastingOf({ hasUnreadable, invalidRefs }: Descriptor): Lasting {
  if (hasUnreadable) return allLasts;
  return invalidRefs.length === 0 ? nothingLasts : (ref) => invalidRefs.includes(ref);
}

/** True where a file may hold a Location that leads on as before: then it is read again after a restart. */
export function mayLast({ hasUnreadable, invalidRefs }: Descriptor): boolean {
  return hasUnreadable || invalidRefs.some((ref) => ref.startsWith('location:'));
}

/** The links of a location: those that it has now, and the former ones of Locations that lead on as before. */
export function linksNow(
  links: readonly TargetLink[],
  lasts: Lasting,
  location: string,
  context: SourceContext,
): readonly TargetLink[] {
  const present = new Set(links.map((link) => link.location));
  const former = context.linksOf(location);
  return [...links, ...former.filter((link) => lasts(link.entityRef) && !present.has(link.location))];
}
