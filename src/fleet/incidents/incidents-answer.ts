import type { IncidentsQuery } from '../../live/incidents.ts';
import type { LivePosition, LiveScope } from '../../live/live-reader.ts';
import { severities } from '../findings/finding.ts';
import { sizeOf } from './incident-size.ts';
import { incompleteOf } from '../incomplete.ts';
import type { MatchedHoldings } from '../matching/matched-holdings.ts';
import { clustersIn } from '../object-query.ts';
import { answerBytes, instant } from '../render.ts';
import { clusterScope, seesObject } from '../scope-check.ts';
import type { Episode } from './episode.ts';
import type { Incident } from './incident.ts';
import type { IncidentBook } from './incident-book.ts';
import { fixOf, titleOf } from './incident-words.ts';

/** Lines of evidence, at most. */
const MOST_LINES = 50;
/** Kinds by which pods are seen to fail. */
const looked = ['Pod', 'ReplicaSet', 'Deployment', 'StatefulSet', 'DaemonSet', 'Node'] as const;

/**
 * What fails together, as JSON in the shape of `IncidentList` of `src/api/incidents.ts` but for `entities`, all that it is about, in
 * the place of `entity`, and without what changed before: who asks knows what may be named. Open ones first, then the worst, then the newest.
 * Only what a scope sees of an incident is told, as if there were nothing else.
 */
export function incidentsAnswer(
  holdings: MatchedHoldings,
  book: IncidentBook,
  query: IncidentsQuery,
  scope: LiveScope,
  position: LivePosition,
): Uint8Array {
  const seen = book.incidents.map((incident) => within(incident, scope)).filter((incident) => incident !== undefined);
  const asked = seen.filter((incident) => isAsked(incident, query)).sort(compareIncidents);
  const layouts = looked.map((id) => holdings.layouts.get(id)).filter((layout) => layout !== undefined);
  const clusters = clustersIn(holdings, scope);
  return answerBytes(
    JSON.stringify({
      items: asked.slice(0, query.limit).map(itemOf),
      total: asked.length,
      checkedAt: book.checkedAt === undefined ? undefined : instant(book.checkedAt),
      looked: clusters.length,
      position,
      incomplete: incompleteOf(clusters, layouts),
    }),
  );
}

/** What of an incident a scope sees; of a workload that is one cluster as well as five. */
function within(incident: Incident, scope: LiveScope): Incident | undefined {
  if (scope === 'all') return incident;
  const members = incident.members.filter(({ cluster, kind, namespace }) =>
    kind === 'Cluster' ? clusterScope(scope, cluster) !== undefined : seesObject(scope, { cluster, namespace }),
  );
  if (members.length === 0) return undefined;
  const { cause } = incident;
  const clusters = cause?.clusters.filter((cluster) => clusterScope(scope, cluster) !== undefined) ?? [];
  // How many regions it reached is the secret of who does not see them all.
  const isWhole = cause !== undefined && clusters.length === cause.clusters.length;
  const isFleet = incident.isFleet === true && members.length === incident.members.length;
  return { ...incident, members, cause: isWhole ? cause : undefined, isFleet };
}

function isAsked(
  { id, ended, entities, members }: Incident,
  { id: wanted, state, entity, clusters }: IncidentsQuery,
): boolean {
  if (wanted !== undefined && wanted !== id) return false;
  if (state !== undefined && (state === 'ended') !== (ended !== undefined)) return false;
  if (entity !== undefined && !entities.includes(entity)) return false;
  return clusters === undefined || members.some(({ cluster }) => clusters.includes(cluster));
}

function compareIncidents(left: Incident, right: Incident): number {
  return (
    Number(left.ended !== undefined) - Number(right.ended !== undefined) ||
    (left.ended === undefined ? severities.indexOf(left.severity) - severities.indexOf(right.severity) : 0) ||
    right.began - left.began
  );
}

function itemOf(incident: Incident): object {
  const { id, rule, severity, began, ended, entities, members, cause } = incident;
  const [first] = members;
  const isOne = rule === 'oom-cycle' || rule === 'workload-in-clusters';
  return {
    id,
    title: titleOf(incident),
    state: ended === undefined ? 'open' : 'ended',
    began: instant(began * 1000),
    ended: ended === undefined ? undefined : instant(ended * 1000),
    rule,
    severity,
    entities,
    ...(isOne &&
      first !== undefined && { workload: { kind: first.kind, namespace: first.namespace, name: first.name } }),
    clusters: distinct(members.map(({ cluster }) => cluster)),
    regions: distinct(members.map(({ region }) => region)),
    ...sizeOf(incident),
    evidence: evidenceOf(incident),
    cause: cause === undefined ? undefined : { text: cause.text, at: instant(cause.at * 1000) },
    fix: fixOf(incident),
  };
}

interface Line {
  readonly text: string;
  readonly cluster?: string | undefined;
  readonly at?: string | undefined;
}

function evidenceOf({ members }: Incident): readonly Line[] {
  const lines = members
    .toSorted((left, right) => left.began - right.began)
    .map((member): Line => ({ text: lineOf(member), cluster: member.cluster, at: instant(member.began * 1000) }));
  const memory = members.find((member) => member.memory !== undefined)?.memory;
  const first = memory === undefined ? [] : [{ text: memory }];
  return [...first, ...lines].slice(0, MOST_LINES);
}

function lineOf({ kind, name, namespace, message, affected, of, restarts, reason }: Episode): string {
  if (kind === 'Cluster') return message;
  if (kind === 'Node') return `${name}: ${message}${affected > 0 ? `, ${affected} pods on it` : ''}`;
  const where = namespace === undefined ? name : `${namespace}/${name}`;
  const count = of === 0 ? '' : `${affected} of ${of} pods `;
  return `${where}: ${count}${reason}${restarts > 0 ? `, ${restarts} restarts` : ''}`;
}

function distinct(values: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== undefined))].sort();
}
