import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ResourceCache, type ResourceRequest } from './resource-cache.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const settled = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(0);
};
const change = (revision: number, ...refs: readonly string[]) => ({
  revision,
  changes: refs.map((ref) => ({ type: 'put' as const, ref, parts: ['entity' as const] })),
  sources: false,
});
const nobody = (): void => undefined;

/** A question whose answers are given by the test, one after the other. */
function question(key: string, ...answers: readonly (() => Promise<unknown>)[]) {
  const asked: (number | undefined)[] = [];
  const request: ResourceRequest<unknown> = {
    key,
    load: (_signal, minRevision) => {
      const answer = answers[asked.length];
      asked.push(minRevision);
      return answer ? answer() : new Promise(() => undefined);
    },
    isAffected: (batch) => batch.changes.some(({ ref }) => ref === key),
  };
  return { request, asked };
}
const answer = (value: unknown) => () => Promise.resolve(value);

test('asks once for two watchers and tells both', async () => {
  const cache = new ResourceCache(nobody);
  const { request, asked } = question('a', answer('one'));
  const told: string[] = [];
  cache.watch(request, () => told.push('first'));
  cache.watch(request, () => told.push('second'));
  await settled();
  expect(asked).toHaveLength(1);
  expect(told).toContain('first');
  expect(told).toContain('second');
  expect(cache.read('a')).toMatchObject({ data: 'one', isLoading: false, failure: undefined });
});

test('a change of what is looked at asks again, at the revision of the change, and keeps the old answer meanwhile', async () => {
  const cache = new ResourceCache(nobody);
  const { request, asked } = question('a', answer('one'), answer('two'));
  cache.watch(request, nobody);
  await settled();
  cache.apply(change(7, 'b'));
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toEqual([undefined]);
  cache.apply(change(8, 'a'));
  expect(cache.read('a')).toMatchObject({ data: 'one' });
  await settled();
  expect(asked).toEqual([undefined, 8]);
  expect(cache.read('a')).toMatchObject({ data: 'two' });
});

test('what an act made of an answer shows at once, and an older one on its way is dropped', async () => {
  const cache = new ResourceCache(nobody);
  const slow = () => new Promise<string>((resolve) => setTimeout(() => resolve('old'), 100));
  const { request } = question('a', slow);
  cache.put('a', 'nobody asked');
  cache.watch(request, nobody);
  cache.put('a', 'mine');
  await vi.advanceTimersByTimeAsync(200);
  expect(cache.read('a')).toMatchObject({ data: 'mine', isLoading: false });
});

test('a storm of changes asks at most twice a second', async () => {
  const cache = new ResourceCache(nobody);
  const { request, asked } = question('a', ...Array.from({ length: 100 }, (_, at) => answer(at)));
  cache.watch(request, nobody);
  await settled();
  for (let revision = 1; revision <= 100; revision += 1) {
    cache.apply(change(revision, 'a'));
    await vi.advanceTimersByTimeAsync(20);
  }
  expect(asked.length).toBeLessThanOrEqual(6);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked.at(-1)).toBe(100);
});

test('a change during a request is asked for after it, so that a slow answer is not starved', async () => {
  const cache = new ResourceCache(nobody);
  const slow = () => new Promise<string>((resolve) => setTimeout(() => resolve('slow'), 3000));
  const { request, asked } = question('a', slow, answer('next'));
  cache.watch(request, nobody);
  cache.apply(change(3, 'a'));
  await vi.advanceTimersByTimeAsync(2999);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(cache.read('a')).toMatchObject({ data: 'slow' });
  await vi.advanceTimersByTimeAsync(1);
  expect(cache.read('a')).toMatchObject({ data: 'next' });
});

