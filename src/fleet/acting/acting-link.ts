import type { Logger } from 'pino';
import type { Clock } from '../../base/clock.ts';
import { CallboardError } from '../../base/errors.ts';
import type { ClusterConnection } from '../../kube/connection.ts';
import type { ClusterEntry, ClusterSetChange } from '../cluster-entry.ts';
import { fleetError } from '../errors.ts';
import { ThreadLink } from '../thread-link.ts';
import type { Acting, ActingAnswer, ActingRequest, ActingStream, JobOptions } from './acting.ts';
import type { ActingJobName, ActingJobs, ArgsOf, StreamJobName, StreamJobs } from './acting-jobs.ts';
import type { ActingOrder, ActingReport, ActingTask, TaskReport } from './acting-messages.ts';
import { ChunkQueue } from './chunk-queue.ts';

/** Tasks under way. */
const MOST_TASKS = 500;
/** The deadline of a task is kept by the thread; so much later the thread itself is given up, ms. */
const GRACE_MS = 2_000;
const CALL_MS = 15_000;
const JOB_MS = 30_000;
/** How long connections may take to be let go of, ms. */
const CLOSE_MS = 2_000;
/** Most memory of the thread, MiB. */
const MEMORY = { young: 32, old: 512 };

/** What a link needs. */
export interface ActingLinkOptions {
  readonly clusters: {
    entries(): readonly ClusterEntry[];
    onChange(listener: (change: ClusterSetChange) => void): () => void;
  };
  readonly clock: Clock;
  readonly log: Logger;
}

interface Waiting {
  /** Takes the answer, or the head of a stream. */
  readonly resolve: (answer: ActingAnswer) => void;
  readonly reject: (error: Error) => void;
  readonly chunks: ChunkQueue;
  /** Forgets signal and deadline. */
  readonly forget: () => void;
}

interface Begun {
  readonly answer: Promise<ActingAnswer>;
  readonly chunks: ChunkQueue;
}

/** The server thread's end of the acting thread, which starts with the first task. */
export class ActingLink implements Acting {
  readonly #options: ActingLinkOptions;
  readonly #thread: ThreadLink<ActingOrder, ActingReport>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #forgetClusters: () => void;
  #isStarted = false;
  #lastId = 0;

  constructor(options: ActingLinkOptions) {
    const { clock, log, clusters } = options;
    this.#options = options;
    this.#thread = new ThreadLink({
      entry: 'acting-worker',
      name: 'acting',
      memory: MEMORY,
      clock,
      log,
      onStart: () => this.#thread.tell({ type: 'clusters', put: connectionsOf(clusters.entries()), dropped: [] }),
      onReport: (report) => this.#onReport(report),
      onDeath: () => this.#fail('it starts again'),
    });
    this.#forgetClusters = clusters.onChange(({ added, changed, removed }) => {
      this.#thread.tell({ type: 'clusters', put: connectionsOf([...added, ...changed]), dropped: removed });
    });
  }

  async call(cluster: string, request: ActingRequest, signal?: AbortSignal): Promise<ActingAnswer> {
    return this.#begin({ way: 'call', cluster, request }, request.timeoutMs ?? CALL_MS, signal).answer;
  }

  async stream(cluster: string, request: ActingRequest, signal?: AbortSignal): Promise<ActingStream> {
    const { answer, chunks } = this.#begin({ way: 'stream', cluster, request }, request.timeoutMs ?? CALL_MS, signal);
    const { status, headers } = await answer;
    return { status, headers, chunks };
  }

  async run<Name extends ActingJobName>(
    job: Name,
    args: ArgsOf<ActingJobs[Name]>,
    { timeoutMs = JOB_MS, signal }: JobOptions = {},
  ): Promise<Uint8Array> {
    return (await this.#begin({ way: 'run', job, args }, timeoutMs, signal).answer).body;
  }

  async *runStream<Name extends StreamJobName>(
    job: Name,
    args: ArgsOf<StreamJobs[Name]>,
    { timeoutMs, signal }: JobOptions = {},
  ): AsyncGenerator<Uint8Array, void> {
    const { answer, chunks } = this.#begin({ way: 'runStream', job, args }, timeoutMs, signal);
    await answer;
    yield* chunks;
  }

  /** Ends what is under way, and the thread. */
  async close(): Promise<void> {
    this.#forgetClusters();
    await this.#thread.close({ type: 'close' }, CLOSE_MS);
    this.#fail('the server closes');
  }

  /** @param timeoutMs of the answer, or of a stream's head; undefined: the task has no end of its own */
  #begin(task: ActingTask, timeoutMs: number | undefined, signal: AbortSignal | undefined): Begun {
    signal?.throwIfAborted();
    if (!this.#isStarted) this.#thread.start();
    this.#isStarted = true;
    if (!this.#thread.runs) throw unavailable('it starts again');
    if (this.#waiting.size >= MOST_TASKS) throw unavailable('too much is under way');
    const id = ++this.#lastId;
    const { promise: answer, resolve, reject } = Promise.withResolvers<ActingAnswer>();
    const stop = (): void => this.#thread.tell({ type: 'stop', id });
    const end = (error: Error): void => {
      this.#end(id, error);
      stop();
    };
    const chunks = new ChunkQueue({
      onRead: (bytes) => this.#thread.tell({ type: 'read', id, bytes }),
      onLeft: () => this.#waiting.has(id) && end(unavailable('it was ended')),
    });
    const onAbort = (): void => end(signal?.reason as Error);
    signal?.addEventListener('abort', onAbort, { once: true });
    const late = (): void => end(unavailable('it took too long'));
    // The thread keeps the deadline itself; this one is for a thread that hangs.
    const deadline = timeoutMs === undefined ? undefined : this.#options.clock.after(timeoutMs + GRACE_MS, late);
    const forget = (): void => {
      deadline?.cancel();
      signal?.removeEventListener('abort', onAbort);
    };
    const gotHead = (head: ActingAnswer): void => {
      deadline?.cancel();
      resolve(head);
    };
    this.#waiting.set(id, { resolve: gotHead, reject, chunks, forget });
    this.#thread.tell({ type: 'do', id, task, timeoutMs });
    return { answer, chunks };
  }

  #onReport(report: TaskReport): void {
    const waiting = this.#waiting.get(report.id);
    switch (report.type) {
      case 'answer':
        waiting?.resolve(report.answer);
        this.#end(report.id);
        return;
      case 'head':
        waiting?.resolve({ status: report.status, headers: report.headers, body: new Uint8Array() });
        return;
      case 'chunk':
        waiting?.chunks.push(report.bytes);
        return;
      case 'end':
        this.#end(report.id);
        return;
      case 'failed': {
        const { code, status, message, details } = report.fault;
        this.#end(report.id, new CallboardError(code, status, message, details));
      }
    }
  }

  /** A task is over. */
  #end(id: number, fault?: Error): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.forget();
    waiting?.chunks.end(fault);
    if (fault !== undefined) waiting?.reject(fault);
  }

  #fail(reason: string): void {
    for (const id of this.#waiting.keys()) this.#end(id, unavailable(reason));
  }
}

function connectionsOf(entries: readonly ClusterEntry[]): readonly ClusterConnection[] {
  return entries.map(({ connection }) => connection);
}

function unavailable(reason: string): Error {
  return fleetError('ACTING_UNAVAILABLE', { reason });
}
