import type { DomainContext } from '../manifest/manifest.ts';
import type { LocationState } from '../model/location.ts';
import type { Write, WriteOutcome } from '../store/store.ts';
import { duplicateRef } from './descriptor.ts';
import type { Finding } from './finding.ts';
import { ProblemBook } from './problem-book.ts';
import type { CatalogSource, LocationReading, SourceEvent } from './source.ts';
import { isOrphaned, orphanWrites } from './orphans.ts';
import { wholeView } from '../graph/whole-view.ts';
import { refsAt } from './refs-at.ts';

/** The fingerprint of a location that must be read again. */
const STALE = 'stale';
/** Locations with longer refs cannot be stored; file systems allow them all the same. */
const MAX_REF_BYTES = 1_900;

/** What a write did to an entity. */
export interface EntityChange {
  readonly ref: string;
  readonly change: 'created' | 'updated' | 'deleted';
}

/** How the ingester treats what goes. */
export interface IngesterOptions {
  readonly sources: readonly CatalogSource[];
  /** True where entities that no location leads to any more stay, marked as orphans. */
  readonly keepsOrphans: boolean;
}

/** What one location changes. */
interface LocationPlan {
  readonly location: string;
  /** Absent: the location is gone. */
  readonly reading: LocationReading | undefined;
  /** Refs that it loses. */
  readonly removed: readonly string[];
  /** Refs that it holds on to although it does not declare them rightly now. */
  readonly kept: number;
  /** True when another location may own one of the refs: then problems are written after the store has decided. */
  readonly isContested: boolean;
}

/**
 * Brings what the sources tell into the store: one transaction a batch, whole locations at a time. Only this writes
 * entities, locations and their problems, one batch after the other, so what it read in the cache before a write is
 * still so.
 */
export class Ingester {
  readonly problems: ProblemBook;
  readonly #context: DomainContext;
  readonly #keepsOrphans: boolean;
  #sources: readonly CatalogSource[];
  readonly #locations: Map<string, LocationState>;
  /** Ids of the sources that also have a location which another one holds. */
  readonly #waiting = new Map<string, Set<string>>();
  readonly #listeners = new Set<(location: string, changes: readonly EntityChange[]) => void>();
  #turn: Promise<unknown> = Promise.resolve();

  /** @param options sources in the order of the configuration: where two read the same file, the first has it */
  constructor(context: DomainContext, { sources, keepsOrphans }: IngesterOptions) {
    const view = wholeView(context.graph);
    this.#context = context;
    this.#sources = sources;
    this.#keepsOrphans = keepsOrphans;
    this.#locations = new Map(view.locations().map((state) => [state.ref, state]));
    this.problems = new ProblemBook(view.problems());
  }

  known(location: string): LocationState | undefined {
    return this.#locations.get(location);
  }

  locations(): Iterable<LocationState> {
    return this.#locations.values();
  }

  /**
   * Calls `listener` after a location was written: lines of its entities may have moved, also without changes.
   * Returns the way to stop.
   */
  onLocation(listener: (location: string, changes: readonly EntityChange[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Changes which sources there are. Locations of one that is left out stay until they are removed. */
  setSources(sources: readonly CatalogSource[]): void {
    this.#sources = sources;
  }

  /** Writes what a source told. Batches of all sources take turns. */
  apply(source: CatalogSource, events: readonly SourceEvent[]): Promise<void> {
    return this.#inTurn(() => this.#apply(this.#accept(source, events), source.id));
  }

  /** Removes everything of locations, whoever told them, unless another source has them too. */
  remove(locations: readonly string[]): Promise<void> {
    return this.#inTurn(() => {
      const orphaned = locations.filter((location) => !this.#passOn(location));
      return this.#apply(new Map(orphaned.map((location) => [location, undefined])), '');
    });
  }

  /** Takes one entity out; its location is looked at again and brings it back where it still declares it. */
  removeEntity(ref: string): Promise<void> {
    return this.#inTurn(async () => {
      const view = wholeView(this.#context.graph);
      const id = view.find(ref);
      if (id === undefined) return;
      const { location } = view.declaration(id);
      const state = this.#locations.get(location);
      const writes: Write[] = [{ op: 'deleteEntity', ref, location }];
      if (state) writes.push({ op: 'putLocation', location: { ...state, fingerprint: STALE } });
      await this.#commit(writes);
      if (state) this.#refresh([state]);
    });
  }

  /** Writes problems, leases and the like that do not concern entities. */
  write(makeWrites: () => readonly Write[]): Promise<void> {
    return this.#inTurn(async () => {
      await this.#commit(makeWrites());
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    // A failed batch is its caller's matter; the next one has its turn all the same.
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** The last word on each location, of those that the source has a right to. */
  #accept(source: CatalogSource, events: readonly SourceEvent[]): ReadonlyMap<string, LocationReading | undefined> {
    const accepted = new Map<string, LocationReading | undefined>();
    for (const event of events) {
      if (event.type === 'read' && this.#mayTell(source, event.reading.location)) {
        accepted.set(event.reading.location, event.reading);
      } else if (event.type === 'gone' && this.#mayRemove(source, event.location)) {
        accepted.set(event.location, undefined);
      }
    }
    return accepted;
  }

  /** Of two sources that have a location the earlier one tells it; the other waits until that lets go. */
  #mayTell(source: CatalogSource, location: string): boolean {
    if (Buffer.byteLength(location) > MAX_REF_BYTES) {
      this.#context.log.error({ location: location.slice(0, 200) }, 'location has too long a name and is not read');
      return false;
    }
    const owner = this.#ownerOf(location);
    if (owner === undefined || owner === source) return true;
    const isFirst = this.#sources.indexOf(source) < this.#sources.indexOf(owner);
    const waiting = this.#waiting.get(location) ?? new Set();
    this.#waiting.set(location, waiting.add(isFirst ? owner.id : source.id));
    return isFirst;
  }

