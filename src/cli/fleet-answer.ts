import { stringify } from 'yaml';
import type { Incomplete, LiveObjectItem } from '../api/fleet.ts';
import { ageText } from '../base/age-text.ts';
import type { Surroundings } from './surroundings.ts';
import { printable } from './text-table.ts';

/** An answer as a document, where one is asked for. */
export function documentOf(answer: object, output: string): string | undefined {
  if (output === 'json') return JSON.stringify(answer, undefined, 2);
  if (output === 'yaml') return stringify(answer, { aliasDuplicateObjects: false }).trimEnd();
  return undefined;
}

/** Says on standard error for which clusters an answer may not be whole: what is printed looks complete otherwise. */
export function warnIncomplete(incomplete: readonly Incomplete[], { err, clock }: Surroundings): void {
  for (const { cluster, kind, state, reason, asOf } of incomplete) {
    const place = kind === undefined ? cluster : `${cluster}, ${kind}`;
    const why = reason === undefined ? '' : `: ${reason.message}`;
    const age = asOf === undefined ? 'nothing is known' : `shown as of ${ageText(clock.now() - Date.parse(asOf))} ago`;
    err(printable(`${place} is ${state}${why}; ${age}`));
  }
}

/** An object in one word, as `-o name` prints it: `cluster/kind/namespace/name`. */
export function nameOf({ cluster, kind, namespace, name }: LiveObjectItem): string {
  return printable([cluster, kind, namespace, name].filter((part) => part !== undefined).join('/'));
}
