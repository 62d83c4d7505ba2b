import type { Impersonation } from '../../kube/connection.ts';

/** One list of full objects, as one element of the answer. */
export interface ObjectList {
  /** Name of the element in the answer: `pods`, `customresources`, ... */
  readonly type: string;
  /** API group; empty for the core. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** Where it is listed; none: nowhere, the element is empty. Absent: in the whole cluster. */
  readonly namespaces?: readonly string[] | undefined;
  /** Only metadata leaves the cluster. */
  readonly isMetadataOnly: boolean;
}

/** What kept a part of an answer from being read, as Backstage's clients know it. */
export type FetchProblem =
  | { readonly errorType: 'FETCH_ERROR'; readonly message: string }
  | {
      readonly errorType: 'BAD_REQUEST' | 'UNAUTHORIZED_ERROR' | 'NOT_FOUND' | 'SYSTEM_ERROR' | 'UNKNOWN_ERROR';
      readonly statusCode: number;
      readonly resourcePath: string;
    };

/** What a cluster is called in an answer. */
export interface ClusterAttributes {
  readonly name: string;
  readonly title?: string | undefined;
  readonly dashboardUrl?: string | undefined;
  readonly dashboardApp?: string | undefined;
  readonly dashboardParameters?: Readonly<Record<string, string>> | undefined;
}

/** What is to be read of one cluster. */
export interface ClusterLists {
  readonly cluster: ClusterAttributes;
  /** As whom; absent: the account that reads the cluster, of whose objects values that may be secrets are left out. */
  readonly as?: Impersonation | undefined;
  readonly lists: readonly ObjectList[];
  /** Whether metrics of its pods are asked for. */
  readonly hasMetrics: boolean;
  /** What is known to be missing already. */
  readonly problems: readonly FetchProblem[];
}

/** What is to be read of an entity. */
export interface EntityObjectsArgs {
  readonly clusters: readonly ClusterLists[];
  readonly labelSelector: string;
  /** How long each cluster has, ms. */
  readonly timeoutMs: number;
}

/** The path of a list. @param namespace absent: of the whole cluster */
export function listPath(
  { group, version, plural }: Pick<ObjectList, 'group' | 'version' | 'plural'>,
  namespace?: string,
): string {
  const segments = group === '' ? ['api', version] : ['apis', group, version];
  const place = namespace === undefined ? [] : ['namespaces', namespace];
  return `/${[...segments, ...place, plural].map(encodeURIComponent).join('/')}`;
}

/** The problem that a status means. */
export function statusProblem(statusCode: number, resourcePath: string): FetchProblem {
  return { errorType: errorTypes[statusCode] ?? 'UNKNOWN_ERROR', statusCode, resourcePath };
}

const errorTypes: Readonly<Record<number, Exclude<FetchProblem['errorType'], 'FETCH_ERROR'>>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED_ERROR',
  404: 'NOT_FOUND',
  500: 'SYSTEM_ERROR',
};
