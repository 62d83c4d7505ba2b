import type { FindingsQuery } from '../../live/findings.ts';
import type { LivePosition, LiveScope } from '../../live/live-reader.ts';
import type { Layout } from '../columns.ts';
import { fleetError } from '../errors.ts';
import type { HeldCluster } from '../held-cluster.ts';
import { incompleteOf } from '../incomplete.ts';
import type { MatchedHoldings } from '../matching/matched-holdings.ts';
import { clustersIn } from '../object-query.ts';
import { answerBytes, instant } from '../render.ts';
import { clusterScope } from '../scope-check.ts';
import { compareFindings, type Finding, findingRules, severities } from './finding.ts';
import type { FindingsBook } from './findings-book.ts';

/** Kinds that may be denied without anything being missed that is asked about here. */
const besides: ReadonlySet<string> = new Set(['ConfigMap', 'Namespace']);

/**
 * What is wrong, as JSON in the shape of `FindingPage` of `src/api/findings.ts`, the worst first.
 * @throws LIVE_QUERY_INVALID for a cursor that is none, or the label selector of the entity
 */
export function findingsAnswer(
  holdings: MatchedHoldings,
  book: FindingsBook,
  query: FindingsQuery,
  scope: LiveScope,
  position: LivePosition,
): Uint8Array {
  const { entity, clusters: wanted, limit } = query;
  const problem = entity === undefined ? undefined : holdings.matches.problemOf(entity);
  if (problem !== undefined) throw problem;
  const looked = clustersIn(holdings, scope).filter(({ name }) => wanted?.includes(name) !== false);
  const all = entity === undefined ? fleetFindings(book, looked, scope) : entityFindings(holdings, book, entity, scope);
  const passes = filterOf(query);
  const asked = all.filter(passes);
  const ranked = rankedOf(asked);
  const offset = offsetOf(query.cursor);
  const items = pageOf(ranked, offset, limit);
  const total = asked.length;
  return answerBytes(
    JSON.stringify({
      items: items.map((finding) => itemOf(holdings, finding, entity)),
      total,
      counts: Object.fromEntries(
        severities.map((severity) => [severity, asked.filter((each) => each.severity === severity).length]),
      ),
      nextCursor: offset + items.length < total ? String(offset + items.length) : undefined,
      position,
      incomplete: incompleteOf(lookedFor(holdings, looked, entity), layoutsOf(holdings)),
    }),
  );
}

function filterOf({ clusters, rules, severities: wanted }: FindingsQuery): (finding: Finding) => boolean {
  return ({ cluster, rule, severity }) =>
    clusters?.includes(cluster) !== false && rules?.includes(rule) !== false && wanted?.includes(severity) !== false;
}

function fleetFindings(book: FindingsBook, looked: readonly HeldCluster[], scope: LiveScope): readonly Finding[] {
  const found: Finding[] = [];
  for (const cluster of looked) {
    const seen = clusterScope(scope, cluster.name);
    for (const finding of book.of(cluster)) if (isSeen(finding, seen)) found.push(finding);
  }
  return found.concat(book.acrossAll(scope));
}

function isSeen({ namespace }: Finding, seen: true | readonly string[] | undefined): boolean {
  if (seen === true) return true;
  return namespace !== undefined && seen?.includes(namespace) === true;
}

/** What is wrong with the workloads of an entity, and with what belongs to them. */
export function entityFindings(
  { matches }: MatchedHoldings,
  book: FindingsBook,
  ref: string,
  scope: LiveScope,
): readonly Finding[] {
  const rows = matches.workloadsOf(ref, scope);
  const own = new Map<object, Set<number>>();
  for (const { place, row } of rows) own.set(place.kind, (own.get(place.kind) ?? new Set()).add(row));
  const clusters = new Set(rows.map(({ place }) => place.cluster));
  const found = [...clusters].flatMap((cluster) =>
    book.of(cluster).filter(({ subject }) => subject !== undefined && own.get(subject.kind)?.has(subject.row) === true),
  );
  return found.concat(book.across(rows));
}

/** By severity and rule, the worst first: only those of a page are sorted among themselves. */
function rankedOf(findings: readonly Finding[]): readonly (readonly Finding[])[] {
  const ranks: Finding[][] = severities.flatMap(() => findingRules.map(() => []));
  for (const finding of findings) {
    const rank = severities.indexOf(finding.severity) * findingRules.length + findingRules.indexOf(finding.rule);
    ranks[rank]?.push(finding);
  }
  return ranks;
}

function pageOf(ranks: readonly (readonly Finding[])[], offset: number, limit: number): readonly Finding[] {
  const page: Finding[] = [];
  let at = 0;
  for (const rank of ranks) {
    const from = Math.max(0, offset - at);
    at += rank.length;
    if (from >= rank.length) continue;
    page.push(...rank.toSorted(compareFindings).slice(from, from + limit - page.length));
    if (page.length >= limit) return page;
  }
  return page;
}

/** @throws LIVE_QUERY_INVALID */
function offsetOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (!/^\d{1,9}$/.test(cursor))
    throw fleetError('LIVE_QUERY_INVALID', { problem: 'the cursor is not of this question' });
  return Number(cursor);
}

/** The JSON of a finding. @param asked entity that was asked about; default: the surest of those that it belongs to */
export function itemOf({ matches }: MatchedHoldings, finding: Finding, asked?: string): object {
  const { subject, since, pods: _pods, ...rest } = finding;
  const entity =
    asked ?? (subject === undefined ? undefined : matches.matchesOf(subject.kind, subject.row)[0]?.claim.ref);
  return { ...rest, entity, since: since === undefined ? undefined : instant(since * 1000) };
}

/** Of an entity that is bound to a cluster only that one counts. */
function lookedFor(
  { matches }: MatchedHoldings,
  looked: readonly HeldCluster[],
  entity: string | undefined,
): readonly HeldCluster[] {
  const only = entity === undefined ? undefined : matches.claim(entity)?.cluster;
  return only === undefined ? looked : looked.filter(({ name }) => name === only);
}

function layoutsOf({ layouts }: MatchedHoldings): readonly Layout[] {
  return [...layouts.values()].filter(({ kind }) => !besides.has(kind.id));
}
