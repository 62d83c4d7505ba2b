import type { ProposalChoice, UnclaimedWorkload } from '../../../src/api/unclaimed.ts';

/** What people say of workloads instead of what was guessed, by key. */
export type Edits = Readonly<Record<string, { readonly name?: string; readonly owner?: string }>>;

/** Which workload, in the words of the URL. */
export function keyOf({ kind, namespace = '', name }: Pick<UnclaimedWorkload, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${namespace}/${name}`;
}

/** A workload with what is said of it, as it is asked for. */
export function choiceOf(key: string, edits: Edits): ProposalChoice {
  const [kind = '', namespace = '', ...rest] = key.split('/');
  const as = Object.fromEntries(Object.entries(edits[key] ?? {}).filter(([, text]) => text.trim() !== ''));
  return {
    kind,
    name: rest.join('/'),
    ...(namespace !== '' && { namespace }),
    ...(Object.keys(as).length > 0 && { as }),
  };
}
