import type { LiveScope } from '../../live/live-reader.ts';
import type { FindingsBook } from '../findings/findings-book.ts';
import type { HeldCluster } from '../held-cluster.ts';
import type { MatchedHoldings } from '../matching/matched-holdings.ts';
import type { MatchedRow } from '../matching/matches.ts';
import { placeIn } from '../object-query.ts';
import { type ClusterNews, correlate } from './correlate.ts';
import { continued, type Episode, QUIET, troublesOf } from './episode.ts';
import { type Cause, endedIfQuiet, goneOn, type Incident, takenUp } from './incident.ts';
import { lostClusters } from './lost-clusters.ts';

/** Every cluster is looked at about this often, ms. */
const ROUND_MS = 10_000;
/** Incidents that are over and kept, and for how long, seconds. */
const MOST_ENDED = 200;
/** Incidents that wait to be told on. */
const MOST_NEWS = 1_000;
const KEPT = 30 * 86_400;
/** A change is the likely cause of what begins so long after it, and a little before it was told; it is sought for so long, seconds. */
const CAUSE = { before: 900, after: 120, sought: 1_800 };
/** Workloads of these kinds are counted where a share of a cluster's is meant. */
const counted = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;

const all: LiveScope = 'all';

/** What fails together in the fleet. Clusters are looked at a few at a time, so that nobody waits. */
export class IncidentBook {
  readonly #holdings: MatchedHoldings;
  readonly #findings: FindingsBook;
  readonly #now: () => number;
  /** By name of the cluster, then by key. */
  readonly #episodes = new Map<string, Map<string, Episode>>();
  #incidents: readonly Incident[] = [];
  #round: HeldCluster[] = [];
  #roundAt = Number.NEGATIVE_INFINITY;
  /** The steps in which incidents are worked out after a round. */
  #correlation: Iterator<void> | undefined;
  #checkedAt: number | undefined;
  #changes = 0;
  #news: readonly Incident[] = [];

  /** @param now ms since 1970 */
  constructor(holdings: MatchedHoldings, findings: FindingsBook, now: () => number) {
    this.#holdings = holdings;
    this.#findings = findings;
    this.#now = now;
  }

  /** All that are kept: those that go on, and those that ended. */
  get incidents(): readonly Incident[] {
    return this.#incidents;
  }

  /** When all clusters had been looked at last, ms since 1970; undefined: not yet. */
  get checkedAt(): number | undefined {
    return this.#checkedAt;
  }

  /** Another number when an incident came, changed or ended. */
  get changes(): number {
    return this.#changes;
  }

  /** Incidents that came, grew or ended since this was last asked. */
  takeNews(): readonly Incident[] {
    const news = this.#news;
    this.#news = [];
    return news;
  }

