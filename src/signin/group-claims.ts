import type { GroupRule } from '../config/sign-in-config.ts';
import { formatEntityRef } from '../model/ref.ts';

/** Groups that are taken over of one person: sessions keep them. */
const MOST_GROUPS = 300;

const nameForm = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

/**
 * The refs of the groups that a provider names.
 *
 * A name that no entity could have is left out instead of being bent into one: two groups of the provider must never become
 * one here.
 *
 * @param claim a list of names, or one text with commas
 */
export function groupRefs(claim: unknown, { namespace, strip }: GroupRule): readonly string[] {
  const names =
    typeof claim === 'string' ? claim.split(',') : Array.isArray(claim) ? (claim as readonly unknown[]) : [];
  const refs = new Set<string>();
  for (const written of names) {
    if (typeof written !== 'string') continue;
    const trimmed = written.trim();
    const name = strip !== undefined && trimmed.startsWith(strip) ? trimmed.slice(strip.length) : trimmed;
    if (nameForm.test(name)) refs.add(formatEntityRef({ kind: 'group', namespace, name }));
    if (refs.size >= MOST_GROUPS) break;
  }
  return [...refs].sort();
}
