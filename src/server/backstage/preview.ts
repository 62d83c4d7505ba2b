import type { LocationPreview, LocationSpec, PreviewedEntity } from '../../catalog/control.ts';
import { compatibleError } from './errors.ts';
import { sentence } from './upkeep.ts';

/** Most problems that the refusal of a preview names. */
const MOST_PROBLEMS = 20;

/**
 * The answer to a dry run.
 * @param spec what was asked
 * @throws LOCATION_NOT_READABLE where anything would be left out
 */
export function previewAnswer({ location, exists, entities, findings }: LocationPreview, spec: LocationSpec) {
  const problems = findings
    .filter(({ severity }) => severity === 'error')
    .map((finding) => `${placeOf(finding)}: ${sentence(finding)}`);
  const refs = new Set<string>();
  for (const { ref, location: at, line } of entities) {
    if (refs.has(ref)) problems.push(`${at}:${line}: ${ref} is declared twice`);
    refs.add(ref);
  }
  if (problems.length > 0)
    throw compatibleError('LOCATION_NOT_READABLE', { problems: problems.slice(0, MOST_PROBLEMS).join('; ') });
  const { type, target, entityRef } = location;
  const { presence } = spec;
  return {
    location: { id: `${type}:${target}`, type, target, entityRef, ...(presence !== undefined && { presence }) },
    exists,
    entities: inProcessingOrder(entities).map(({ entity }) => ({ ...entity })),
  };
}

/** The order that Backstage tells entities in: what was read last is looked at, with all that it leads to, first. */
function inProcessingOrder(entities: readonly PreviewedEntity[]): readonly PreviewedEntity[] {
  const childrenOf = new Map<string | undefined, PreviewedEntity[]>();
  for (const entity of entities) {
    const siblings = childrenOf.get(entity.parentEntity);
    if (siblings === undefined) childrenOf.set(entity.parentEntity, [entity]);
    else siblings.push(entity);
  }
  const ordered: PreviewedEntity[] = [];
  const waiting = [...(childrenOf.get(undefined) ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    ordered.push(next);
    waiting.push(...(childrenOf.get(next.ref) ?? []));
  }
  return ordered;
}

function placeOf({ location, place }: LocationPreview['findings'][number]): string {
  return place === undefined ? location : `${location}:${place.line}`;
}
