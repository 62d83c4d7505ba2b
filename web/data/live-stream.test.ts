import { expect, test } from 'vitest';
import { ClientError, type ClientEvent, type EventOptions } from '../../src/client.ts';
import { LiveStream } from './live-stream.ts';

/** A stream that the test feeds, and a reader that notes what it is told. */
function start(after: number | undefined) {
  const notes: string[] = [];
  const opened: (number | undefined)[] = [];
  const queue: ClientEvent[] = [];
  let wake: () => void = () => undefined;
  async function* open({ after: from, signal }: EventOptions): AsyncGenerator<ClientEvent> {
    opened.push(from);
    while (!signal.aborted) {
      const event = queue.shift();
      if (event) yield event;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    }
  }
  const stream = new LiveStream(open, {
    apply: (batch) => notes.push(`apply ${batch.revision}`),
    outdateAll: () => notes.push('outdateAll'),
  });
  stream.allow();
  stream.start(after);
  const feed = async (...events: readonly ClientEvent[]): Promise<void> => {
    queue.push(...events);
    wake();
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { stream, notes, opened, feed };
}

const lost: ClientEvent = { type: 'lost', error: new ClientError('NO_ANSWER', 0, 'gone'), retryMs: 500 };

test('follows from the revision of what is shown, and begins only once', async () => {
  const { stream, notes, opened, feed } = start(5);
  stream.start(99);
  await feed({ type: 'open' }, { type: 'change', data: { revision: 6, changes: [], sources: true } });
  expect(opened).toEqual([5]);
  expect(notes).toEqual(['apply 6']);
  expect(stream.read().status).toBe('live');
  stream.close();
});

test('waits until it is known who asks, and then goes on from the oldest answer that is shown', async () => {
  const opened: (number | undefined)[] = [];
  const stream = new LiveStream(
    ({ after }) => {
      opened.push(after);
      return (async function* () {})();
    },
    { apply: () => undefined, outdateAll: () => undefined },
  );
  stream.start(9);
  stream.start(7);
  stream.start(8);
  expect(opened).toEqual([]);
  stream.allow();
  stream.start(3);
  expect(opened).toEqual([7]);
  stream.close();
});

test('a browser without network shows it at once; where the server still answers all is well again', async () => {
  const { stream, notes, opened, feed } = start(5);
  await feed({ type: 'open' });
  stream.doubt();
  expect(stream.read().status).toBe('lost');
  await feed({ type: 'open' });
  expect(stream.read().status).toBe('live');
  expect(opened).toEqual([5, 5]);
  expect(notes).toEqual(['outdateAll']);
  stream.close();
});

test('without an answer to go on from, everything is asked again when the stream opens', async () => {
  const { stream, notes, feed } = start(undefined);
  expect(stream.read().status).toBe('connecting');
  await feed({ type: 'open' });
  expect(notes).toEqual(['outdateAll']);
  stream.close();
});

test('a lost connection says since when, and coming back asks everything again', async () => {
  const { stream, notes, feed } = start(5);
  const before = Date.now();
  await feed({ type: 'open' }, lost);
  const first = stream.read();
  expect(first.status).toBe('lost');
  expect(first.lastContactAt).toBeGreaterThanOrEqual(before);
  await feed(lost);
  expect(stream.read()).toBe(first);
  await feed({ type: 'open' });
  expect(stream.read().status).toBe('live');
  expect(notes).toEqual(['outdateAll']);
  stream.close();
});

test('a server that never answered has no time to name', async () => {
  const { stream, feed } = start(undefined);
  await feed(lost);
  expect(stream.read()).toEqual({ status: 'lost', lastContactAt: undefined });
  stream.close();
});

test('missed changes outdate everything', async () => {
  const { stream, notes, feed } = start(5);
  await feed({ type: 'open' }, { type: 'relist', data: { revision: 90, reason: 'expired' } });
  expect(notes).toEqual(['outdateAll']);
  stream.close();
});

test('trying at once goes on from the newest revision, and only while the connection is lost', async () => {
  const { stream, opened, feed } = start(5);
  await feed({ type: 'open' }, { type: 'bookmark', data: { revision: 12 } });
  stream.retryNow();
  expect(opened).toEqual([5]);
  await feed(lost);
  stream.retryNow();
  await feed({ type: 'open' });
  expect(opened).toEqual([5, 12]);
  expect(stream.read().status).toBe('live');
  stream.close();
});

test.each([
  [401, 'ended'],
  [403, 'refused'],
])('a refusal (%i) is no lost connection: %s, until it is tried anew', async (status, word) => {
  const notes: string[] = [];
  let refusal: ClientError | undefined = new ClientError('REFUSED', status, 'no');
  // oxlint-disable-next-line typescript/require-await -- the client's stream is one
  async function* open(): AsyncGenerator<ClientEvent> {
    if (refusal) throw refusal;
    yield { type: 'open' };
  }
  const stream = new LiveStream(open, { apply: () => undefined, outdateAll: () => notes.push('outdateAll') });
  stream.allow();
  stream.start(5);
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(stream.read().status).toBe(word);
  expect(notes).toEqual([]);
  refusal = undefined;
  stream.retryNow();
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(stream.read().status).toBe('live');
  expect(notes).toEqual(['outdateAll']);
  stream.close();
});
