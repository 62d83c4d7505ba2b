import { sameKey } from '../../api/timeline-groups.ts';
import type { LikelyCause, TimelineItem } from '../../api/timeline.ts';

const MINUTE_MS = 60_000;
/** The same change in several clusters: one after the other within this time, ms. */
const SAME_MS = 15 * MINUTE_MS;
/** What begins to fail within this time after a change may be its effect, ms. */
const EFFECT_MS = 15 * MINUTE_MS;
/** Clocks of clusters differ: what happened this little later than the moment may be its cause, ms. */
const LATE_MS = 2 * MINUTE_MS;
const MOST_CAUSES = 5;
const LEAST_SCORE = 0.02;

/** How often what happens breaks something, by what it is. Those that are not named are effects. */
const weightByKind: Readonly<Record<string, number>> = {
  config: 1,
  image: 0.9,
  rollout: 0.85,
  deleted: 0.6,
  scale: 0.45,
  cluster: 0.4,
  created: 0.3,
};
const noun: Readonly<Record<string, string>> = {
  config: 'Configuration changed',
  image: 'The image changed',
  rollout: 'It was rolled out',
  deleted: 'It was deleted',
  scale: 'It was scaled',
  cluster: 'The cluster changed',
  created: 'It was created',
};

/** What is known of the question. */
export interface CauseQuestion {
  /** ms since 1970 */
  readonly at: number;
  /** Ref of the entity that is asked about. */
  readonly entity?: string | undefined;
  /** Refs of what it depends on. */
  readonly dependencies: ReadonlySet<string>;
  /** Region of a cluster, where it has one. */
  readonly regionOf: (cluster: string) => string | undefined;
}

interface Group {
  /** The first of them. */
  readonly entry: TimelineItem;
  readonly clusters: Set<string>;
  lastAt: number;
}

/** Ranks what may have caused that something went wrong at a moment. @param items newest first */
export function likelyCauses(items: readonly TimelineItem[], question: CauseQuestion): LikelyCause[] {
  const effects = items.filter(isEffect);
  return groupsOf(items, question.at)
    .map((group) => causeOf(group, effects, question))
    .filter(({ score }) => score >= LEAST_SCORE)
    .sort((left, right) => right.score - left.score)
    .slice(0, MOST_CAUSES);
}

/** An incident is none: it is what others are together, and each of those is told by itself. */
function isEffect({ kind, to }: TimelineItem): boolean {
  return kind === 'restarts' || (kind === 'health' && to !== 'Healthy');
}

/** Changes that are one: the same of the same workload, in several clusters within minutes. */
function groupsOf(items: readonly TimelineItem[], at: number): readonly Group[] {
  const open = new Map<string, Group>();
  const groups: Group[] = [];
  for (const entry of items.toReversed()) {
    const began = Date.parse(entry.since ?? entry.at);
    if (weightByKind[entry.kind] === undefined || began > at + LATE_MS || isRecovery(entry)) continue;
    const key = sameKey(entry);
    const known = open.get(key);
    const happened = Date.parse(entry.at);
    if (known !== undefined && happened - known.lastAt <= SAME_MS) {
      if (entry.cluster !== undefined) known.clusters.add(entry.cluster);
      known.lastAt = happened;
      continue;
    }
    const group = { entry, clusters: new Set(entry.cluster === undefined ? [] : [entry.cluster]), lastAt: happened };
    open.set(key, group);
    groups.push(group);
  }
  return groups;
}

function isRecovery({ kind, to }: TimelineItem): boolean {
  return kind === 'cluster' && to === 'ok';
}

