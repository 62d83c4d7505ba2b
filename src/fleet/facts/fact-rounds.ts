import { sameJson } from '../../base/canonical-json.ts';
import type { EntityClaim } from '../../live/claim.ts';
import type { ToldEntity, ToldFact } from '../../live/facts.ts';
import type { LiveTold } from '../../live/live-reader.ts';
import type { MatchedHoldings } from '../matching/matched-holdings.ts';
import { isWorkloadKind } from '../matching/matches.ts';
import { entityFacts, type EntityFacts, factsAfterPods } from './entity-facts.ts';
import { CellReader } from '../running/cell-reader.ts';
import type { FactLook } from './running-part.ts';
import { Surroundings } from './surroundings.ts';
import { type RanAt, ToldFacts } from './told-facts.ts';

/** Changes are looked at when this old, ms: what comes and goes within it is never told. */
const DEBOUNCE_MS = 20_000;
/** Some facts grow older by themselves: all are looked at this often, ms. */
const WHOLE_MS = 3_600_000;
/** How long clusters may take to be read before the first look, ms: what is found of a part of them would be written and be wrong. */
const SETTLE_MS = 300_000;
/** Kinds of which nothing is a fact. */
const told: ReadonlySet<string> = new Set(['Event', 'ConfigMap', 'Namespace', 'Node', 'ResourceQuota']);

/** What changed somewhere: pods alone, or also what makes them and stands around them. */
type Change = 'pods' | 'anything';

/** Entities and what changed where they run. */
type Refs = ReadonlyMap<string, Change>;

/** Workloads, or entities, that are passed between two looks at the clock while it is found out who is to be looked at. */
const PASSED = 100;

const nothing: EntityFacts = new Map();

/**
 * Which entities are to be looked at anew, and what was told of each. A round takes up all changes that came before it and goes on in
 * steps, so that questions are answered between them.
 */
export class FactRounds {
  readonly #holdings: MatchedHoldings;
  readonly #now: () => number;
  readonly #told = new ToldFacts();
  /** What changed, by cluster and namespace; `anything`: anywhere in the cluster. */
  readonly #places = new Map<string, Map<string, Change> | 'anything'>();
  /** Finds out, in steps, whom what changed is about. */
  #finding: Iterator<void, Refs> | undefined;
  /** By cluster, the words of the namespaces in which that is. */
  readonly #changed = new Map<string, Map<number, Change> | 'anything'>();
  /** Entities of the round that are still to be looked at. */
  #left: (readonly [ref: string, change: Change])[] = [];
  readonly #surroundings: Surroundings;
  readonly #cells: CellReader;
  /** When the oldest change came that no round took up, and when the last round of all entities began; ms since 1970. */
  #since: number | undefined;
  #wholeAt: number | undefined;
  #startedAt: number | undefined;
  #isAll = false;
  #isWhole = false;

