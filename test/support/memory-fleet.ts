import type { ClusterFace } from '../../src/fleet/cluster-face.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import type { KindNews } from '../../src/fleet/held-kind.ts';
import { liveKinds } from '../../src/live/kind-table.ts';
import type { ClaimTaker } from '../../src/live/claim.ts';
import type { FactsTold } from '../../src/live/facts.ts';
import type { LiveReader } from '../../src/live/live-reader.ts';
import { batchOf, faceOf, type CellsByColumn } from './fleet-batches.ts';

/** Live objects in the memory of the test, read as a server reads them; the test says what there is. */
export interface MemoryFleet {
  readonly store: FleetStore;
  readonly live: LiveReader & ClaimTaker;
  /** A cluster comes, or has another face. */
  putCluster(name: string, parts?: Partial<ClusterFace>): void;
  /** Every kind of a cluster is watched from now on, and has no objects yet. */
  watchAll(cluster: string): void;
  /** The objects of a kind of a cluster, as a whole list; they are watched from now on. */
  list(cluster: string, kind: string, objects: readonly CellsByColumn[]): void;
  /** Objects came or changed. */
  put(cluster: string, kind: string, objects: readonly CellsByColumn[]): void;
  remove(cluster: string, kind: string, object: CellsByColumn): void;
  /** Tells facts of what changed a while ago, if somebody wants to know. */
  tellFacts(): void;
  /** How all kinds of a cluster are read, but those that are named. */
  setState(cluster: string, news: Omit<KindNews, 'at'>, kinds?: readonly string[]): void;
}

/** An object by its cells; uid and time of creation are made of the name. */
export function liveObject(name: string, parts: CellsByColumn = {}): CellsByColumn {
  return { name, uid: `uid-${parts['namespace'] ?? ''}-${name}`, created: 1_750_000_000, ...parts };
}

/** @param now ms since 1970 */
export function memoryFleet(now: () => number = Date.now): MemoryFleet {
  const store = new FleetStore({ kinds: liveKinds, epoch: 'test', now });
  let namespaces: ReturnType<LiveReader['namespaces']> = new Map();
  const renew = (): void => {
    namespaces = store.namespaces();
  };
  store.onNamespaces(renew);
  let factListener: ((told: FactsTold) => void) | undefined;
  store.follow(undefined, 'all', (told) => store.facts.note(told));
  const tellFacts = (): void => {
    if (factListener === undefined || !store.facts.begin()) return;
    factListener({ type: 'facts', entities: store.facts.step(() => false), isWhole: store.facts.isWhole });
  };
  const live: LiveReader & ClaimTaker = {
    clusters: async (scope, hasKinds) => store.clusters(scope, hasKinds),
    objects: async (query, scope) => store.objects(query, scope),
    search: async (query, scope) => store.search(query, scope),
    events: async (query, scope) => store.events(query, scope),
    running: async (ref, scope) => store.running(ref, scope),
    verdicts: async (refs, scope) => store.verdicts(refs, scope),
    evacuation: async (question, scope) => store.evacuation(question, scope),
    labelled: async (query, scope) => store.labelled(query, scope),
    unclaimed: async (query, scope) => store.unclaimed(query, scope),
    missing: async (scope) => store.missing(scope),
    incidents: async (query, scope) => {
      store.incidents.lookAtAll();
      return store.answerIncidents(query, scope);
    },
    findings: async (query, scope) => store.findings(query, scope),
    logPods: async (query, scope) => store.logPods(query, scope),
    tiedEntities: async (query) => store.tiedEntities(query),
    changeClaims: (change) => store.changeClaims(change),
    onFacts(listener) {
      store.facts.restart();
      listener({ type: 'begin' });
      factListener = listener;
      tellFacts();
      return () => (factListener = undefined);
    },
    namespaces: () => namespaces,
    get position() {
      return store.position;
    },
    follow: (after, scope, listener) => store.follow(after, scope, listener),
  };
  const apply = (
    cluster: string,
    kind: string,
    rows: Parameters<typeof batchOf>[1],
    step: 'listed' | 'changes',
  ): void =>
    store.apply(
      batchOf({ cluster, kind, step, isFirst: step === 'listed', resourceVersion: '1', receivedAt: now() }, rows),
    );
  const list: MemoryFleet['list'] = (cluster, kind, objects) => {
    apply(cluster, kind, objects, 'listed');
    store.setKindState(cluster, 1, kind, { state: 'ok', at: now() });
  };
  return {
    store,
    live,
    putCluster(name, parts) {
      store.putCluster(faceOf(name, parts));
      renew();
    },
    watchAll(cluster) {
      for (const { id } of liveKinds) list(cluster, id, []);
    },
    list,
    tellFacts,
    put: (cluster, kind, objects) => apply(cluster, kind, objects, 'changes'),
    remove: (cluster, kind, object) => apply(cluster, kind, [['delete', object]], 'changes'),
    setState(cluster, news, kinds = liveKinds.map(({ id }) => id)) {
      for (const kind of kinds) store.setKindState(cluster, 1, kind, { ...news, at: now() });
    },
  };
}
