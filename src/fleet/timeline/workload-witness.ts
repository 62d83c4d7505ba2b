import type { Layout } from '../columns.ts';
import { noCount } from '../columns.ts';
import { isWorkloadKind } from '../matching/matches.ts';
import type { MatchedHoldings } from '../matching/matched-holdings.ts';
import { noWord } from '../words.ts';
import { autoscalerOf } from './autoscalers.ts';
import type { EntryLimit } from './entry-limit.ts';
import { keyOfPlace, placeOfRow, type EntryParts, type Journal, type WorkloadPlace } from './journal.ts';
import { uidOf, type RowWitness, type SeenRow } from './row-witness.ts';
import { SlotWatch } from './slot-watch.ts';
import { imageDifference, isConfigOnly, templateDifference } from './template-difference.ts';

const columns = [
  'generation',
  'observedGeneration',
  'desired',
  'updated',
  'current',
  'paused',
  'suspended',
  'images',
  'template',
  'revision',
  'updateRevision',
  'health',
] as const;
const at = Object.fromEntries(columns.map((name, index) => [name, index])) as Record<(typeof columns)[number], number>;

/** Kinds that bring a new template out pod by pod. */
const rolling: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);
/** Kinds that come and go too often, by themselves or with each build, to tell of. */
const passing: ReadonlySet<string> = new Set(['Job']);

/** What a witness of workloads tells with. */
export interface WorkloadWitnessParts {
  readonly holdings: MatchedHoldings;
  readonly journal: Journal;
  readonly limit: EntryLimit;
  readonly now: () => number;
  /** The health of a workload may be another one. */
  readonly onHealth: (place: WorkloadPlace, since: number | undefined) => void;
}

interface Rollout {
  readonly id: string;
  /** Its controller will give it a revision, which is no rollout of its own. */
  awaitsRevision: boolean;
}

/** Sees workloads of one kind change: templates, images, replicas, pauses; and tells of it. */
export class WorkloadWitness implements RowWitness {
  readonly #parts: WorkloadWitnessParts;
  readonly #kind: string;
  readonly #watch: SlotWatch;
  /** Under way, by workload. */
  readonly #rollouts = new Map<string, Rollout>();

  constructor(layout: Layout, parts: WorkloadWitnessParts) {
    this.#parts = parts;
    this.#kind = layout.kind.id;
    this.#watch = new SlotWatch(layout, columns);
  }

  before(shard: SeenRow['shard'], row: number): void {
    this.#watch.note(shard, row);
  }

