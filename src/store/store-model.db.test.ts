import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSnapshot } from '../../test/support/store-contents.ts';
import { describeEngines } from '../../test/support/store-engines.ts';
import { DigestSum } from '../base/digest.ts';
import { factKey, leaseKey, type Change, type ChangeType } from '../model/change.ts';
import { recordDigest, type PresentRecord } from './digest.ts';
import type { SnapshotPage, Store, Write, WriteOutcome } from './store.ts';
import { dataTables } from './tables.ts';

type Records = Map<string, Record<string, unknown>>;

/** The store as simply as it can be said: records by `type key`, without uid, times and bodies. */
class Model {
  readonly records: Records = new Map();

  commit(writes: readonly Write[]): WriteOutcome['status'][] {
    const outcomes = writes.map((write) => this.apply(write));
    for (const key of this.records.keys()) {
      const owner = /^fact ([^|]*)/.exec(key)?.[1];
      if (owner !== undefined && !this.records.has(`entity ${owner}`)) this.records.delete(key);
    }
    return outcomes;
  }

  apply(write: Write): WriteOutcome['status'] {
    switch (write.op) {
      case 'putEntity': {
        const { ref, hash, location, source, line } = write.entity;
        const old = this.records.get(`entity ${ref}`);
        if (old && old['location'] !== location) return 'conflict';
        return this.put(`entity ${ref}`, { hash, location, source, line });
      }
      case 'deleteEntity': {
        const old = this.records.get(`entity ${write.ref}`);
        return old && old['location'] !== write.location ? 'conflict' : this.drop(`entity ${write.ref}`);
      }
      case 'putFact': {
        if (!this.records.has(`entity ${write.fact.entityRef}`)) return 'absent';
        return this.put(`fact ${factKey(write.fact)}`, { value: write.fact.value, source: write.fact.source });
      }
      case 'deleteFact':
        return this.drop(`fact ${factKey(write)}`);
      case 'putLease':
        return this.put(`lease ${leaseKey(write.lease)}`, { expiresAt: write.lease.expiresAt });
      case 'deleteLease':
        return this.drop(`lease ${leaseKey(write)}`);
      case 'putProblem':
        return this.put(`problem ${write.problem.id}`, { message: write.problem.message });
      case 'deleteProblem':
        return this.drop(`problem ${write.id}`);
      case 'putLocation':
        return this.put(`location ${write.location.ref}`, { fingerprint: write.location.fingerprint });
      case 'deleteLocation':
        return this.drop(`location ${write.ref}`);
    }
  }

  put(key: string, record: Record<string, unknown>): 'written' | 'unchanged' {
    const same = JSON.stringify(this.records.get(key)) === JSON.stringify(record);
    this.records.set(key, record);
    return same ? 'unchanged' : 'written';
  }

  drop(key: string): 'written' | 'absent' {
    return this.records.delete(key) ? 'written' : 'absent';
  }
}

/** What the model keeps of a record. */
function modelled(change: PresentRecord): Record<string, unknown> {
  switch (change.type) {
    case 'entity': {
      const { hash, location, source, line } = change.value;
      return { hash, location, source, line };
    }
    case 'fact':
      return { value: change.value.value, source: change.value.source };
    case 'lease':
      return { expiresAt: change.value.expiresAt };
    case 'problem':
      return { message: change.value.message };
    case 'location':
      return { fingerprint: change.value.fingerprint };
  }
}

function recordsOf(page: SnapshotPage): PresentRecord[] {
  return [
    ...page.entities.map((value) => ({ type: 'entity' as const, key: value.ref, value })),
    ...page.facts.map((value) => ({ type: 'fact' as const, key: factKey(value), value })),
    ...page.leases.map((value) => ({ type: 'lease' as const, key: leaseKey(value), value })),
    ...page.problems.map((value) => ({ type: 'problem' as const, key: value.id, value })),
    ...page.locations.map((value) => ({ type: 'location' as const, key: value.ref, value })),
  ];
}

const plain = (records: Iterable<PresentRecord>): Record<string, unknown> =>
  Object.fromEntries([...records].map((record) => [`${record.type} ${record.key}`, modelled(record)]));

function digestsOf(records: Iterable<PresentRecord>): Record<ChangeType, string> {
  const sums = { entity: 0, fact: 0, lease: 0, problem: 0, location: 0 };
  const digests = Object.fromEntries(Object.keys(sums).map((type) => [type, new DigestSum()]));
  for (const record of records) digests[record.type]?.add(recordDigest(record));
  return Object.fromEntries(Object.entries(digests).map(([type, sum]) => [type, sum.toString()])) as never;
}

