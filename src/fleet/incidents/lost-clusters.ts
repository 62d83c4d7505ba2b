import type { Candidate, ClusterNews } from './correlate.ts';
import { type Episode, QUIET } from './episode.ts';
import type { Incident } from './incident.ts';

/** A cluster must have been lost for so long, seconds. */
const LOST_AFTER = 60;
/** What is lost so long after one another, seconds, and so many of it, is lost together. */
const TOGETHER = { apart: 120, clusters: 3 };
/** How the keys of incidents of several clusters begin; those of one are `cluster` and its name. */
const JOINT = 'clusters ';

/** When a cluster was lost. */
interface Loss {
  /** Seconds since 1970. */
  readonly began: number;
  /** Absent: it answers again, and is still part of an incident that goes on. */
  readonly member?: Episode | undefined;
  /** The open incidents that it is part of. */
  readonly incidents: readonly Incident[];
}

/**
 * Finds the clusters that do not answer. Three that were lost shortly after one another are one thing, and it stays the same thing
 * when others join it, when some answer again, and when what it is was told as single ones before.
 *
 * @param open incidents that go on
 * @param now seconds since 1970
 */
export function lostClusters(
  clusters: readonly ClusterNews[],
  open: Iterable<Incident>,
  now: number,
): readonly Candidate[] {
  const known = [...open].filter(({ rule }) => rule === 'cluster-unreachable');
  const losses = clusters.map((news) => lossOf(news, known, now)).filter((loss) => loss !== undefined);
  const fleet = clusters.filter(({ isKnown }) => isKnown).length;
  return chains([...losses, ...returned(known, losses)]).flatMap((chain) => candidatesOf(chain, fleet, now));
}

function lossOf(news: ClusterNews, known: readonly Incident[], now: number): Loss | undefined {
  const { cluster, unreachableSince } = news;
  if (unreachableSince === undefined) return undefined;
  const before = known.flatMap((incident) => {
    const member = incident.members.find((each) => each.cluster === cluster);
    // After a restart it is found lost anew; what answered for minutes is lost another time.
    return member === undefined || unreachableSince - member.seen > QUIET ? [] : [{ incident, began: member.began }];
  });
  const began = Math.min(unreachableSince, ...before.map((each) => each.began));
  return { began, member: episodeOf(news, began, now), incidents: before.map(({ incident }) => incident) };
}

function episodeOf({ cluster, region, reason }: ClusterNews, began: number, now: number): Episode {
  return {
    key: `cluster ${cluster}`,
    cluster,
    region,
    kind: 'Cluster',
    namespace: undefined,
    name: cluster,
    began,
    seen: now,
    rule: 'node-gone',
    reason: reason?.code ?? 'Unreachable',
    message: reason?.message ?? 'It does not answer',
    severity: 'warning',
    affected: 0,
    of: 0,
    restarts: 0,
  };
}

/** Members that answer again: who was lost shortly after them belongs to them. */
function returned(known: readonly Incident[], losses: readonly Loss[]): readonly Loss[] {
  return known.filter(isJoint).flatMap((incident) => {
    const lost = new Set(
      losses.filter(({ incidents }) => incidents.includes(incident)).map(({ member }) => member?.cluster),
    );
    const back = incident.members.filter(({ cluster }) => !lost.has(cluster));
    return back.map(({ began }): Loss => ({ began, incidents: [incident] }));
  });
}

/** Each a run of losses, of which each comes shortly after the one before. */
function chains(losses: readonly Loss[]): readonly (readonly Loss[])[] {
  const found: Loss[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const loss of losses.toSorted((left, right) => left.began - right.began)) {
    const last = found.at(-1);
    if (last === undefined || loss.began - end > TOGETHER.apart) found.push([loss]);
    else last.push(loss);
    end = loss.began;
  }
  return found;
}

/** @param fleet how many clusters there are in all */
function candidatesOf(chain: readonly Loss[], fleet: number, now: number): readonly Candidate[] {
  const lost = chain.filter(({ member }) => member !== undefined);
  const long = lost.filter(({ began }) => now - began >= LOST_AFTER);
  const members = long.map(({ member }) => member).filter((member) => member !== undefined);
  const incidents = [...new Set(chain.flatMap((loss) => loss.incidents))];
  const [joint] = incidents.filter(isJoint).sort((left, right) => left.began - right.began);
  if (members.length >= TOGETHER.clusters || (joint !== undefined && members.length > 0)) {
    const key = joint?.key ?? `${JOINT}${chain[0]?.began}`;
    const takes = incidents.map((incident) => incident.key);
    const isFleet = members.length === fleet;
    return [{ key, rule: 'cluster-unreachable', severity: 'critical', members, takes, isFleet }];
  }
  // Enough of them are lost, though not for long: within a minute it is one card, or they are back.
  const isHeld = lost.length >= TOGETHER.clusters;
  return long
    .filter((loss) => !isHeld || loss.incidents.length > 0)
    .flatMap(({ member }) => (member === undefined ? [] : [alone(member)]));
}

function alone(member: Episode): Candidate {
  return { key: member.key, rule: 'cluster-unreachable', severity: 'warning', members: [member] };
}

function isJoint({ key }: Incident): boolean {
  return key.startsWith(JOINT);
}
