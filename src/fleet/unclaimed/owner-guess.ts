import type { Confidence } from '../../api/unclaimed.ts';
import type { NamespaceOwner } from '../../config/fleet-config.ts';
import { formatEntityRef, parseEntityRef } from '../../model/ref.ts';
import { nameMatcher } from '../cluster-entry-names.ts';
import type { Neighbour, UnclaimedRow } from './unclaimed-row.ts';

/** What is likely, how likely, and why. */
export interface Guess {
  readonly ref: string;
  readonly confidence: Confidence;
  readonly reason: string;
}

/** An entity that who asks may see. */
export interface SeenEntity {
  readonly ref: string;
  /** Canonical refs. */
  readonly owner?: string | undefined;
  readonly system?: string | undefined;
}

/** What guesses are made from. */
export interface GuessSources {
  /** An entity of the catalog, if who asks may see it. @param ref canonical */
  see(ref: string): SeenEntity | undefined;
  readonly namespaceOwners: readonly NamespaceOwner[];
}

const PART_OF = 'app.kubernetes.io/part-of=';

/** Who probably owns a workload: what it says itself comes before its namespace, and that before what runs beside it. */
export function guessOwner(row: UnclaimedRow, sources: GuessSources): Guess | undefined {
  const { namespace } = row;
  const said = saidOwner([...row.annotations, ...row.labels], sources);
  if (said !== undefined) return { ref: said.ref, confidence: 'high', reason: `It says ${said.line}.` };
  const rule = sources.namespaceOwners.find(({ match }) => namespace !== undefined && nameMatcher([match])(namespace));
  if (rule !== undefined && sources.see(rule.owner) !== undefined)
    return { ref: rule.owner, confidence: 'medium', reason: `The settings say who owns namespaces ${rule.match}.` };
  const byNamespace = saidOwner(row.namespaceSays, sources);
  if (byNamespace !== undefined)
    return { ref: byNamespace.ref, confidence: 'medium', reason: `Its namespace says ${byNamespace.line}.` };
  const system = saidSystem(row, sources);
  if (system?.owner !== undefined && sources.see(system.owner) !== undefined)
    return {
      ref: system.owner,
      confidence: 'medium',
      reason: `It says that it is part of ${system.ref}, whose owner this is.`,
    };
  return ownerBeside(row, sources);
}

/** Which system a workload is probably part of. */
export function guessSystem(row: UnclaimedRow, sources: GuessSources): Guess | undefined {
  const said = saidSystem(row, sources);
  if (said !== undefined) return { ref: said.ref, confidence: 'high', reason: 'It says that it is part of it.' };
  const { namespace } = row;
  const named = namespace === undefined ? undefined : sources.see(systemRef(namespace));
  if (named !== undefined) return { ref: named.ref, confidence: 'medium', reason: 'Its namespace has the name of it.' };
  const most = mostOf(
    row.neighbours.filter(({ ref }) => sources.see(ref) !== undefined),
    ({ system }) => system,
  );
  if (most === undefined || sources.see(most.value) === undefined) return undefined;
  return { ref: most.value, confidence: 'low', reason: `${shareText(most)} in its namespace are part of it.` };
}

/** The first line that names an owner or a team that is in the catalog. */
function saidOwner(
  lines: readonly string[],
  sources: GuessSources,
): { readonly ref: string; readonly line: string } | undefined {
  for (const line of lines) {
    const equals = line.indexOf('=');
    const word = line.slice(0, equals).split('/').at(-1)?.toLowerCase();
    if (equals < 0 || (word !== 'owner' && word !== 'team')) continue;
    for (const defaultKind of ['group', 'user']) {
      const parts = parseEntityRef(line.slice(equals + 1).trim(), { defaultKind });
      const ref = parts && formatEntityRef(parts);
      if (ref !== undefined && /^(group|user):/.test(ref) && sources.see(ref) !== undefined) return { ref, line };
    }
  }
  return undefined;
}

function saidSystem({ labels }: UnclaimedRow, sources: GuessSources): SeenEntity | undefined {
  const line = labels.find((label) => label.startsWith(PART_OF));
  return line === undefined ? undefined : sources.see(systemRef(line.slice(PART_OF.length)));
}

function systemRef(name: string): string {
  return formatEntityRef({ kind: 'system', namespace: 'default', name });
}

/** The owner of most entities that run in the same namespace. */
function ownerBeside({ neighbours }: UnclaimedRow, sources: GuessSources): Guess | undefined {
  const seen = neighbours.filter(({ ref }) => sources.see(ref) !== undefined);
  const most = mostOf(seen, ({ owner }) => owner);
  if (most === undefined || most.count * 2 <= most.of || sources.see(most.value) === undefined) return undefined;
  const isAll = most.count === most.of && most.of > 1;
  return {
    ref: most.value,
    confidence: isAll ? 'medium' : 'low',
    reason: `It owns ${shareText(most)} in its namespace.`,
  };
}

interface Most {
  readonly value: string;
  readonly count: number;
  readonly of: number;
}

function mostOf(neighbours: readonly Neighbour[], of: (neighbour: Neighbour) => string | undefined): Most | undefined {
  const counts = new Map<string, number>();
  for (const neighbour of neighbours) {
    const value = of(neighbour);
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const [first] = [...counts].sort((left, right) => right[1] - left[1]);
  return first === undefined ? undefined : { value: first[0], count: first[1], of: neighbours.length };
}

function shareText({ count, of }: Most): string {
  if (of === 1) return 'the one entity';
  return count === of ? `all ${of} entities` : `${count} of ${of} entities`;
}
