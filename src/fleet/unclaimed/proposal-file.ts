import type { ProposalChoice } from '../../api/unclaimed.ts';
import { proposalOf, type ProposalSources } from './proposal.ts';
import type { UnclaimedRow } from './unclaimed-row.ts';

/**
 * The descriptors of chosen workloads as one YAML file. What claims the same is written once; no two have the same name; what nobody
 * found is named in a comment.
 */
export function proposalFile(
  choices: readonly ProposalChoice[],
  rows: readonly UnclaimedRow[],
  sources: ProposalSources,
): string {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  const names = new Set<string>();
  const claims = new Set<string>();
  const isTaken = (ref: string): boolean => names.has(ref) || sources.isTaken(ref);
  const documents: string[] = [];
  const lost: string[] = [];
  for (const choice of choices) {
    const row = byKey.get(keyOf(choice));
    if (row === undefined) {
      lost.push(`${choice.kind} ${placeOf(choice)} is not written: it does not run any more, or somebody claims it.`);
      continue;
    }
    const { owner, notes, annotations, name, descriptor } = proposalOf(row, { ...sources, isTaken }, choice.as);
    const claim = JSON.stringify(annotations);
    if (claims.has(claim)) continue;
    claims.add(claim);
    names.add(`component:default/${name.toLowerCase()}`);
    const why =
      choice.as?.owner === undefined && owner !== undefined ? [`Owner, ${owner.confidence}: ${owner.reason}`] : [];
    const clusters = row.clusters.map(({ cluster }) => cluster).join(', ');
    const comments = [`${row.kind} ${placeOf(row)} in ${clusters}`, ...why, ...notes];
    documents.push(commented(comments) + descriptor);
  }
  return commented(lost) + documents.join('---\n');
}

function keyOf({ kind, namespace = '', name }: Pick<UnclaimedRow, 'kind' | 'namespace' | 'name'>): string {
  return `${namespace}/${name}/${kind}`;
}

function placeOf({ namespace, name }: Pick<UnclaimedRow, 'namespace' | 'name'>): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** Comments end with their line: what a cluster says must not go on after it. */
function commented(lines: readonly string[]): string {
  return lines.map((line) => `# ${line.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')}\n`).join('');
}
