import type { Impersonation } from '../../kube/connection.ts';
import type { ActingJobName, ActingJobs, ArgsOf, StreamJobName, StreamJobs } from './acting-jobs.ts';

// Speaking to clusters on demand, for a person: what reading them all the time does not hold (manifests, logs) and what
// changes them. A thread of its own does it: the server's thread gets bytes and parses nothing large.
//
// Three ways, all of them through `Acting`:
//
// - `call`: one request, the whole answer as bytes. Any status is an answer; only what comes without one is thrown.
// - `stream`: one request whose body is read as it comes, such as a log that is followed. The thread holds at most
//   256 KiB that were not read; leaving the loop, or `signal`, ends it in the cluster.
// - `run` and `runStream`: a job by its name, which makes as many requests as it needs and parses in the acting thread.
//   A job is a function `(context, args) => Promise<Uint8Array>` or `(context, args) => AsyncIterable<Uint8Array>`, in a
//   module of its own, with a line in `acting-jobs.ts`; its arguments cross a thread, so they are plain data.
//
// Who asks is `as`: `ActingGate.as(principal, permission, {cluster, namespace})` (acting-gate.ts) gives it, or says why there
// is none; `createFleetManifest` (../manifest.ts) has the gate and `acting` for its routes. Without `as` the account that reads the cluster asks, and only GET is let through: it never acts.

/** One request to a cluster. */
export interface ActingRequest {
  /** Default `GET`. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | undefined;
  /** From the root of its API server, without a query: `/api/v1/namespaces/shop/pods/web-1/log`; segments encoded. */
  readonly path: string;
  /** Fields, or a query as it stands in a URL. */
  readonly query?: Readonly<Record<string, string>> | string | undefined;
  readonly body?: Uint8Array | string | undefined;
  /** Of the body; default `application/json`. */
  readonly contentType?: string | undefined;
  /** Default `application/json`. */
  readonly accept?: string | undefined;
  /** As whom. Absent: the account that reads the cluster, for GET only. */
  readonly as?: Impersonation | undefined;
  /**
   * Instead of `as`: the value of `authorization` by which who asks is known to the cluster itself. It is sent over a connection
   * of its own, which shows nothing of Callboard's account.
   */
  readonly authorization?: string | undefined;
  /** True for an answer that goes on: it goes over connections of its own, so that nobody else waits for it to end. */
  readonly isLasting?: boolean | undefined;
  /** How long the whole answer may take, of a stream its head, connecting included, ms; default 15 s. */
  readonly timeoutMs?: number | undefined;
  /** How large the body may be, bytes; default 16 MiB, of a stream without end. */
  readonly maxBytes?: number | undefined;
}

/** Headers of an answer by lower-case name; repeated ones are joined by `, `. */
export type ActingHeaders = Readonly<Record<string, string>>;

/** A whole answer. */
export interface ActingAnswer {
  readonly status: number;
  readonly headers: ActingHeaders;
  readonly body: Uint8Array;
}

/** An answer whose body comes. */
export interface ActingStream {
  readonly status: number;
  readonly headers: ActingHeaders;
  /** To be read once, to its end or until the loop is left. Throws what ends it early. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** How a job is run. */
export interface JobOptions {
  /** How long it may take, ms; default 30 s, of `runStream` without end. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks clusters on demand. A cluster that does not answer ends its own requests by their deadlines and delays no other.
 *
 * @throws CLUSTER_UNKNOWN; KUBE_UNREACHABLE, KUBE_CREDENTIAL_FAILED; ACTING_UNAVAILABLE while the thread starts again or too
 * much is under way; ACTING_REQUEST_INVALID for a request that is never sent; an abort throws the signal's reason
 */
export interface Acting {
  call(cluster: string, request: ActingRequest, signal?: AbortSignal): Promise<ActingAnswer>;
  stream(cluster: string, request: ActingRequest, signal?: AbortSignal): Promise<ActingStream>;
  run<Name extends ActingJobName>(job: Name, args: ArgsOf<ActingJobs[Name]>, options?: JobOptions): Promise<Uint8Array>;
  runStream<Name extends StreamJobName>(
    job: Name,
    args: ArgsOf<StreamJobs[Name]>,
    options?: JobOptions,
  ): AsyncIterable<Uint8Array>;
}

/** What a job works with, in the acting thread. Its requests end with it. */
export interface JobContext {
  /** As `Acting.call`; throws the same. */
  call(cluster: string, request: ActingRequest): Promise<ActingAnswer>;
  /** As `Acting.stream`. */
  stream(cluster: string, request: ActingRequest): Promise<ActingStream>;
  readonly signal: AbortSignal;
  /** Ms since 1970. */
  now(): number;
}