  changed(seen: SeenRow, since: number | undefined): void {
    const watch = this.#watch;
    if (passing.has(this.#kind) || !watch.compare(seen.shard, seen.row) || this.#isOwned(seen)) return;
    const place = placeOfRow(seen, this.#parts.holdings.words);
    if (rolling.has(this.#kind)) this.#followRollout(seen, place, since);
    else if (watch.isOther(at.images) || watch.isOther(at.template)) this.#beginRollout(seen, place, since, false);
    if (watch.isOther(at.desired) && this.#kind !== 'DaemonSet') this.#scaled(seen, place, since);
    if (watch.isOther(at.paused)) this.#switched(seen, place, since, at.paused, 'Rollout of');
    if (watch.isOther(at.suspended)) this.#switched(seen, place, since, at.suspended, this.#kind);
    if (watch.isOther(at.health)) this.#parts.onHealth(place, since);
  }

  came(seen: SeenRow): void {
    if (passing.has(this.#kind) || this.#isOwned(seen)) return;
    const place = placeOfRow(seen, this.#parts.holdings.words);
    const created = this.#number(seen, 'created') * 1000;
    this.#tell('created', place, {
      id: `created ${uidOf(seen)}`,
      at: Number.isNaN(created) ? this.#parts.now() : created,
      title: `${this.#kind} ${place.name} created`,
      data: { images: this.#word(seen, 'images').split('\n') },
    });
    this.#parts.onHealth(place, undefined);
  }

  goes(seen: SeenRow, since: number | undefined): void {
    if (passing.has(this.#kind) || this.#isOwned(seen)) return;
    const place = placeOfRow(seen, this.#parts.holdings.words);
    this.#rollouts.delete(keyOfPlace(place));
    const parts = { id: `deleted ${uidOf(seen)}`, at: this.#parts.now(), since };
    this.#parts.journal.addNow(place, { ...parts, kind: 'deleted', title: `${this.#kind} ${place.name} deleted` });
  }

  #followRollout(seen: SeenRow, place: WorkloadPlace, since: number | undefined): void {
    const watch = this.#watch;
    const key = keyOfPlace(place);
    const known = this.#rollouts.get(key);
    const hasRevision = watch.isOther(at.revision) || watch.isOther(at.updateRevision);
    if (watch.isOther(at.images) || watch.isOther(at.template)) {
      this.#beginRollout(seen, place, since, !hasRevision && this.#kind !== 'DaemonSet');
    } else if (known?.awaitsRevision === true && hasRevision) {
      known.awaitsRevision = false;
    } else if (hasRevision || (this.#kind === 'DaemonSet' && watch.isOther(at.generation))) {
      this.#beginRollout(seen, place, since, false);
    } else if (known === undefined && isUnderWay(watch.before)) {
      // It began before this server did.
      this.#rollouts.set(key, { id: rolloutId(seen, watch.before), awaitsRevision: false });
    }
    this.#endRollout(key);
  }

  #beginRollout(seen: SeenRow, place: WorkloadPlace, since: number | undefined, awaitsRevision: boolean): void {
    const id = rolloutId(seen, this.#watch.after);
    const isRolling = rolling.has(this.#kind);
    if (isRolling) this.#rollouts.set(keyOfPlace(place), { id, awaitsRevision });
    const parts = { id, at: this.#parts.now(), since };
    const replicas = { isRolling, ...this.#replicas() };
    const changes = this.#templateChanges();
    if (this.#watch.isOther(at.images)) {
      const { from, to } = imageDifference(this.#wordBefore(at.images), this.#wordAfter(at.images));
      const others = changes.filter(({ what }) => !what.startsWith('image of '));
      const data = { from, to, changes: others.map((change) => ({ ...change })), ...replicas };
      this.#tell('image', place, { ...parts, title: `Image of ${place.name}: ${from} → ${to}`, data });
      return;
    }
    const kind = isConfigOnly(changes) ? 'config' : 'rollout';
    const named = changes.map(({ what, from, to }) => (from && to ? `${what} ${from} → ${to}` : what));
    const said = named.length === 0 ? 'restarted, or values that are not shown changed' : named.slice(0, 3).join(', ');
    const title = `${kind === 'config' ? 'Configuration' : 'Rollout'} of ${place.name}: ${said}`;
    this.#tell(kind, place, {
      ...parts,
      title,
      data: { changes: changes.map((change) => ({ ...change })), ...replicas },
    });
  }

  #endRollout(key: string): void {
    const rollout = this.#rollouts.get(key);
    if (rollout === undefined || !isDone(this.#watch.after)) return;
    this.#rollouts.delete(key);
    this.#parts.journal.end(rollout.id, this.#parts.now(), { isRolling: false, ...this.#replicas() });
  }

  #scaled(seen: SeenRow, place: WorkloadPlace, since: number | undefined): void {
    const [from, to] = [countIn(this.#watch.before, at.desired), countIn(this.#watch.after, at.desired)];
    if (from === undefined || to === undefined) return;
    const autoscaler = autoscalerOf(this.#parts.holdings, seen);
    this.#tell('scale', place, {
      id: `scale ${uidOf(seen)} ${countIn(this.#watch.after, at.generation) ?? this.#parts.now()}`,
      at: this.#parts.now(),
      since,
      title: `${place.name} scaled ${from} → ${to}`,
      actor: autoscaler === undefined ? undefined : `HorizontalPodAutoscaler ${autoscaler}`,
      data: { from: String(from), to: String(to) },
    });
  }

  #switched(seen: SeenRow, place: WorkloadPlace, since: number | undefined, column: number, what: string): void {
    const isOn = countIn(this.#watch.after, column) === 1;
    if (isOn === (countIn(this.#watch.before, column) === 1)) return;
    const on = column === at.paused ? 'paused' : 'suspended';
    this.#tell('rollout', place, {
      id: `${on} ${uidOf(seen)} ${countIn(this.#watch.after, at.generation) ?? this.#parts.now()}`,
      at: this.#parts.now(),
      since,
      title: `${what} ${place.name} ${isOn ? on : 'resumed'}`,
      data: { from: isOn ? 'active' : on, to: isOn ? on : 'active' },
    });
  }

  #tell(kind: string, place: WorkloadPlace, parts: Omit<EntryParts, 'kind'>): void {
    const taken = this.#parts.limit.take(`${kind} ${keyOfPlace(place)}`, this.#parts.now());
    if (taken === 'left out') return;
    const data = taken === 'last' ? { ...parts.data, isFrequent: true } : parts.data;
    this.#parts.journal.add(place, { ...parts, kind, data });
  }

  /** What makes it tells of it: another workload that is read. */
  #isOwned(seen: SeenRow): boolean {
    const owner = this.#word(seen, 'ownerKind');
    if (owner === '') return false;
    for (const { kind } of this.#parts.holdings.layouts.values()) {
      if (kind.kind === owner && isWorkloadKind({ kind })) return true;
    }
    return false;
  }

  #templateChanges(): ReturnType<typeof templateDifference> {
    return templateDifference(this.#wordBefore(at.template), this.#wordAfter(at.template));
  }

  #replicas(): { readonly updated: number | null; readonly desired: number | null } {
    const { after } = this.#watch;
    return { updated: countIn(after, at.updated) ?? null, desired: countIn(after, at.desired) ?? null };
  }

  #wordBefore(column: number): string {
    return this.#parts.holdings.words.text(this.#watch.before[column] ?? noWord);
  }

  #wordAfter(column: number): string {
    return this.#parts.holdings.words.text(this.#watch.after[column] ?? noWord);
  }

  #word({ shard, row }: SeenRow, column: string): string {
    return this.#parts.holdings.words.text(shard.slot(row, shard.layout.byName.get(column)?.at ?? 0));
  }

  #number({ shard, row }: SeenRow, column: string): number {
    const place = shard.layout.byName.get(column);
    return place === undefined ? Number.NaN : shard.number(row, place);
  }
}

/** One template of one object has one generation, whoever sees it. */
function rolloutId(seen: SeenRow, cells: Float64Array): string {
  return `rollout ${uidOf(seen)} ${countIn(cells, at.generation) ?? 0}`;
}

function countIn(cells: Float64Array, column: number): number | undefined {
  const slot = cells[column] ?? noCount;
  return slot === noCount ? undefined : slot | 0;
}

function isUnderWay(cells: Float64Array): boolean {
  const [updated, desired] = [countIn(cells, at.updated), countIn(cells, at.desired)];
  return updated !== undefined && desired !== undefined && updated < desired;
}

/** The controller has seen it, and all pods are of the newest template. */
function isDone(cells: Float64Array): boolean {
  const [generation, observed] = [countIn(cells, at.generation) ?? 0, countIn(cells, at.observedGeneration) ?? 0];
  const desired = countIn(cells, at.desired);
  return observed >= generation && countIn(cells, at.updated) === desired && countIn(cells, at.current) === desired;
}