  #mayRemove(source: CatalogSource, location: string): boolean {
    this.#waiting.get(location)?.delete(source.id);
    return this.#ownerOf(location) === source && !this.#passOn(location);
  }

  /** Asks another source that has a location to tell it: its entities stay. False where there is none. */
  #passOn(location: string): boolean {
    const state = this.#locations.get(location);
    const waiting = this.#waiting.get(location);
    const heir = this.#sources.find(({ id }) => waiting?.has(id) && id !== state?.source);
    if (state === undefined || heir === undefined) return false;
    waiting?.delete(heir.id);
    this.#locations.set(location, { ...state, source: heir.id, fingerprint: STALE });
    heir.refresh([location]);
    return true;
  }

  #ownerOf(location: string): CatalogSource | undefined {
    const source = this.#locations.get(location)?.source;
    return this.#sources.find((candidate) => candidate.id === source);
  }

  async #apply(events: ReadonlyMap<string, LocationReading | undefined>, source: string): Promise<void> {
    if (events.size === 0) return;
    const plans = this.#plan(events);
    const writes: Write[] = [];
    const declared = new Set(plans.flatMap((plan) => plan.reading?.entities.map(({ ref }) => ref) ?? []));
    for (const plan of plans) writes.push(...this.#removals(plan, declared));
    const puts = new Map<LocationPlan, number>();
    for (const plan of plans) {
      puts.set(plan, writes.length);
      writes.push(...putEntities(plan, source));
    }
    const known = this.#knownRefs(writes);
    for (const plan of plans) if (!plan.isContested) writes.push(...this.#settle(plan, source, undefined));
    const contenders = this.#contenders(plans);
    for (const state of contenders) writes.push({ op: 'putLocation', location: { ...state, fingerprint: STALE } });
    const outcomes = await this.#commit(writes);
    const later = plans.flatMap((plan) => {
      const from = puts.get(plan) ?? 0;
      const own = outcomes.slice(from, from + (plan.reading?.entities.length ?? 0));
      const isDone = !plan.isContested && own.every((outcome) => outcome.status !== 'conflict');
      return isDone ? [] : this.#settle(plan, source, own);
    });
    await this.#commit(later);
    this.#refresh(contenders);
    const changes = entityChanges(writes, outcomes, known);
    for (const plan of plans) {
      for (const listener of this.#listeners) listener(plan.location, changes.get(plan.location) ?? []);
    }
  }

  /** Refs of the writes that are in the catalog before them. */
  #knownRefs(writes: readonly Write[]): ReadonlySet<string> {
    const view = wholeView(this.#context.graph);
    const refs = writes.flatMap((write) => (write.op === 'putEntity' ? [write.entity.ref] : []));
    return new Set(refs.filter((ref) => view.find(ref) !== undefined));
  }

  /** The writes that take out what a location has lost, and what orphans stand in the way of its entities. */
  #removals({ location, reading, removed }: LocationPlan, declared: ReadonlySet<string>): readonly Write[] {
    const view = wholeView(this.#context.graph);
    const writes = removed.map((ref): Write => ({ op: 'deleteEntity', ref, location }));
    if (this.#keepsOrphans) {
      for (const ref of removed) if (!declared.has(ref)) writes.push(...orphanWrites(view, ref));
    }
    for (const { ref } of reading?.entities ?? []) {
      const id = view.find(ref);
      const owner = id === undefined ? location : view.declaration(id).location;
      // Nobody reads the location of an orphan any more: whoever declares its ref has it.
      if (isOrphaned(owner)) writes.push({ op: 'deleteEntity', ref, location: owner });
    }
    return writes;
  }

  #plan(events: ReadonlyMap<string, LocationReading | undefined>): readonly LocationPlan[] {
    const view = wholeView(this.#context.graph);
    const removedRefs = new Set<string>();
    const drafts = [...events].map(([location, reading]) => {
      const entities = this.#locations.get(location)?.entities ?? 0;
      const owned = entities > 0 ? refsAt(this.#context.graph, location) : [];
      const declared = new Set(reading?.entities.map((entity) => entity.ref));
      const missing = owned.filter((ref) => !declared.has(ref));
      const isKept = (ref: string): boolean =>
        reading !== undefined && (reading.hasUnreadable || reading.invalidRefs.includes(ref));
      const removed = missing.filter((ref) => !isKept(ref));
      for (const ref of removed) removedRefs.add(ref);
      return { location, reading, removed, kept: missing.length - removed.length, owned: new Set(owned) };
    });
    const taken = new Set<string>();
    return drafts.map(({ owned, ...draft }) => {
      let isContested = false;
      for (const { ref } of draft.reading?.entities ?? []) {
        const isForeign = !owned.has(ref) && !removedRefs.has(ref) && view.find(ref) !== undefined;
        isContested ||= isForeign || taken.has(ref);
        taken.add(ref);
      }
      return { ...draft, isContested };
    });
  }

  /** The location row and the problems of a plan. Without outcomes nothing was contested. */
  #settle(plan: LocationPlan, source: string, outcomes: readonly WriteOutcome[] | undefined): readonly Write[] {
    const { location, reading } = plan;
    const now = this.#context.clock.now();
    if (reading === undefined) {
      const writes = this.problems.replace({ source, location, now }, [], () => true);
      return [...writes, { op: 'deleteLocation', ref: location }];
    }
    const conflicts: Finding[] = [];
    for (const [index, outcome] of (outcomes ?? []).entries()) {
      const entity = reading.entities[index];
      if (outcome.status !== 'conflict' || entity === undefined) continue;
      const place = { line: entity.line, column: 1 };
      conflicts.push(duplicateRef(entity.ref, outcome.owner.location, outcome.owner.line, place));
    }
    const findings = [...reading.findings, ...conflicts];
    const isOwn = (code: string): boolean => code !== 'dangling-relation';
    return [
      ...this.problems.replace({ source, location, now }, findings, (problem) => isOwn(problem.code)),
      {
        op: 'putLocation',
        location: {
          ref: location,
          source,
          ...(reading.parent !== undefined && { parent: reading.parent }),
          parentEntity: reading.parentEntity,
          fingerprint: reading.fingerprint,
          entities: plan.kept + reading.entities.length - conflicts.length,
          changedAt: now,
        },
      },
    ];
  }

  /** Locations that declare a ref which another one has just let go. */
  #contenders(plans: readonly LocationPlan[]): readonly LocationState[] {
    const removed = new Set(plans.flatMap((plan) => plan.removed));
    if (removed.size === 0) return [];
    const told = new Set(plans.map((plan) => plan.location));
    const states = new Map<string, LocationState>();
    for (const problem of [...removed].flatMap((ref) => this.problems.ofEntity(ref))) {
      if (problem.code !== 'duplicate-ref' || told.has(problem.location)) continue;
      const state = this.#locations.get(problem.location);
      if (state !== undefined) states.set(state.ref, state);
    }
    return [...states.values()];
  }

  #refresh(states: readonly LocationState[]): void {
    for (const source of this.#sources) {
      const own = states.filter((state) => state.source === source.id).map((state) => state.ref);
      if (own.length > 0) source.refresh(own);
    }
  }

  async #commit(writes: readonly Write[]): Promise<readonly WriteOutcome[]> {
    if (writes.length === 0) return [];
    const { outcomes } = await this.#context.write(writes);
    this.problems.note(writes);
    for (const write of writes) {
      if (write.op === 'putLocation') this.#locations.set(write.location.ref, write.location);
      else if (write.op === 'deleteLocation') this.#locations.delete(write.ref);
    }
    return outcomes;
  }
}

