import type { Finding, FindingPage, Severity } from '../../../../src/api/findings.ts';
import { formatEntityRef, type EntityRefParts } from '../../../../src/model/ref.ts';
import { useFleetRepeat } from '../../../data/fleet-stream.ts';
import { api } from '../../../data/session.ts';
import { useResource, type Answer } from '../../../data/use-resource.ts';

/** They are asked again this often at most, ms. */
const AGAIN_MS = 2_000;
/** Enough to join those that are the same in many clusters. */
const ASKED = 100;

/** The worst first. */
const severities: readonly Severity[] = ['critical', 'warning', 'notice'];

/** One thing that is wrong, with all clusters in which it is. */
export interface JoinedFinding {
  /** The worst; of several, the one that has been wrong the longest. */
  readonly finding: Finding;
  /** Its own cluster first. */
  readonly clusters: readonly string[];
  /** Whether the same words are true of all clusters: numbers and limits may differ. */
  readonly isAlike: boolean;
}

/** What detectors find wrong with an entity, kept current. */
export function useFindings(parts: EntityRefParts): Answer<FindingPage> {
  const entity = formatEntityRef(parts);
  const key = `findings ${entity}`;
  const answer = useResource<FindingPage>({
    key,
    load: (signal) => api.call('GET /api/v1/fleet/findings', { query: { entity, limit: ASKED }, signal }),
    isAffected: (batch) => batch.changes.some(({ ref }) => ref === entity),
  });
  useFleetRepeat(key, AGAIN_MS, (news) => news === 'relist' || news.clusters.length + news.objects.length > 0);
  return answer;
}

/** The same thing in several clusters as one, in the order in which they are told. */
export function joinFindings(items: readonly Finding[]): readonly JoinedFinding[] {
  const groups = Map.groupBy(items, ({ rule, kind, namespace, name, reason }) =>
    JSON.stringify([rule, kind, namespace, name, reason]),
  );
  return Array.from(groups.values(), (same) => {
    const [first] = same.toSorted(
      (left, right) =>
        severities.indexOf(left.severity) - severities.indexOf(right.severity) ||
        ((left.since ?? '9') < (right.since ?? '9') ? -1 : 1),
    );
    if (first === undefined) return [];
    const clusters = [...new Set([first, ...same].map(({ cluster }) => cluster))];
    return { finding: first, clusters, isAlike: same.every(({ message }) => message === first.message) };
  }).flat();
}
