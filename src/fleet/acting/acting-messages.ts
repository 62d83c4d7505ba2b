import type { ErrorDetails } from '../../base/errors.ts';
import type { ClusterConnection } from '../../kube/connection.ts';
import type { LogLine } from '../thread-log.ts';
import type { ActingAnswer, ActingHeaders, ActingRequest } from './acting.ts';

/** What the acting thread is to do. */
export type ActingTask =
  | { readonly way: 'call'; readonly cluster: string; readonly request: ActingRequest }
  | { readonly way: 'stream'; readonly cluster: string; readonly request: ActingRequest }
  | { readonly way: 'run'; readonly job: string; readonly args: unknown }
  | { readonly way: 'runStream'; readonly job: string; readonly args: unknown };

/** What the server's thread tells the acting thread. */
export type ActingOrder =
  /** Clusters that came or are reached otherwise, and names of those that went. */
  | { readonly type: 'clusters'; readonly put: readonly ClusterConnection[]; readonly dropped: readonly string[] }
  /** `timeoutMs` absent: a job without end. */
  | { readonly type: 'do'; readonly id: number; readonly task: ActingTask; readonly timeoutMs: number | undefined }
  /** So many bytes of a stream have been read. */
  | { readonly type: 'read'; readonly id: number; readonly bytes: number }
  /** Nobody waits for it any more. */
  | { readonly type: 'stop'; readonly id: number }
  | { readonly type: 'close' };

/** A coded error on its way to the server's thread. */
export interface ActingFault {
  readonly code: string;
  readonly status: number;
  readonly message: string;
  readonly details: ErrorDetails;
}

/** What the acting thread tells the server's thread of one task. */
export type TaskReport =
  | { readonly type: 'answer'; readonly id: number; readonly answer: ActingAnswer }
  | { readonly type: 'head'; readonly id: number; readonly status: number; readonly headers: ActingHeaders }
  | { readonly type: 'chunk'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly type: 'end'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly fault: ActingFault };

/** What the acting thread tells the server's thread. */
export type ActingReport = TaskReport | LogLine;

/** Bytes of one stream that may be under way between the threads, unread. */
export const STREAM_BYTES = 256 * 1024;