function putEntities(plan: LocationPlan, source: string): readonly Write[] {
  const { location, reading } = plan;
  return (reading?.entities ?? []).map((entity) => ({
    op: 'putEntity',
    entity: {
      ref: entity.ref,
      body: entity.body,
      hash: entity.hash,
      location,
      source,
      line: entity.line,
      ...(reading?.commit !== undefined && { commit: reading.commit }),
    },
  }));
}

/** What became of the entities of a batch, by the location that wrote it. A ref that goes and comes at once is updated. */
function entityChanges(
  writes: readonly Write[],
  outcomes: readonly WriteOutcome[],
  known: ReadonlySet<string>,
): ReadonlyMap<string, readonly EntityChange[]> {
  const byRef = new Map<string, { location: string; change: EntityChange['change'] }>();
  for (const [index, write] of writes.entries()) {
    if (outcomes[index]?.status !== 'written') continue;
    if (write.op === 'deleteEntity') byRef.set(write.ref, { location: write.location, change: 'deleted' });
    else if (write.op === 'putEntity') {
      const { ref, location } = write.entity;
      byRef.set(ref, { location, change: known.has(ref) ? 'updated' : 'created' });
    }
  }
  const changes = new Map<string, EntityChange[]>();
  for (const [ref, { location, change }] of byRef) {
    const own = changes.get(location) ?? [];
    own.push({ ref, change });
    changes.set(location, own);
  }
  return changes;
}
