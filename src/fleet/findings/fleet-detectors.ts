import type { HeldCluster } from '../held-cluster.ts';
import type { ClusterSight } from './cluster-sight.ts';
import type { Finding } from './finding.ts';
import type { LiveRow } from './live-row.ts';
import type { Rollout } from './rollouts.ts';

/** A rollout over the clusters of one environment should take no longer, seconds. */
const SKEW_AFTER = 7_200;
/** A change that was in all regions within this is not staged, seconds; it is told of for the second. */
const UNSTAGED_WITHIN = 300;
const UNSTAGED_KNOWN = 14_400;
/** A first installation is no change: a workload must have been there for so long, seconds. */
const SETTLED_AFTER = 60;

/** One workload in one cluster, seen beside the same in others. */
export interface PlacedWorkload {
  readonly sight: ClusterSight;
  readonly workload: LiveRow;
  /** Its newest rollout; undefined: nobody knows. */
  readonly rollout: Rollout | undefined;
}

/** What only shows when the clusters of one workload are seen side by side; those of one environment are compared. */
export function acrossClusters(placed: readonly PlacedWorkload[]): readonly Finding[] {
  const found: Finding[] = [];
  for (const group of byEnvironment(placed)) {
    if (group.length < 2) continue;
    const finding = skewOf(group) ?? unstagedOf(group);
    if (finding !== undefined) found.push(finding);
  }
  return found;
}

const labelOf = ({ sight: { cluster } }: PlacedWorkload, label: string): string | undefined =>
  cluster.face.labels[label];

function byEnvironment(placed: readonly PlacedWorkload[]): readonly (readonly PlacedWorkload[])[] {
  const groups = new Map<string, PlacedWorkload[]>();
  for (const each of placed) {
    const environment = labelOf(each, 'environment') ?? '';
    groups.set(environment, [...(groups.get(environment) ?? []), each]);
  }
  return [...groups.values()];
}

function skewOf(group: readonly PlacedWorkload[]): Finding | undefined {
  const byImages = new Map<number, PlacedWorkload[]>();
  for (const each of group) {
    const images = each.workload.wordId('images');
    byImages.set(images, [...(byImages.get(images) ?? []), each]);
  }
  if (byImages.size < 2) return undefined;
  const times = group.map(({ rollout }) => rollout?.at).filter((at) => at !== undefined);
  const [first] = group;
  if (first === undefined || times.length === 0 || first.sight.now - Math.max(...times) < SKEW_AFTER) return undefined;
  const sides = [...byImages.values()].sort((left, right) => left.length - right.length);
  const odd = sides[0]?.[0] ?? first;
  const said = sides.map(
    (side) => `${side[0]?.workload.lines('images')[0] ?? 'no image'} in ${namesOf(side).join(', ')}`,
  );
  return odd.sight.finding(odd.workload, {
    rule: 'version-skew',
    severity: 'notice',
    reason: 'VersionSkew',
    message: `${sides.length} versions run in one environment: ${said.join('; ')}`,
    since: Math.max(...times),
    evidence: { environment: labelOf(odd, 'environment'), versions: said, clusters: namesOf(group) },
  });
}

function unstagedOf(group: readonly PlacedWorkload[]): Finding | undefined {
  const change = sharedChange(group);
  const [first] = change;
  if (first === undefined) return undefined;
  const regions = new Set(group.map((each) => labelOf(each, 'region')).filter((region) => region !== undefined));
  const reached = new Set(change.map(({ placed }) => labelOf(placed, 'region')));
  if (regions.size < 2 || reached.size < regions.size) return undefined;
  const [from, to] = [Math.min(...change.map(({ at }) => at)), Math.max(...change.map(({ at }) => at))];
  const { placed, isImage } = first;
  const what = isImage ? (placed.workload.lines('images')[0] ?? 'an image') : 'a change of its pod template';
  const names = namesOf(change.map((each) => each.placed));
  return placed.sight.finding(placed.workload, {
    rule: 'unstaged-change',
    severity: 'notice',
    reason: isImage ? 'ImageInAllRegions' : 'ConfigInAllRegions',
    message: `${what} reached ${regions.size} regions ${spanText(to - from)}`,
    since: from,
    evidence: { regions: [...regions].sort(), clusters: names, from: isoOf(from), to: isoOf(to), change: what },
  });
}

interface Change {
  readonly placed: PlacedWorkload;
  readonly at: number;
  readonly isImage: boolean;
}

/** The change that reached all of these workloads within minutes; none where one of them was not changed then. */
function sharedChange(group: readonly PlacedWorkload[]): readonly Change[] {
  const changes: Change[] = [];
  for (const placed of group) {
    const { rollout, workload } = placed;
    const created = workload.time('created');
    if (rollout === undefined || created === undefined || !rollout.isChange) return [];
    if (rollout.at - created < SETTLED_AFTER || placed.sight.now - rollout.at > UNSTAGED_KNOWN) return [];
    if (workload.wordId('images') !== group[0]?.workload.wordId('images')) return [];
    changes.push({ placed, at: rollout.at, isImage: rollout.isImage });
  }
  const times = changes.map(({ at }) => at);
  return Math.max(...times) - Math.min(...times) <= UNSTAGED_WITHIN
    ? changes.sort((left, right) => left.at - right.at)
    : [];
}

function namesOf(group: readonly PlacedWorkload[]): readonly string[] {
  return group.map(({ sight }): HeldCluster['name'] => sight.cluster.name).sort();
}

const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString();

function spanText(seconds: number): string {
  if (seconds < 2) return 'at the same moment';
  return seconds < 60 ? `within ${seconds} s` : `within ${Math.ceil(seconds / 60)} min`;
}