function causeOf(
  { entry, clusters, lastAt }: Group,
  effects: readonly TimelineItem[],
  question: CauseQuestion,
): LikelyCause {
  const reasons: { readonly factor: number; readonly text: string }[] = [];
  const closeness = closenessOf(entry, question.at);
  reasons.push({ factor: closeness.factor, text: `${noun[entry.kind] ?? 'It changed'} ${closeness.text}` });
  const relation = relationOf(entry, question);
  if (relation.text !== undefined) reasons.push({ factor: 1 + relation.factor, text: relation.text });
  const breadth = 1 + Math.min(1, Math.log2(Math.max(1, clusters.size)) / 4);
  if (clusters.size > 1) {
    reasons.push({ factor: breadth, text: breadthText(clusters, lastAt - Date.parse(entry.at), question) });
  }
  const followed = effectsOf(entry, clusters, effects);
  if (followed > 0) {
    const what = followed === 1 ? 'It' : `${followed} workloads of it`;
    reasons.push({
      factor: 1.6,
      text: `${what} began to restart or fail within ${EFFECT_MS / MINUTE_MS} minutes after`,
    });
  }
  const score =
    (weightByKind[entry.kind] ?? 0) * closeness.factor * relation.factor * breadth * (followed > 0 ? 1.6 : 1);
  return {
    entry,
    score: Math.round(score * 1000) / 1000,
    why: reasons.sort((left, right) => right.factor - left.factor).map(({ text }) => text),
    clusters: [...clusters].sort((left, right) => (left < right ? -1 : 1)),
  };
}

function closenessOf(entry: TimelineItem, at: number): { readonly factor: number; readonly text: string } {
  const happened = Date.parse(entry.at);
  const since = entry.since === undefined ? happened : Date.parse(entry.since);
  if (since <= at && at <= happened && since !== happened) {
    return { factor: 0.6, text: 'around that moment; nobody saw exactly when' };
  }
  const beforeMs = at - happened;
  if (beforeMs < 0) return { factor: 0.7, text: 'right after that moment' };
  const minutes = Math.round(beforeMs / MINUTE_MS);
  const said = minutes === 0 ? 'at that moment' : `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} before`;
  return { factor: 1 / (1 + beforeMs / (10 * MINUTE_MS)), text: said };
}

function relationOf(
  { entity, kind }: TimelineItem,
  { entity: asked, dependencies }: CauseQuestion,
): { readonly factor: number; readonly text?: string } {
  if (asked === undefined) return { factor: kind === 'created' ? 0.8 : 1 };
  if (entity === asked) return { factor: 1, text: `It is ${asked} itself` };
  if (entity !== undefined && dependencies.has(entity)) return { factor: 0.7, text: `${asked} depends on ${entity}` };
  return { factor: kind === 'cluster' ? 0.3 : 0.15 };
}

function breadthText(clusters: ReadonlySet<string>, tookMs: number, { regionOf }: CauseQuestion): string {
  const regions = new Set([...clusters].flatMap((cluster) => regionOf(cluster) ?? []));
  const where = regions.size > 1 ? ` in ${regions.size} regions` : '';
  const minutes = Math.max(1, Math.ceil(tookMs / MINUTE_MS));
  return `It reached ${clusters.size} clusters${where} within ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
}

/** Workloads that began to fail soon after a change of theirs, or of what they use, in one of the clusters that it reached. */
function effectsOf(cause: TimelineItem, clusters: ReadonlySet<string>, effects: readonly TimelineItem[]): number {
  const from = Date.parse(cause.since ?? cause.at) - MINUTE_MS / 2;
  const users = new Set(namesOf(cause));
  const failing = new Set<string>();
  for (const { at, namespace, workload, entity, cluster } of effects) {
    if (cluster !== undefined && clusters.size > 0 && !clusters.has(cluster)) continue;
    const began = Date.parse(at);
    if (began < from || began > Date.parse(cause.at) + EFFECT_MS) continue;
    const isOwn = workload !== undefined && namespace === cause.namespace && users.has(workload.name);
    const isSame = isOwn || (entity !== undefined && entity === cause.entity);
    const isThere = cause.kind === 'cluster' && cluster === cause.cluster;
    if (isSame || isThere) failing.add(`${cluster} ${workload?.name}`);
  }
  return failing.size;
}

function namesOf({ workload, data }: TimelineItem): readonly string[] {
  const users = Array.isArray(data['workloads']) ? (data['workloads'] as readonly unknown[]) : [];
  const named = users.flatMap((user) => {
    const name = (user as { readonly name?: unknown } | null)?.name;
    return typeof name === 'string' ? name : [];
  });
  return workload === undefined ? named : [workload.name, ...named];
}
