import type { Logger } from 'pino';
import type { Clock } from '../../base/clock.ts';
import { CallboardError, errorMessage } from '../../base/errors.ts';
import { processEnvironment } from '../../config/environment.ts';
import { transportError } from '../../kube/transport-fault.ts';
import { fleetError } from '../errors.ts';
import type { ActingFault, ActingOrder, ActingReport, ActingTask } from './acting-messages.ts';
import { STREAM_BYTES } from './acting-messages.ts';
import type { JobContext } from './acting.ts';
import { actingJobs, streamJobs } from './acting-jobs.ts';
import { ClusterCalls } from './cluster-calls.ts';
import { HeldTransports } from './held-transports.ts';

/** What the acting thread stands on. */
export interface ActingThreadOptions {
  readonly tell: (report: ActingReport) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

type Do = Extract<ActingOrder, { readonly type: 'do' }>;

/** One task under way. */
interface Running {
  readonly controller: AbortController;
  /** Bytes sent that were not read yet. */
  unread: number;
  /** Lets it go on when enough was read. */
  proceed: (() => void) | undefined;
}

/** The acting thread: does each task apart from the others, until it is done, late or unwanted. */
export class ActingThread {
  readonly #options: ActingThreadOptions;
  readonly #transports: HeldTransports;
  readonly #calls: ClusterCalls;
  readonly #running = new Map<number, Running>();

  constructor(options: ActingThreadOptions) {
    this.#options = options;
    this.#transports = new HeldTransports({ ...options, environment: processEnvironment() });
    this.#calls = new ClusterCalls(this.#transports, options.clock);
  }

  /** Does as it is told. */
  async take(order: ActingOrder): Promise<void> {
    switch (order.type) {
      case 'clusters':
        for (const name of order.dropped) this.#transports.drop(name);
        for (const connection of order.put) this.#transports.put(connection);
        return;
      case 'do':
        await this.#do(order);
        return;
      case 'read':
        this.#read(order.id, order.bytes);
        return;
      case 'stop':
        this.#running.get(order.id)?.controller.abort(stopped());
        return;
      case 'close':
        for (const { controller } of this.#running.values()) controller.abort(stopped());
        await this.#transports.close();
    }
  }

  async #do({ id, task, timeoutMs }: Do): Promise<void> {
    const running: Running = { controller: new AbortController(), unread: 0, proceed: undefined };
    const { signal } = running.controller;
    this.#running.set(id, running);
    signal.addEventListener('abort', () => running.proceed?.(), { once: true });
    const isEndless = task.way === 'stream' || timeoutMs === undefined;
    const deadline = isEndless
      ? undefined
      : this.#options.clock.after(timeoutMs, () => running.controller.abort(late(task, timeoutMs)));
    try {
      await this.#perform(id, task, running);
    } catch (thrown) {
      this.#options.tell({ type: 'failed', id, fault: faultOf(thrown) });
    } finally {
      deadline?.cancel();
      this.#running.delete(id);
      // Whatever a job left open ends with it.
      running.controller.abort(stopped());
    }
  }

  async #perform(id: number, task: ActingTask, running: Running): Promise<void> {
    const { tell } = this.#options;
    const { signal } = running.controller;
    if (task.way === 'call') {
      const answer = await this.#calls.call(task.cluster, task.request, signal);
      tell({ type: 'answer', id, answer });
    } else if (task.way === 'run') {
      const job = jobs.get(task.job);
      if (job === undefined) throw unknownJob(task.job);
      const body = await job(this.#context(signal), task.args);
      tell({ type: 'answer', id, answer: { status: 200, headers: {}, body } });
    } else if (task.way === 'stream') {
      const { status, headers, chunks } = await this.#calls.stream(task.cluster, task.request, signal);
      tell({ type: 'head', id, status, headers });
      await this.#pass(id, chunks, running);
    } else if (task.way === 'runStream') {
      const job = jobsOfStreams.get(task.job);
      if (job === undefined) throw unknownJob(task.job);
      tell({ type: 'head', id, status: 200, headers: {} });
      await this.#pass(id, job(this.#context(signal), task.args), running);
    }
  }

  #context(signal: AbortSignal): JobContext {
    return {
      call: (cluster, request) => this.#calls.call(cluster, request, signal),
      stream: (cluster, request) => this.#calls.stream(cluster, request, signal),
      signal,
      now: () => this.#options.clock.now(),
    };
  }

  async #pass(id: number, chunks: AsyncIterable<Uint8Array>, running: Running): Promise<void> {
    const { signal } = running.controller;
    for await (const bytes of chunks) {
      signal.throwIfAborted();
      running.unread += bytes.byteLength;
      this.#options.tell({ type: 'chunk', id, bytes });
      if (running.unread >= STREAM_BYTES) {
        await new Promise<void>((resolve) => (running.proceed = resolve));
        signal.throwIfAborted();
      }
    }
    this.#options.tell({ type: 'end', id });
  }

  #read(id: number, bytes: number): void {
    const running = this.#running.get(id);
    if (running === undefined) return;
    running.unread -= bytes;
    if (running.unread < STREAM_BYTES) running.proceed?.();
  }
}

type Job = (context: JobContext, args: unknown) => Promise<Uint8Array>;
type StreamJob = (context: JobContext, args: unknown) => AsyncIterable<Uint8Array>;

// What a job is called with is checked where it is called (`Acting.run`); here it only comes through.
const jobs = new Map(Object.entries(actingJobs as unknown as Readonly<Record<string, Job>>));
const jobsOfStreams = new Map(Object.entries(streamJobs as unknown as Readonly<Record<string, StreamJob>>));

function stopped(): Error {
  return fleetError('ACTING_UNAVAILABLE', { reason: 'it was ended' });
}

function unknownJob(job: string): Error {
  return fleetError('ACTING_REQUEST_INVALID', { problem: `there is no job ${job}` });
}

function late(task: ActingTask, timeoutMs: number): Error {
  const seconds = Math.ceil(timeoutMs / 1000);
  if ('job' in task) return fleetError('ACTING_UNAVAILABLE', { reason: `it took longer than ${seconds} s` });
  const message = `The API server did not answer within ${seconds} s`;
  return transportError(task.cluster, { code: 'Timeout', message });
}

function faultOf(thrown: unknown): ActingFault {
  const error =
    thrown instanceof CallboardError
      ? thrown
      : fleetError('ACTING_UNAVAILABLE', { reason: errorMessage(thrown) }, thrown);
  const { code, status, message, details } = error;
  return { code, status, message, details };
}