/** Replays the log from the beginning, as a cache does. */
async function replay(store: Store): Promise<PresentRecord[]> {
  const records = new Map<string, Change>();
  let revision = 0;
  for (let batch = await store.readLog(0, 7); batch.length > 0; batch = await store.readLog(revision, 7)) {
    for (const transaction of batch) {
      expect(transaction.revision).toBe(++revision);
      for (const change of transaction.changes) records.set(`${change.type} ${change.key}`, change);
    }
  }
  return [...records.values()].filter((change): change is PresentRecord => change.value !== null);
}

const name = fc.constantFrom('a', 'b', 'c', 'd');
const ref = name.map((each) => `component:default/${each}`);
const location = fc.constantFrom('file:/one', 'file:/two');
const value = fc
  .jsonValue({ maxDepth: 2 })
  .filter((each) => !JSON.stringify(each).includes('-0')) as fc.Arbitrary<null>;
const putEntityWrite = fc.record({
  name,
  location,
  line: fc.integer({ min: 1, max: 2 }),
  hash: fc.constantFrom('1', '2'),
});

const write: fc.Arbitrary<Write> = fc.oneof(
  {
    weight: 4,
    arbitrary: putEntityWrite.map(({ name: each, ...rest }): Write => {
      const body = JSON.stringify({ kind: 'Component', metadata: { name: each }, spec: { hash: rest.hash } });
      return { op: 'putEntity', entity: { ref: `component:default/${each}`, body, source: 's', ...rest } };
    }),
  },
  { weight: 2, arbitrary: fc.record({ ref, location }).map((each): Write => ({ op: 'deleteEntity', ...each })) },
  {
    weight: 3,
    arbitrary: fc.record({ ref, path: name, value, source: name }).map((each): Write => ({
      op: 'putFact',
      fact: {
        entityRef: each.ref,
        collector: 'c',
        path: each.path,
        value: each.value,
        source: each.source,
        observedAt: 1,
      },
    })),
  },
  fc
    .record({ ref, path: name })
    .map((each): Write => ({ op: 'deleteFact', entityRef: each.ref, collector: 'c', path: each.path })),
  fc
    .record({ source: name, expiresAt: fc.integer({ min: 1, max: 3 }) })
    .map((each): Write => ({ op: 'putLease', lease: { collector: 'c', lastSuccessAt: 0, ...each } })),
  name.map((source): Write => ({ op: 'deleteLease', collector: 'c', source })),
  fc.record({ id: name, message: name }).map((each): Write => ({
    op: 'putProblem',
    problem: { source: 's', location: 'l', code: 'x', severity: 'warning', since: 1, ...each },
  })),
  name.map((id): Write => ({ op: 'deleteProblem', id })),
  fc
    .record({ ref: name, fingerprint: name })
    .map((each): Write => ({ op: 'putLocation', location: { source: 's', entities: 0, changedAt: 1, ...each } })),
  name.map((each): Write => ({ op: 'deleteLocation', ref: each })),
);
const rounds = fc.array(fc.array(fc.array(write, { maxLength: 6 }), { minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 8,
});

const WIPE = [
  ...dataTables.slice(1).map(({ name: table }) => `DELETE FROM ${table}`),
  'UPDATE revision SET value = 0',
].join(';');

describeEngines('random writes', (makeHome) => {
  test('leave the records of a simple model, one by one or many at once, and log and digests agree', async () => {
    const home = await makeHome();
    const store = await home.open();
    await fc.assert(
      fc.asyncProperty(rounds, async (batchesByRound) => {
        await home.execute(WIPE);
        const model = new Model();
        for (const batches of batchesByRound) {
          const results = await Promise.all(batches.map((batch) => store.commit(batch)));
          const statuses = results.map(({ outcomes }) => outcomes.map(({ status }) => status));
          expect(statuses).toEqual(batches.map((batch) => model.commit(batch)));
        }
        const snapshot = await readSnapshot(store);
        const records = recordsOf(snapshot);
        expect(plain(records)).toEqual(Object.fromEntries(model.records));
        const replayed = await replay(store);
        expect(plain(replayed)).toEqual(plain(records));
        const digest = await store.digest();
        expect(digest).toEqual({ revision: snapshot.revision, digests: digestsOf(records) });
        expect(digestsOf(replayed)).toEqual(digest.digests);
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});
