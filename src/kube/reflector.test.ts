import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { Slots } from '../base/slots.ts';
import { reflect } from './reflector.ts';
import type { ClusterTransport, KubeStream } from './transport.ts';

/** A watch that says what the test lets it say. */
class ToldWatch {
  isCancelled = false;
  #next = Promise.withResolvers<Buffer | undefined>();

  tell(event: object): void {
    this.#answer(Buffer.from(`${JSON.stringify(event)}\n`));
  }

  stream(): KubeStream {
    const next = (): Promise<Buffer | undefined> => this.#next.promise;
    const cancel = (): void => {
      this.isCancelled = true;
      this.#answer(undefined);
    };
    const chunks = (async function* () {
      for (let chunk = await next(); chunk !== undefined; chunk = await next()) yield chunk;
    })();
    return { status: 200, headers: {}, chunks, cancel };
  }

  #answer(chunk: Buffer | undefined): void {
    this.#next.resolve(chunk);
    this.#next = Promise.withResolvers();
  }
}

test('a watch that says nothing for minutes is opened anew; one that says something is not', async () => {
  const clock = new ManualClock();
  const watches: ToldWatch[] = [];
  const versions: unknown[] = [];
  const abort = new AbortController();
  const transport = {
    open: async ({ query }: Parameters<ClusterTransport['open']>[0]) => {
      versions.push(new URLSearchParams(query).get('resourceVersion'));
      watches.push(new ToldWatch());
      return watches.at(-1)?.stream();
    },
  } as Partial<ClusterTransport> as ClusterTransport;
  const reading = reflect({
    transport,
    resource: { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', isNamespaced: true },
    from: '5',
    sink: { listing: () => {}, page: () => {}, listed: () => {}, changed: () => {}, state: () => {} },
    clock,
    slots: new Slots(1),
    signal: abort.signal,
  });
  const pass = async (seconds: number): Promise<void> => {
    for (let left = seconds; left > 0; left -= 10) {
      clock.advance(10_000);
      await turn();
    }
  };
  await turn();
  await pass(140);
  watches[0]?.tell({ type: 'BOOKMARK', object: { kind: 'ConfigMap', metadata: { resourceVersion: '9' } } });
  await turn();
  await pass(90);
  expect(watches.map(({ isCancelled }) => isCancelled)).toEqual([false]);
  await pass(70);
  expect(watches.map(({ isCancelled }) => isCancelled)).toEqual([true, false]);
  expect(versions).toEqual(['5', '9']);
  abort.abort();
  watches[1]?.stream().cancel();
  clock.advance(1_000);
  await reading;
});