test('a failure keeps the last answer, says so, and is asked again when the server is back', async () => {
  const cache = new ResourceCache(nobody);
  const failing = () => Promise.reject(Object.assign(new Error('No answer'), { code: 'NO_ANSWER', status: 0 }));
  const { request } = question('a', answer('one'), failing, answer('two'));
  cache.watch(request, nobody);
  await settled();
  cache.apply(change(2, 'a'));
  await vi.advanceTimersByTimeAsync(500);
  expect(cache.read('a')).toMatchObject({ data: 'one', failure: { code: 'NO_ANSWER' } });
  cache.outdateAll();
  await vi.advanceTimersByTimeAsync(500);
  expect(cache.read('a')).toMatchObject({ data: 'two', failure: undefined });
});

test('what nobody looks at is asked again only when somebody looks', async () => {
  const cache = new ResourceCache(nobody);
  const { request, asked } = question('a', answer('one'), answer('two'));
  const stop = cache.watch(request, nobody);
  await settled();
  stop();
  cache.apply(change(2, 'a'));
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toHaveLength(1);
  cache.watch(request, nobody);
  expect(cache.read('a')).toMatchObject({ data: 'one', isLoading: true });
  await settled();
  expect(cache.read('a')).toMatchObject({ data: 'two' });
});

test('the first answer tells its revision, a failure tells none', async () => {
  const revisions: (number | undefined)[] = [];
  const cache = new ResourceCache((revision) => revisions.push(revision));
  cache.watch(question('a', answer({ revision: 41 })).request, nobody);
  cache.watch(question('b', () => Promise.reject(new Error('no'))).request, nobody);
  cache.watch(question('c', answer({ organization: 'x' })).request, nobody);
  await settled();
  expect(revisions).toEqual([41, undefined]);
});

test('answers that nobody looks at are forgotten, oldest first, beyond sixty', async () => {
  const cache = new ResourceCache(nobody);
  for (let at = 0; at < 70; at += 1) cache.watch(question(`q${at}`, answer(at)).request, nobody)();
  expect(cache.read('q0')).toMatchObject({ data: undefined });
  const looked = question('looked', answer('here'));
  cache.watch(looked.request, nobody);
  await settled();
  for (let at = 100; at < 200; at += 1) cache.watch(question(`q${at}`, answer(at)).request, nobody)();
  expect(cache.read('looked')).toMatchObject({ data: 'here' });
});

test('a storm that outdates many questions at different times is painted at most four times a second', async () => {
  const cache = new ResourceCache(nobody);
  let paintedAt = -1;
  let paints = 0;
  const onPaint = (): void => {
    // What is told at one moment is one paint.
    if (Date.now() !== paintedAt) paints += 1;
    paintedAt = Date.now();
  };
  const keys = Array.from({ length: 12 }, (_, at) => `q${at}`);
  for (const key of keys) {
    cache.watch(question(key, ...Array.from({ length: 20 }, (_, at) => answer(at))).request, onPaint);
    await vi.advanceTimersByTimeAsync(37);
  }
  paints = 0;
  for (let revision = 1; revision <= 150; revision += 1) {
    cache.apply(change(revision, keys[revision % keys.length] ?? ''));
    await vi.advanceTimersByTimeAsync(20);
  }
  expect(paints).toBeGreaterThan(4);
  expect(paints).toBeLessThanOrEqual(13);
});

test('an answer that somebody waits for is known as awaited; one that the stream outdated is not', async () => {
  const cache = new ResourceCache(nobody);
  const later = (value: string) => () => new Promise<string>((resolve) => setTimeout(() => resolve(value), 100));
  const told: boolean[] = [];
  cache.onAwaited(() => told.push(cache.isAwaited()));
  const { request } = question('a', later('one'), later('two'), later('three'));
  cache.watch(request, nobody);
  expect(cache.isAwaited()).toBe(true);
  await vi.advanceTimersByTimeAsync(1000);
  cache.apply(change(2, 'a'));
  await vi.advanceTimersByTimeAsync(1000);
  expect(cache.read('a')).toMatchObject({ data: 'two', isLoading: false });
  cache.repeat('a');
  await vi.advanceTimersByTimeAsync(1000);
  expect(told).toEqual([true, false, true, false]);
});
