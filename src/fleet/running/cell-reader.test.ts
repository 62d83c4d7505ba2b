import { describe, expect, test } from 'vitest';
import { batchOf, type CellsByColumn, kindOf } from '../../../test/support/fleet-batches.ts';
import { liveObject } from '../../../test/support/memory-fleet.ts';
import { BatchRows } from '../batch-rows.ts';
import { ColumnWords } from '../column-words.ts';
import { layoutOf } from '../columns.ts';
import { PairSets } from '../pair-sets.ts';
import { Shard } from '../shard.ts';
import { noWord, Words } from '../words.ts';
import { IdClusters } from '../id-clusters.ts';
import { CellReader } from './cell-reader.ts';

const words = new Words();
const pairs = new PairSets(words);
const vocabulary = {
  words,
  pairs,
  columnWords: new ColumnWords(words),
  wordClusters: new IdClusters(),
  setClusters: new IdClusters(),
};
const cells = new CellReader(words);

/** A shard with one object in its first row. */
function held(kind: string, object: CellsByColumn): Shard {
  const layout = layoutOf(kindOf(kind));
  const rows = new BatchRows(batchOf({ cluster: 'east', kind }, [object]), layout, vocabulary, 0);
  const shard = new Shard(layout);
  if (!rows.isWhole || !rows.stage(0)) throw new Error('The object does not fit');
  shard.put(rows);
  return shard;
}

const pod = held(
  'Pod',
  liveObject('web-1', {
    namespace: 'shop',
    labels: 'app=web\ntier=front',
    phase: 'Running',
    message: 'back-off 5m0s',
    restarts: 0,
    created: 1_750_000_000,
  }),
);
const node = held('Node', liveObject('node-1', { memory: 6_442_450_944.5 }));

describe('cells of a row', () => {
  test('are read by the type of their column', () => {
    expect(cells.word(pod, 0, 'phase')).toBe('Running');
    expect(words.text(cells.wordId(pod, 0, 'phase'))).toBe('Running');
    expect(pairs.text(cells.wordId(pod, 0, 'labels'))).toBe('app=web\ntier=front');
    expect(cells.text(pod, 0, 'message')).toBe('back-off 5m0s');
    expect(cells.count(pod, 0, 'restarts')).toBe(0);
    expect(cells.time(pod, 0, 'created')).toBe(1_750_000_000);
    expect(cells.amount(node, 0, 'memory')).toBe(6_442_450_944.5);
  });

  test('without a value are absent', () => {
    expect(cells.word(pod, 0, 'reason')).toBeUndefined();
    expect(cells.wordId(pod, 0, 'annotations')).toBe(noWord);
    expect(cells.text(held('Pod', liveObject('web-2')), 0, 'message')).toBeUndefined();
    expect(cells.count(pod, 0, 'containers')).toBeUndefined();
    expect(cells.time(pod, 0, 'restarted')).toBeUndefined();
    expect(cells.amount(node, 0, 'cpu')).toBeUndefined();
  });
});

describe('a column of another type, or of another kind,', () => {
  test('a text is not taken for a word: where it begins is the id of some other word', () => {
    const quota = held('ResourceQuota', liveObject('limits', { hard: 'pods=10', used: 'pods=10' }));
    for (const column of ['hard', 'used']) {
      expect(cells.wordId(quota, 0, column)).toBe(noWord);
      expect(cells.word(quota, 0, column)).toBeUndefined();
    }
    expect(cells.text(quota, 0, 'used')).toBe('pods=10');
  });

  test.each(['restarts', 'created', 'message', 'memory', 'nothing'])('%s is no word of a pod', (column) => {
    expect(cells.wordId(pod, 0, column)).toBe(noWord);
    expect(cells.word(pod, 0, column)).toBeUndefined();
  });

  test('is absent however it is asked for', () => {
    expect(cells.text(pod, 0, 'phase')).toBeUndefined();
    expect(cells.count(pod, 0, 'created')).toBeUndefined();
    expect(cells.time(pod, 0, 'restarts')).toBeUndefined();
    expect(cells.amount(pod, 0, 'restarts')).toBeUndefined();
    expect(cells.count(node, 0, 'memory')).toBeUndefined();
  });
});
