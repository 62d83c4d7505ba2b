import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import { errorMessage } from '../base/errors.ts';
import type { Collector, DomainContext } from '../manifest/manifest.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { ComposedCollector } from './compose.ts';

/** How one collector fares. `ended`: it returned by itself and is not started again. */
export interface CollectorState {
  readonly manifest: string;
  readonly collector: string;
  readonly state: 'running' | 'waiting' | 'ended';
  readonly failures: number;
  /** Message of the last failure, where there was one. */
  readonly error?: string | undefined;
}

/** What the supervisor needs. */
export interface SupervisorOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly restartMs: { readonly min: number; readonly max: number };
  /** Collectors start when it resolves; it does not reject. */
  readonly begin: Promise<void>;
  /** The context that a collector of this manifest is run with. */
  contextOf(manifest: string): DomainContext;
}

/** Runs collectors until it is closed. */
export interface Supervisor {
  states(): readonly CollectorState[];
  /** Tells all to stop and resolves when they have; a collector that does not heed is left behind after `timeoutMs`. */
  close(timeoutMs: number): Promise<void>;
}

/** A supervised collector: its state as of now, and when it is over. */
interface Supervised {
  state: CollectorState;
  done: Promise<void>;
}

/**
 * Runs each collector by itself. One that fails is logged, counted and started again after a wait that doubles with
 * each failure, with jitter so that several do not fall in step; one that ran longer than the longest wait begins anew
 * with the shortest. None waits for another.
 */
export function superviseCollectors(collectors: readonly ComposedCollector[], options: SupervisorOptions): Supervisor {
  const abort = new AbortController();
  const running = collectors.map((composed) => {
    const labels = { manifest: composed.origin.manifest.id, collector: composed.collector.id };
    const supervised: Supervised = { state: { ...labels, state: 'waiting', failures: 0 }, done: Promise.resolve() };
    supervised.done = supervise(composed.collector, supervised, options, abort.signal);
    return supervised;
  });
  return {
    states: () => running.map(({ state }) => state),
    async close(timeoutMs) {
      abort.abort(new Error('The server closes'));
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = options.clock.after(timeoutMs, () => {
        const stuck = running.filter(({ state }) => state.state !== 'ended').map(({ state }) => state.collector);
        options.log.warn({ collectors: stuck }, 'collectors did not stop in time');
        resolve();
      });
      await Promise.race([Promise.all(running.map(({ done }) => done)), late]);
      timer.cancel();
    },
  };
}

async function supervise(
  collector: Collector,
  supervised: Supervised,
  options: SupervisorOptions,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log, metrics, restartMs } = options;
  const { manifest } = supervised.state;
  const labels = { manifest, collector: collector.id };
  const running = metrics.collectorRunning.labels(labels);
  let inARow = 0;
  await beginOrAbort(options.begin, signal);
  while (!signal.aborted) {
    const startedAt = clock.monotonic();
    supervised.state = { ...supervised.state, state: 'running' };
    running.set(1);
    const failure = await runOnce(collector, options.contextOf(manifest), signal);
    running.set(0);
    if (failure === undefined || signal.aborted) break;
    if (clock.monotonic() - startedAt > restartMs.max) inARow = 0;
    const waitMs = Math.min(restartMs.max, restartMs.min * 2 ** inARow) * (0.5 + clock.random() / 2);
    inARow++;
    const failures = supervised.state.failures + 1;
    supervised.state = { ...supervised.state, state: 'waiting', failures, error: errorMessage(failure.error) };
    metrics.collectorRestarts.labels(labels).inc();
    log.error(
      { ...labels, error: failure.error, restartMs: Math.round(waitMs) },
      'collector failed, starting it again',
    );
    await waitOrAbort(clock, waitMs, signal);
  }
  supervised.state = { ...supervised.state, state: 'ended' };
  log.debug(labels, 'collector ended');
}

/** Runs a collector to its end; a rejection is a value, since it is what supervision is for. */
async function runOnce(
  collector: Collector,
  context: DomainContext,
  signal: AbortSignal,
): Promise<{ readonly error: unknown } | undefined> {
  try {
    await collector.run(context, signal);
    return undefined;
  } catch (error) {
    return { error };
  }
}

async function beginOrAbort(begin: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  await Promise.race([begin, aborted]);
}

async function waitOrAbort(clock: Clock, waitMs: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(waitMs, signal);
  } catch (error) {
    // Only the abort ends the sleep early, and the caller's loop looks at the signal.
    if (!signal.aborted) throw error;
  }
}
