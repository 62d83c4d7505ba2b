import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../kube/reflection.ts';
import { commonColumns } from '../live/column.ts';
import { columnsOf, liveKinds } from '../live/kind-table.ts';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { type Batch, operation } from './batch.ts';
import { BatchWriter } from './batch-writer.ts';
import { Gathering } from './gathering.ts';
import { reduceObject } from './reduce/reduce.ts';

const [kind] = liveKinds.filter(({ id }) => id === 'Namespace');
const COMMON = commonColumns.length;
const WIDTH = kind === undefined ? 0 : 1 + columnsOf(kind).length;

function namespace(name: string, phase: unknown = 'Active'): KubeObject {
  return { metadata: { name, uid: `uid-${name}`, resourceVersion: '1' }, status: { phase } };
}

function open(room: () => Promise<void> = () => Promise.resolve()): {
  writer: BatchWriter;
  sent: Batch[];
  clock: ManualClock;
  unreadable: unknown[];
} {
  if (kind === undefined) throw new Error('The kind is not there');
  const sent: Batch[] = [];
  const unreadable: unknown[] = [];
  const clock = new ManualClock();
  const writer = new BatchWriter({
    cluster: 'stage',
    generation: 3,
    kind,
    clock,
    gathering: new Gathering(clock),
    reduce: reduceObject,
    onUnreadable: (error) => unreadable.push(error),
    send: (batch) => {
      sent.push(batch);
      return room();
    },
  });
  return { writer, sent, clock, unreadable };
}

/** Operation and name of each row. */
function rowsOf({ cells, rows, texts }: Batch): [number | undefined, string | undefined][] {
  return Array.from({ length: rows }, (_, row) => [cells[row * WIDTH], texts[cells[row * WIDTH + 2] ?? -1]]);
}

describe('what is read of a kind', () => {
  test('goes out page by page, each text once, and then as a whole list', async () => {
    const { writer, sent } = open();
    writer.listing();
    await writer.page([namespace('north'), namespace('south')]);
    await writer.page([namespace('west')]);
    await writer.listed('77');
    expect(sent.map(({ step, isFirst, rows, resourceVersion }) => [step, isFirst, rows, resourceVersion])).toEqual([
      ['page', true, 2, undefined],
      ['page', false, 1, undefined],
      ['listed', false, 0, '77'],
    ]);
    const [first] = sent;
    expect(first).toMatchObject({ type: 'batch', cluster: 'stage', generation: 3, kind: 'Namespace' });
    expect(first?.texts.filter((text) => text === 'Active')).toHaveLength(1);
    expect(sent.flatMap(rowsOf)).toEqual([
      [operation.put, 'north'],
      [operation.put, 'south'],
      [operation.put, 'west'],
    ]);
  });

  test('of an empty list only its end goes out, which begins it too', async () => {
    const { writer, sent } = open();
    writer.listing();
    await writer.listed('5');
    expect(sent).toMatchObject([{ step: 'listed', isFirst: true, rows: 0, resourceVersion: '5' }]);
  });

  test('a large page goes out in parts', async () => {
    const { writer, sent } = open();
    writer.listing();
    await writer.page(Array.from({ length: 1_100 }, (_, at) => namespace(`n${at}`)));
    expect(sent.map(({ rows, isFirst }) => [rows, isFirst])).toEqual([
      [500, true],
      [500, false],
      [100, false],
    ]);
  });
});

describe('changes', () => {
  test('wait a moment for others and go out together, in order, at the newest resourceVersion', async () => {
    const { writer, sent, clock } = open();
    await writer.changed([{ type: 'ADDED', object: namespace('north') }], '2');
    await writer.changed([{ type: 'DELETED', object: namespace('north') }], '3');
    expect(sent).toEqual([]);
    clock.advance(50);
    expect(sent).toMatchObject([{ step: 'changes', rows: 2, resourceVersion: '3', receivedAt: clock.now() - 50 }]);
    expect(sent.flatMap(rowsOf)).toEqual([
      [operation.put, 'north'],
      [operation.delete, 'north'],
    ]);
  });

  test('a bookmark goes out as a batch without rows', async () => {
    const { writer, sent, clock } = open();
    await writer.changed([], '9');
    clock.advance(50);
    expect(sent).toMatchObject([{ step: 'changes', rows: 0, resourceVersion: '9' }]);
  });

  test('that wait go out before a list that follows them', async () => {
    const { writer, sent } = open();
    await writer.changed([{ type: 'ADDED', object: namespace('north') }], '2');
    writer.listing();
    await writer.page([namespace('south')]);
    expect(sent.map(({ step, isFirst }) => [step, isFirst])).toEqual([
      ['changes', false],
      ['page', true],
    ]);
  });

  test('are not taken while there is no room for more', async () => {
    const room = Promise.withResolvers<void>();
    const { writer, sent, clock } = open(() => room.promise);
    await writer.changed([{ type: 'ADDED', object: namespace('north') }], '2');
    clock.advance(50);
    let isTaken = false;
    const taking = writer.changed([{ type: 'ADDED', object: namespace('south') }], '3').then(() => (isTaken = true));
    await Promise.resolve();
    clock.advance(1_000);
    expect([isTaken, sent.length]).toEqual([false, 1]);
    room.resolve();
    await taking;
    clock.advance(50);
    expect(sent.flatMap(rowsOf).map(([, name]) => name)).toEqual(['north', 'south']);
  });

  test('nothing goes out after the end', async () => {
    const { writer, sent, clock } = open();
    await writer.changed([{ type: 'ADDED', object: namespace('north') }], '2');
    writer.close();
    clock.advance(1_000);
    expect(sent).toEqual([]);
  });
});

describe('an object that cannot be read', () => {
  test('is left out and told; the others go on', async () => {
    const { writer, sent, unreadable } = open();
    const broken = { metadata: { name: 7, resourceVersion: '1' } } as unknown as KubeObject;
    await writer.page([namespace('north'), broken, namespace('south')]);
    expect(sent.flatMap(rowsOf).map(([, name]) => name)).toEqual(['north', 'south']);
    expect(unreadable).toHaveLength(1);
  });

  test('cells of a wrong type are left out', async () => {
    const { writer, sent } = open();
    await writer.page([namespace('north', 12)]);
    expect(sent[0]?.cells[1 + COMMON]).toBeNaN();
  });
});