  constructor(holdings: MatchedHoldings, now: () => number) {
    this.#holdings = holdings;
    this.#now = now;
    this.#surroundings = new Surroundings(holdings);
    this.#cells = new CellReader(holdings.words);
    holdings.words.onForget((id) => {
      this.#surroundings.forget(id);
      // Nothing is there any more.
      for (const ids of this.#changed.values()) if (ids !== 'anything') ids.delete(id);
    });
  }

  /** Whether every entity was told of since `restart`. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Everything is to be told from the beginning. */
  restart(): void {
    this.#told.clear();
    this.#left = [];
    this.#finding = undefined;
    this.#isWhole = false;
    this.#wholeAt = undefined;
    this.#startedAt = this.#now();
  }

  /** Other entities, or other claims: any workload may belong to another one. */
  claimsChanged(): void {
    this.#isAll = true;
    this.#since ??= this.#now();
  }

  /** Takes note of what changed. */
  note(change: LiveTold): void {
    if (change.type === 'relist') {
      this.claimsChanged();
      return;
    }
    for (const { cluster, kind, namespace = '' } of change.objects) {
      if (told.has(kind)) continue;
      let known = this.#places.get(cluster);
      if (known === undefined) this.#places.set(cluster, (known = new Map()));
      if (known === 'anything') continue;
      const before = known.get(namespace);
      if (before === undefined || kind !== 'Pod') known.set(namespace, kind === 'Pod' ? 'pods' : 'anything');
    }
    for (const cluster of change.clusters) this.#places.set(cluster, 'anything');
    if (this.#places.size > 0) this.#since ??= this.#now();
  }

  /** Begins a round where one is due. @returns whether one goes on */
  begin(): boolean {
    if (this.#left.length > 0 || this.#finding !== undefined) return true;
    const now = this.#now();
    if (this.#wholeAt === undefined ? !this.#isSettled(now) : !this.#isDue(now, this.#wholeAt)) return false;
    const isAll = this.#isAll || this.#wholeAt === undefined || now - this.#wholeAt > WHOLE_MS;
    if (isAll) {
      this.#wholeAt = now;
      this.#left = [...this.#everybody()];
    } else {
      this.#finding = this.#touched();
    }
    this.#isAll = false;
    this.#places.clear();
    this.#since = undefined;
    this.#isWhole ||= isAll && this.#left.length === 0;
    return this.#left.length > 0 || this.#finding !== undefined;
  }

  /**
   * Looks at the next entities of the round.
   *
   * @param isOver when to stop
   * @returns what is to be told of them
   */
  step(isOver: () => boolean): readonly ToldEntity[] {
    const entities: ToldEntity[] = [];
    const look = {
      holdings: this.#holdings,
      cells: this.#cells,
      surroundings: this.#surroundings,
      now: this.#now(),
    };
    do {
      if (this.#finding !== undefined) {
        const { done, value } = this.#finding.next();
        if (done !== true) continue;
        this.#finding = undefined;
        this.#left = [...value];
      }
      const next = this.#left.pop();
      if (next === undefined) break;
      const entity = this.#lookAt(look, ...next);
      if (entity !== undefined) entities.push(entity);
    } while (!isOver());
    if (this.#left.length === 0 && this.#finding === undefined) this.#isWhole = true;
    return entities;
  }

  #lookAt(look: FactLook, ref: string, change: Change): ToldEntity | undefined {
    const claim = this.#holdings.matches.claim(ref);
    const before = this.#told.of(ref);
    const isSame = change === 'pods' && before !== undefined;
    const found = (own: EntityClaim): EntityFacts =>
      isSame ? factsAfterPods(look, own, before) : entityFacts(look, own);
    const now = claim === undefined ? nothing : found(claim);
    const facts = differences(before ?? nothing, now);
    if (facts.length === 0) return undefined;
    this.#told.set(ref, now);
    return { ref, isFull: before === undefined, facts };
  }

  #isDue(now: number, wholeAt: number): boolean {
    if (now - wholeAt > WHOLE_MS) return true;
    return this.#since !== undefined && Math.abs(now - this.#since) >= DEBOUNCE_MS;
  }

  /** Whether clusters are read, or cannot be: the first look would else find less than there is. */
  #isSettled(now: number): boolean {
    if (this.#startedAt === undefined || !this.#isAll) return false;
    if (Math.abs(now - this.#startedAt) > SETTLE_MS) return true;
    for (const cluster of this.#holdings.clusters.values())
      for (const kind of cluster.kinds.values()) if (isWorkloadKind(kind) && kind.state === 'stale') return false;
    return this.#holdings.clusters.size > 0;
  }

  #everybody(): Map<string, Change> {
    const refs = new Map<string, Change>();
    for (const [ref] of this.#told.ranAt()) refs.set(ref, 'anything');
    for (const { ref } of this.#holdings.matches.claims()) refs.set(ref, 'anything');
    return refs;
  }

  /** Entities that run, or ran, where something changed; and those that run nowhere, where clusters did. Yields now and then. */
  #touched(): Iterator<void, Refs> {
    const places = new Map(this.#places);
    const { words } = this.#holdings;
    this.#changed.clear();
    for (const [cluster, names] of places) {
      const ids =
        names === 'anything' ? names : new Map(Array.from(names, ([name, change]) => [words.find(name), change]));
      this.#changed.set(cluster, ids);
    }
    return this.#refsIn(places);
  }

  *#refsIn(places: ReadonlyMap<string, ReadonlyMap<string, Change> | 'anything'>): Generator<void, Refs> {
    const refs = new Map<string, Change>();
    const note = (ref: string, change: Change | undefined): void => {
      if (change === 'anything' || (change === 'pods' && !refs.has(ref))) refs.set(ref, change);
    };
    let passed = 0;
    for (const { place, row, matches: own } of this.#holdings.matches.workloads('all')) {
      if (++passed % PASSED === 0) yield;
      const ids = this.#changed.get(place.cluster.name);
      if (ids === undefined) continue;
      const change = ids === 'anything' ? ids : ids.get(place.shard.namespace(row));
      if (change !== undefined) for (const { claim } of own) note(claim.ref, change);
    }
    const isClusterChanged = places.values().some((own) => own === 'anything');
    for (const [ref, ranAt] of this.#told.ranAt()) {
      if (++passed % PASSED === 0) yield;
      if (ranAt === undefined) note(ref, isClusterChanged ? 'anything' : undefined);
      else if (refs.get(ref) !== 'anything') noteFormer(places, ranAt, (change) => note(ref, change));
    }
    return refs;
  }
}

/** Tells what changed where an entity ran when it was last looked at. */
function noteFormer(
  places: ReadonlyMap<string, ReadonlyMap<string, Change> | 'anything'>,
  { clusters, namespaces }: RanAt,
  note: (change: Change | undefined) => void,
): void {
  for (const cluster of clusters) {
    const own = places.get(cluster);
    if (own === 'anything') note(own);
    else if (own !== undefined) for (const namespace of namespaces) note(own.get(namespace));
  }
}

function differences(before: EntityFacts, now: EntityFacts): readonly ToldFact[] {
  const changed: ToldFact[] = [];
  for (const [path, fact] of now) {
    const known = before.get(path);
    if (known === undefined || known.error !== fact.error || !sameJson(known.value, fact.value))
      changed.push({ path, ...fact });
  }
  for (const path of before.keys()) if (!now.has(path)) changed.push({ path });
  return changed;
}
