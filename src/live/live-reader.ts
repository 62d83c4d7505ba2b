import type { LogPodsQuery } from './log-pods.ts';
import type { TiedQuery } from './tied-entities.ts';
import type { EvacuationQuestion } from './evacuation.ts';
import type { FindingsQuery } from './findings.ts';
import type { IncidentsQuery } from './incidents.ts';
import type { LabelledQuery } from './labelled.ts';

/**
 * Where a reader of live objects may look: everywhere, or by cluster everywhere (`true`) or in some namespaces. What stands
 * in no namespace is seen where the whole cluster is. Default deny: a cluster that is not named is not seen at all.
 */
export type LiveScope = 'all' | Readonly<Record<string, true | readonly string[]>>;

/** Which objects are asked for; all conditions must hold. */
export interface ObjectQuery {
  /** Ids of kinds; absent: all. */
  readonly kinds?: readonly string[] | undefined;
  readonly clusters?: readonly string[] | undefined;
  /** Label selector over the labels of clusters, in Kubernetes' syntax: `environment=prod,region in (eu, us)`. */
  readonly clusterSelector?: string | undefined;
  readonly namespaces?: readonly string[] | undefined;
  /** Exact name. */
  readonly name?: string | undefined;
  /** In Kubernetes' syntax. */
  readonly labelSelector?: string | undefined;
  /** Comparisons of columns, joined by `,`: `reason=CrashLoopBackOff,restarts>5,node!=node-1`. */
  readonly fieldSelector?: string | undefined;
  /** The controller that owns them: `ReplicaSet/web-7f9`. */
  readonly owner?: string | undefined;
  /** Column to sort by, `-` before it turns it round; default: cluster, kind, namespace, name. */
  readonly sort?: string | undefined;
  /** Also the pod templates of workloads, which are several times as large as all else of them. */
  readonly templates?: boolean | undefined;
  /** 1 to 1,000. */
  readonly limit: number;
  /** Opaque, of the page before. */
  readonly cursor?: string | undefined;
}

/** A search for a piece of text in names, namespaces, images, nodes, labels and reasons of all objects. */
export interface SearchQuery {
  /** Words, all of which must be found in one object; letter case does not count. */
  readonly text: string;
  readonly kinds?: readonly string[] | undefined;
  readonly clusters?: readonly string[] | undefined;
  readonly limit: number;
}

/** A workload, wherever it runs. */
export interface WorkloadKey {
  /** Id of the kind. */
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** Which workloads that no entity claims are asked for; all conditions must hold. */
export interface UnclaimedQuery {
  /** In the name, the namespace or an image; letter case does not count. */
  readonly text?: string | undefined;
  readonly kinds?: readonly string[] | undefined;
  readonly clusters?: readonly string[] | undefined;
  readonly namespaces?: readonly string[] | undefined;
  /** Only these. */
  readonly keys?: readonly WorkloadKey[] | undefined;
  /** 1 to 500. */
  readonly limit: number;
  /** Of the page before. */
  readonly cursor?: string | undefined;
}

/** Place in the changes of live objects. Another epoch: everything must be read again. */
export interface LivePosition {
  readonly epoch: string;
  readonly sequence: number;
}

/**
 * Reads live objects. Answers are JSON in bytes, made where the objects are, in the shapes of `src/api/fleet.ts`; every one holds the
 * position that it was made at, and the clusters that it may not be complete for.
 *
 * @throws LIVE_QUERY_INVALID with what is wrong, LIVE_UNAVAILABLE while the fleet's thread starts again, LIVE_FAULT where it fails
 */
export interface LiveReader {
  /** @param hasKinds also how each kind is read */
  clusters(scope: LiveScope, hasKinds?: boolean): Promise<Uint8Array>;
  objects(query: ObjectQuery, scope: LiveScope): Promise<Uint8Array>;
  search(query: SearchQuery, scope: LiveScope): Promise<Uint8Array>;
  /** Warning events, the newest first. */
  events(query: ObjectQuery, scope: LiveScope): Promise<Uint8Array>;
  /** Where an entity runs, and how it does there; in the shape of `src/api/running.ts`. @param ref canonical */
  running(ref: string, scope: LiveScope): Promise<Uint8Array>;
  /** How entities do: the worst of all clusters. @param refs canonical */
  verdicts(refs: readonly string[], scope: LiveScope): Promise<Uint8Array>;
  /** Where labelled objects are, and where that is not known; in the shape of `LabelledAnswer`. */
  labelled(query: LabelledQuery, scope: LiveScope): Promise<Uint8Array>;
  /** What would be lost with clusters; in the shapes of `src/api/evacuation.ts`, but for `refs`: a list of texts. */
  evacuation(question: EvacuationQuestion, scope: LiveScope): Promise<Uint8Array>;
  /** Workloads that no entity claims, as JSON of `UnclaimedAnswer` of `src/fleet/unclaimed/unclaimed-row.ts`. */
  unclaimed(query: UnclaimedQuery, scope: LiveScope): Promise<Uint8Array>;
  /** Entities of which nothing runs, as JSON of `MissingAnswer` of `src/fleet/unclaimed/missing-answer.ts`. */
  missing(scope: LiveScope): Promise<Uint8Array>;
  /** What is wrong, the worst first; in the shape of `src/api/findings.ts`. */
  findings(query: FindingsQuery, scope: LiveScope): Promise<Uint8Array>;
  /** What fails together; see `incidentsAnswer`. */
  incidents(query: IncidentsQuery, scope: LiveScope): Promise<Uint8Array>;
  /** Pods whose logs are asked for, as JSON of `LogPodsAnswer`. */
  logPods(query: LogPodsQuery, scope: LiveScope): Promise<Uint8Array>;
  /** Whose an object is, whoever may see it, as JSON of `TiedEntities`: for deciding, not for showing. */
  tiedEntities(query: TiedQuery): Promise<Uint8Array>;
  /** Namespaces of every cluster, also of one without any, for scopes: another map when one comes or goes, the same until then. */
  namespaces(): ReadonlyMap<string, ReadonlySet<string>>;
  readonly position: LivePosition;
  /**
   * Tells of changes after a position, until stopped. A position that cannot be continued from is told as `relist`, once,
   * and what follows is after it. Never waits: one who is slow is told `relist`.
   */
  follow(after: LivePosition | undefined, scope: LiveScope, listener: (told: LiveTold) => void): () => void;
}

/** One thing that is told to who follows. */
export type LiveTold =
  | {
      readonly type: 'changes';
      readonly position: LivePosition;
      readonly objects: readonly LiveChange[];
      /** Names of clusters whose state, version or labels changed, or that came or went. */
      readonly clusters: readonly string[];
    }
  | { readonly type: 'relist'; readonly position: LivePosition; readonly reason: 'epoch' | 'expired' | 'slow' };

/** One object that came, changed or went. */
export interface LiveChange {
  readonly type: 'put' | 'delete';
  readonly cluster: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}
