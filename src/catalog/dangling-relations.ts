import type { DomainContext } from '../manifest/manifest.ts';
import type { Entity } from '../model/entity.ts';
import type { KindDefinition } from '../model/kinds.ts';
import { Pacer } from '../graph/pacer.ts';
import type { WatchChange } from '../graph/view.ts';
import type { Predicate } from '../model/predicate.ts';
import { createKindTable, relationsOf, type KindTable } from '../model/relations.ts';
import type { Write } from '../store/store.ts';
import type { Place } from './document.ts';
import type { Finding } from './finding.ts';
import type { Ingester } from './ingester.ts';
import { followGraph } from '../manifest/graph-follower.ts';
import { ReferencePlaces } from './reference-place.ts';
import { refsWhere, wholeView } from '../graph/whole-view.ts';

const CODE = 'dangling-relation';
/** How long after a file was saved the lines of its problems are corrected. */
const LINES_MS = 500;
/** Problems written at a time. */
const BATCH_WRITES = 500;

/** A reference as an entity writes it. */
interface Reference {
  /** Dotted path from the root, e.g. `spec.owner`. */
  readonly path: string;
  readonly target: string;
}

/**
 * Keeps a warning for every relation whose target is not in the catalog. It looks only at the graph: at entities that
 * change, at those that miss a target which comes, and at those that refer to a target which goes.
 */
export class DanglingRelations {
  readonly #context: DomainContext;
  readonly #ingester: Ingester;
  /** By kind: each of its relation fields as a table of its own, so that a relation can be traced to its field. */
  readonly #fields: ReadonlyMap<string, readonly { readonly path: string; readonly table: KindTable }[]>;
  readonly #relationTypes: readonly string[];
  /** Entities by a target that they miss. */
  readonly #missing = new Map<string, Set<string>>();

  constructor(context: DomainContext, kinds: readonly KindDefinition[], ingester: Ingester) {
    this.#context = context;
    this.#ingester = ingester;
    this.#fields = new Map(
      kinds.map((kind) => [
        kind.kind,
        kind.relations.map((field) => ({
          path: `spec.${field.field}`,
          table: createKindTable([{ ...kind, relations: [field] }]),
        })),
      ]),
    );
    this.#relationTypes = [...new Set(kinds.flatMap((kind) => kind.relations.map((field) => field.type)))];
  }

  /** Looks at everything, then follows the graph, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const follower = {
      everything: () => this.#checkAll(signal),
      changed: (changes: readonly WatchChange[]) => this.#follow(changes, signal),
    };
    await Promise.all([followGraph(this.#context, follower, signal), this.#followLines(signal)]);
  }

  /** A file whose entities stay the same may still have moved their lines: its known problems are placed anew. */
  async #followLines(signal: AbortSignal): Promise<void> {
    const moved = new Set<string>();
    this.#ingester.onLocation((location) => moved.add(location));
    while (!signal.aborted) {
      await this.#context.clock.sleep(LINES_MS, signal).catch(() => undefined);
      const refs = new Set<string>();
      for (const location of moved) {
        for (const problem of this.#ingester.problems.at(location)) {
          if (problem.code === CODE && problem.entityRef !== undefined) refs.add(problem.entityRef);
        }
      }
      moved.clear();
      if (refs.size > 0) await this.#check([...refs], signal);
    }
  }

  async #checkAll(signal: AbortSignal): Promise<void> {
    this.#missing.clear();
    const seen = new Set<string>();
    for (const refs of refsWhere(this.#context.graph, undefined)) {
      for (const ref of refs) seen.add(ref);
      await this.#check(refs, signal);
    }
    const orphaned = [...this.#ingester.problems.all()].filter(
      (problem) => problem.code === CODE && !seen.has(problem.entityRef ?? ''),
    );
    await this.#check(
      orphaned.flatMap((problem) => problem.entityRef ?? []),
      signal,
    );
  }

  async #follow(changes: readonly WatchChange[], signal: AbortSignal): Promise<void> {
    const dirty = new Set<string>();
    for (const change of changes) {
      if (!change.parts.some((part) => part !== 'facts')) continue;
      dirty.add(change.ref);
      const affected = change.type === 'delete' ? this.#referrers(change.ref) : this.#missing.get(change.ref);
      for (const ref of affected ?? []) dirty.add(ref);
    }
    await this.#check([...dirty], signal);
  }

  #referrers(target: string): readonly string[] {
    const args = this.#relationTypes.map((type): Predicate => ({
      op: 'member',
      path: ['relations', type],
      value: target,
      evaluate: (subject) => subject.relations[type]?.includes(target) ?? false,
    }));
    return [...refsWhere(this.#context.graph, { op: 'or', args })].flat();
  }

  async #check(refs: readonly string[], signal: AbortSignal): Promise<void> {
    let writes: Write[] = [];
    const pacer = new Pacer(this.#context.clock);
    const places = new ReferencePlaces();
    for (const ref of refs) {
      signal.throwIfAborted();
      if (pacer.isDue()) await pacer.pause();
      writes.push(...(await this.#checkOne(ref, places)));
      if (writes.length < BATCH_WRITES) continue;
      await this.#write(writes);
      writes = [];
    }
    if (writes.length > 0) await this.#write(writes);
  }

  async #write(writes: readonly Write[]): Promise<void> {
    await this.#ingester.write(() => writes);
  }

  /** The writes that make the problems of one entity true again. */
  async #checkOne(ref: string, places: ReferencePlaces): Promise<readonly Write[]> {
    const view = wholeView(this.#context.graph);
    const id = view.find(ref);
    const absent = new Set(id === undefined ? [] : view.missingTargets(id));
    for (const target of absent) this.#missing.set(target, (this.#missing.get(target) ?? new Set()).add(ref));
    const entity = id === undefined || absent.size === 0 ? undefined : view.document(id);
    const location = entity?.metadata.annotations?.['backstage.io/managed-by-location'];
    const writes: Write[] = [...this.#forget(ref, location)];
    if (entity === undefined || location === undefined) return writes;
    const findings: Finding[] = [];
    for (const reference of this.#references(entity)) {
      if (!absent.has(reference.target)) continue;
      findings.push(this.#finding(ref, reference, await places.find(location, ref, reference.path.split('.'))));
    }
    const source = this.#ingester.known(location)?.source ?? location;
    const place = { source, location, now: this.#context.clock.now() };
    writes.push(
      ...this.#ingester.problems.replace(
        place,
        findings,
        (problem) => problem.code === CODE && problem.entityRef === ref,
      ),
    );
    return writes;
  }

  /** Problems of the entity at any other location than its present one. */
  #forget(ref: string, location: string | undefined): readonly Write[] {
    const writes: Write[] = [];
    for (const problem of this.#ingester.problems.ofEntity(ref)) {
      if (problem.code !== CODE || problem.location === location) continue;
      writes.push({ op: 'deleteProblem', id: problem.id });
    }
    return writes;
  }

  #references(entity: Entity): readonly Reference[] {
    const fields = this.#fields.get(entity.kind) ?? [];
    return fields.flatMap(({ path, table }) =>
      relationsOf(entity, table).relations.map(({ target }) => ({ path, target })),
    );
  }

  #finding(ref: string, { path, target }: Reference, place: Place | undefined): Finding {
    return {
      code: CODE,
      severity: 'warning',
      message: `${path} names ${target}, which is not in the catalog`,
      fix: 'Correct the reference, or add the entity',
      entityRef: ref,
      path: path.split('.'),
      place,
    };
  }
}