  /** Takes up incidents that were kept; what goes on is found again by itself. */
  restore(incidents: readonly Incident[]): void {
    const open = new Set(incidents.filter(({ ended }) => ended === undefined).map(({ key }) => key));
    const ids = new Set(incidents.map(({ id }) => id));
    // What was found anew meanwhile began no later than it was known.
    const others = this.#incidents.filter(
      ({ id, key, ended }) => !ids.has(id) && !(ended === undefined && open.has(key)),
    );
    this.#incidents = [...others, ...incidents];
    // What was begun does not know of them.
    this.#correlation = undefined;
  }

  /** Looks at the next clusters until it is over, at one at least; after the last the incidents are worked out. To be called many times a second. */
  look(isOver: () => boolean): void {
    do {
      if (this.#correlation !== undefined) this.#goOn(this.#correlation);
      else if (!this.#lookAtNext()) return;
    } while (!isOver());
  }

  /** Looks at all clusters at once, as a round of `look`. */
  lookAtAll(): void {
    this.#round = [];
    for (const cluster of this.#holdings.clusters.values()) this.#lookAt(cluster);
    this.#correlation = this.#correlate();
    while (this.#correlation !== undefined) this.#goOn(this.#correlation);
  }

  /** @returns false when it is too early for the next round */
  #lookAtNext(): boolean {
    if (this.#round.length === 0) {
      const now = this.#now();
      if (Math.abs(now - this.#roundAt) < ROUND_MS) return false;
      this.#roundAt = now;
      this.#round = [...this.#holdings.clusters.values()];
    }
    const cluster = this.#round.pop();
    if (cluster !== undefined) this.#lookAt(cluster);
    if (this.#round.length === 0) this.#correlation = this.#correlate();
    return true;
  }

  #goOn(correlation: Iterator<void>): void {
    if (correlation.next().done === true) this.#correlation = undefined;
  }

  get #seconds(): number {
    return Math.floor(this.#now() / 1000);
  }

  #lookAt(cluster: HeldCluster): void {
    if (this.#holdings.clusters.get(cluster.name) !== cluster || isBeingRead(cluster)) return;
    const now = this.#seconds;
    const known = this.#episodes.get(cluster.name) ?? new Map<string, Episode>();
    // Of a cluster that does not answer nobody knows whether it goes on: what was known stays for a while.
    const found =
      cluster.state.state === 'unreachable' ? new Map() : troublesOf(cluster, this.#findings.of(cluster), now);
    for (const [key, episode] of found as ReadonlyMap<string, Episode>) {
      const before = known.get(key);
      known.set(key, before === undefined ? episode : continued(before, episode));
    }
    for (const [key, { seen }] of known) if (now - seen > QUIET) known.delete(key);
    this.#episodes.set(cluster.name, known);
  }

  /** Works out the incidents, and yields between two of them. */
  *#correlate(): Generator<void> {
    const now = this.#seconds;
    this.#checkedAt = this.#now();
    for (const name of this.#episodes.keys()) if (!this.#holdings.clusters.has(name)) this.#episodes.delete(name);
    const episodes = [...this.#episodes.values()].flatMap((byKey) => [...byKey.values()]);
    const open = new Map(this.#incidents.filter(({ ended }) => ended === undefined).map((each) => [each.key, each]));
    const clusters = this.#clusterNews();
    const candidates = [...correlate(episodes, clusters), ...lostClusters(clusters, open.values(), now)];
    yield;
    const parts = candidates.flatMap((candidate) => takenUp(open, candidate, now));
    const byKey = Map.groupBy(episodes, ({ key }) => key);
    for (const [key, incident] of open) {
      const own = byKey.get(key) ?? [];
      const grown = own.length === 0 ? incident : goneOn(incident, { ...incident, members: own });
      open.set(key, this.#explained(endedIfQuiet(grown, now)));
      yield;
    }
    this.#keep([...open.values(), ...parts], now);
  }

  #keep(current: readonly Incident[], now: number): void {
    const ids = new Set(current.map(({ id }) => id));
    const before = new Map(this.#incidents.map((incident) => [incident.id, incident]));
    const ended = this.#incidents.filter(({ id, ended: at }) => at !== undefined && !ids.has(id) && now - at < KEPT);
    const news = current.filter((incident) => isNews(before.get(incident.id), incident));
    if (news.length > 0) this.#changes += 1;
    this.#news = [...this.#news, ...news].slice(-MOST_NEWS);
    this.#incidents = [...current, ...ended.slice(0, MOST_ENDED)];
  }

  /** Says whose it is, and looks for a change that reached all regions just before. */
  #explained(incident: Incident): Incident {
    if (incident.ended !== undefined && incident.entities.length > 0) return incident;
    const rows = this.#rowsOf(incident.members);
    const entities = new Set(incident.entities);
    for (const { matches } of rows) for (const { claim } of matches) entities.add(claim.ref);
    const isOne = incident.rule === 'oom-cycle' || incident.rule === 'workload-in-clusters';
    const mayBeFound = isOne && this.#seconds - incident.began < CAUSE.sought;
    const cause = incident.cause ?? (mayBeFound ? this.#causeOf(incident) : undefined);
    return { ...incident, entities: [...entities].slice(0, isOne ? 5 : 50), cause };
  }

  #rowsOf(members: readonly Pick<Episode, 'cluster' | 'kind' | 'namespace' | 'name'>[]): readonly MatchedRow[] {
    const { clusters, words, matches } = this.#holdings;
    const rows: MatchedRow[] = [];
    for (const { cluster: name, kind: id, namespace, name: workload } of members) {
      const cluster = clusters.get(name);
      const kind = cluster?.kinds.get(id);
      const row = kind?.shard?.find(namespace === undefined ? 0 : words.find(namespace), workload) ?? -1;
      if (cluster === undefined || kind?.shard === undefined || row < 0) continue;
      const place = placeIn(words, { cluster, kind, shard: kind.shard }, all);
      rows.push({ place, row, matches: matches.matchesOf(kind, row) });
    }
    return rows;
  }

  /** The change may have reached more clusters than fail: those that do well are looked at too. */
  #causeOf({ began, members }: Incident): Cause | undefined {
    const [first] = members;
    if (first === undefined) return undefined;
    const everywhere = Array.from(this.#holdings.clusters.keys(), (cluster) => ({ ...first, cluster }));
    const rows = this.#rowsOf(everywhere);
    for (const { rule, since, message, evidence } of this.#findings.across(rows)) {
      if (rule !== 'unstaged-change' || since === undefined) continue;
      if (since < began - CAUSE.before || since > began + CAUSE.after) continue;
      const clusters = Array.isArray(evidence['clusters']) ? (evidence['clusters'] as readonly string[]) : [];
      return { text: message, at: since, clusters };
    }
    return undefined;
  }

  #clusterNews(): readonly ClusterNews[] {
    return Array.from(this.#holdings.clusters.values(), ({ name, face, state, since, kinds }): ClusterNews => {
      const workloads = counted.reduce((sum, id) => sum + (kinds.get(id)?.shard?.size ?? 0), 0);
      const isLost = state.state === 'unreachable' && state.asOf !== undefined;
      const lost = isLost ? { unreachableSince: Math.floor(since / 1000), reason: state.reason } : {};
      return { cluster: name, region: face.labels['region'], workloads, isKnown: state.asOf !== undefined, ...lost };
    });
  }
}

/** Whether it is read for the first time, or shown as it was saved: what belongs together is not there together yet, or not of now. */
function isBeingRead({ kinds }: HeldCluster): boolean {
  return kinds.values().some(({ state, asOf, isSaved }) => state === 'stale' && (asOf === undefined || isSaved));
}

/** What is worth to be written down: that it came or ended, who is part of it, whether all clusters are, and its cause. */
function isNews(before: Incident | undefined, { ended, members, rule, cause, isFleet }: Incident): boolean {
  return (
    before === undefined ||
    before.ended !== ended ||
    before.rule !== rule ||
    (before.isFleet ?? false) !== (isFleet ?? false) ||
    before.members.length !== members.length ||
    before.cause?.text !== cause?.text
  );
}
