import { pino } from 'pino';
import { expect, test } from 'vitest';
import { systemClock, type Clock } from '../base/clock.ts';
import type { Collector, DomainContext } from '../manifest/manifest.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import type { ComposedCollector } from './compose.ts';
import { superviseCollectors, type Supervisor } from './supervisor.ts';

const log = pino({ level: 'silent' });

function composed(id: string, run: Collector['run']): ComposedCollector {
  const collector = { id, description: id, facts: [], run };
  return { origin: { manifest: { id: 'test', title: 'Test' } }, collector };
}

/** A clock whose sleeps end when told, in the order they began; it remembers how long they were to be. */
function heldClock(): Clock & { readonly sleeps: number[]; wake(): void } {
  const sleeps: number[] = [];
  const waiting: (() => void)[] = [];
  return {
    ...systemClock,
    sleeps,
    random: () => 1,
    wake: () => waiting.shift()?.(),
    sleep(delayMs, signal) {
      sleeps.push(delayMs);
      return new Promise((resolve, reject) => {
        waiting.push(resolve);
        signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      });
    },
  };
}

function supervise(
  collectors: readonly ComposedCollector[],
  clock: Clock,
  begin = Promise.resolve(),
): Supervisor & { metrics: () => Promise<string> } {
  const metrics = createMetrics();
  const supervisor = superviseCollectors(collectors, {
    clock,
    log,
    metrics,
    restartMs: { min: 100, max: 1000 },
    begin,
    contextOf: () => ({}) as DomainContext,
  });
  return { ...supervisor, metrics: () => metrics.registry.metrics() };
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a failing collector is started again after growing waits, and delays no other', async () => {
  const clock = heldClock();
  let runs = 0;
  let healthy = 0;
  const supervisor = supervise(
    [
      composed('sick', () => {
        runs++;
        return Promise.reject(new Error(`failure ${runs}`));
      }),
      composed('well', async (_context, signal) => {
        healthy++;
        await untilAborted(signal);
      }),
    ],
    clock,
  );
  for (let round = 0; round < 6; round++) {
    await settle();
    clock.wake();
  }
  await settle();
  expect(clock.sleeps).toEqual([100, 200, 400, 800, 1000, 1000, 1000]);
  expect(healthy).toBe(1);
  expect(supervisor.states()).toMatchObject([
    { collector: 'sick', state: 'waiting', failures: 7, error: 'failure 7' },
    { collector: 'well', state: 'running', failures: 0 },
  ]);
  const text = await supervisor.metrics();
  expect(text).toContain('callboard_collector_restarts_total{manifest="test",collector="sick"} 7');
  expect(text).toContain('callboard_collector_running{manifest="test",collector="well"} 1');
  await supervisor.close(1000);
  expect(supervisor.states().map(({ state }) => state)).toEqual(['ended', 'ended']);
});

test('a collector that throws before its first await is a failure like any other', async () => {
  const clock = heldClock();
  const supervisor = supervise(
    [
      composed('rude', () => {
        throw new Error('at once');
      }),
    ],
    clock,
  );
  await settle();
  expect(supervisor.states()).toMatchObject([{ state: 'waiting', error: 'at once' }]);
  await supervisor.close(1000);
});

test('a collector that returns is not started again', async () => {
  let runs = 0;
  const supervisor = supervise([composed('once', async () => void runs++)], heldClock());
  await settle();
  expect(supervisor.states()).toMatchObject([{ state: 'ended', failures: 0 }]);
  expect(runs).toBe(1);
  await supervisor.close(1000);
});

test('closing does not wait for ever for a collector that does not heed', async () => {
  const supervisor = supervise([composed('deaf', () => new Promise(() => undefined))], systemClock);
  await settle();
  await supervisor.close(20);
  expect(supervisor.states()).toMatchObject([{ state: 'running' }]);
});

test('collectors wait until they may begin', async () => {
  const { promise: begin, resolve } = Promise.withResolvers<void>();
  let runs = 0;
  const run = async (_context: DomainContext, signal: AbortSignal): Promise<void> => {
    runs += 1;
    await untilAborted(signal);
  };
  const supervisor = supervise([composed('patient', run)], heldClock(), begin);
  await settle();
  expect(runs).toBe(0);
  expect(supervisor.states()).toMatchObject([{ state: 'waiting', failures: 0 }]);
  resolve();
  await settle();
  expect(runs).toBe(1);
  expect(supervisor.states()).toMatchObject([{ state: 'running' }]);
  await supervisor.close(1000);
});

test('collectors that never began end at once', async () => {
  let runs = 0;
  const run = async (): Promise<void> => {
    runs += 1;
  };
  const supervisor = supervise([composed('patient', run)], heldClock(), new Promise(() => {}));
  await supervisor.close(1000);
  expect(supervisor.states()).toMatchObject([{ state: 'ended', failures: 0 }]);
  expect(runs).toBe(0);
});
