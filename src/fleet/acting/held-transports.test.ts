import { beforeEach, describe, expect, test } from 'vitest';
import type { ClusterConnection } from '../../kube/connection.ts';
import type { ClusterTransport } from '../../kube/transport.ts';
import { createLog } from '../../telemetry/log.ts';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { HeldTransports } from './held-transports.ts';

const connection: ClusterConnection = {
  name: 'a',
  server: 'https://127.0.0.1:1',
  isInsecure: false,
  disableCompression: false,
  credential: { type: 'none' },
};

let clock: ManualClock;
let transports: HeldTransports;

beforeEach(() => {
  clock = new ManualClock();
  transports = new HeldTransports({ clock, environment: {}, log: createLog({ level: 'fatal', format: 'json' }) });
  transports.put(connection);
});

/** The transport that one who asks now gets. */
function next(): ClusterTransport {
  const { transport, release } = transports.use('a');
  release(false);
  return transport;
}

const isClosed = async (transport: ClusterTransport): Promise<boolean> => {
  const fault = await transport.request({ path: '/' }).then(
    () => undefined,
    (thrown: unknown) => thrown as Error,
  );
  return fault?.message.includes('It was closed here') === true;
};

describe('a connection', () => {
  test('is shared, and closed when nobody has used it for a minute', async () => {
    const one = transports.use('a');
    expect(next()).toBe(one.transport);
    clock.advance(120_000);
    expect(next()).toBe(one.transport);
    one.release(false);
    clock.advance(59_000);
    expect(next()).toBe(one.transport);
    clock.advance(61_000);
    expect(await isClosed(one.transport)).toBe(true);
    expect(next()).not.toBe(one.transport);
  });

  test('is another one where the cluster is reached otherwise; who uses the old one goes on', async () => {
    const one = transports.use('a');
    transports.put({ ...connection });
    expect(next()).toBe(one.transport);
    transports.put({ ...connection, server: 'https://127.0.0.1:2' });
    expect(next()).not.toBe(one.transport);
    expect(await isClosed(one.transport)).toBe(false);
    one.release(false);
    expect(await isClosed(one.transport)).toBe(true);
  });

  test('of answers that go on carries few of them and nothing else; room that comes is used again', () => {
    const short = transports.use('a').transport;
    const lasting = Array.from({ length: 60 }, () => transports.use('a', { isLasting: true }));
    const counts = Map.groupBy(lasting, ({ transport }) => transport);
    expect(Array.from(counts.values(), ({ length }) => length)).toEqual([25, 25, 10]);
    expect(counts.has(short)).toBe(false);
    expect(next()).toBe(short);
    const [first] = lasting;
    first?.release(false);
    expect(transports.use('a', { isLasting: true }).transport).toBe(first?.transport);
  });

  test('that broke is not given to the next one', () => {
    const one = transports.use('a');
    one.release(true);
    expect(next()).not.toBe(one.transport);
  });

  test('ends with its cluster, and with all, used or not, old ones too', async () => {
    const old = transports.use('a');
    transports.put({ ...connection, server: 'https://127.0.0.1:2' });
    const used = transports.use('a');
    transports.drop('a');
    expect(await isClosed(old.transport)).toBe(true);
    expect(await isClosed(used.transport)).toBe(true);
    expect(() => transports.use('a')).toThrow(expect.objectContaining({ code: 'CLUSTER_UNKNOWN' }) as Error);
    transports.put(connection);
    const last = transports.use('a');
    await transports.close();
    expect(await isClosed(last.transport)).toBe(true);
  });
});
