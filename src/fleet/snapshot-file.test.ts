import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { batchOf, faceOf, kindOf } from '../../test/support/fleet-batches.ts';
import { FleetStore } from './fleet-store.ts';
import type { ClusterSnapshot } from './snapshot.ts';
import { readSnapshotFile, snapshotFileName, writeSnapshotFile } from './snapshot-file.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleet-snapshot-'));
});

afterEach(() => rm(folder, { recursive: true }));

function store(...kinds: readonly string[]): FleetStore {
  const made = new FleetStore({ kinds: kinds.map(kindOf), epoch: 'e', now: () => 7 });
  made.putCluster(faceOf('prod'));
  return made;
}

const list = { cluster: 'prod', step: 'listed', isFirst: true, resourceVersion: '42', receivedAt: 5 } as const;

function filled(): FleetStore {
  const made = store('Pod', 'Node', 'PersistentVolumeClaim');
  const pod = { namespace: 'shop', uid: 'u', created: 60, labels: 'app=web\ntier=front', images: 'i:1', restarts: -2 };
  made.apply(
    batchOf({ ...list, kind: 'Pod' }, [
      { ...pod, name: 'gone' },
      { ...pod, name: 'wéb', message: 'ü' },
      { ...pod, name: 'b' },
    ]),
  );
  made.apply(batchOf({ ...list, kind: 'Pod', step: 'changes' }, [['delete', { namespace: 'shop', name: 'gone' }]]));
  made.apply(
    batchOf({ ...list, kind: 'PersistentVolumeClaim' }, [{ namespace: 'shop', name: 'disk', capacity: 2 ** 40 + 0.5 }]),
  );
  return made;
}

function saved(from: FleetStore): ClusterSnapshot {
  const snapshot = from.snapshot('prod');
  if (snapshot === undefined) throw new Error('There is no cluster');
  return snapshot;
}

const items = (from: FleetStore): unknown => {
  const { items: found } = JSON.parse(Buffer.from(from.objects({ limit: 100 }, 'all')).toString()) as {
    items: object[];
  };
  return found.map((item) => ({ ...item, asOf: undefined }));
};

describe('a snapshot', () => {
  test('is read as it was written, with all cells', async () => {
    const path = join(folder, snapshotFileName('prod'));
    await writeSnapshotFile(path, saved(filled()));
    const read = await readSnapshotFile(path);
    if (typeof read !== 'object') throw new Error(String(read));
    expect(read).toMatchObject({ name: 'prod', server: 'https://prod.example.com', savedAt: 7 });
    const later = store('Pod', 'Node', 'PersistentVolumeClaim');
    expect(later.restore('prod', read)).toEqual({ Pod: '42', PersistentVolumeClaim: '42' });
    expect(items(later)).toEqual(items(filled()));
    expect(later.namespacesOf('prod')).toEqual(new Set(['shop']));
  });

  test('leaves out kinds that are not read any more, and those with other columns', () => {
    const snapshot = saved(filled());
    const other = { ...snapshot, kinds: snapshot.kinds.map((kind) => ({ ...kind, columns: 'name:text' })) };
    expect(store('Pod').restore('prod', snapshot)).toEqual({ Pod: '42' });
    expect(store('Pod').restore('prod', other)).toEqual({});
  });

  test('does not take the place of what was read since', () => {
    const later = store('Pod', 'PersistentVolumeClaim');
    later.apply(
      batchOf({ ...list, kind: 'Pod', resourceVersion: '50' }, [{ namespace: 'shop', name: 'new', uid: 'n' }]),
    );
    expect(later.restore('prod', saved(filled()))).toEqual({ Pod: '50', PersistentVolumeClaim: '42' });
    expect(later.stats().objects).toEqual({ Pod: 1, PersistentVolumeClaim: 1 });
  });
});

describe('a file', () => {
  test('that is not there is no snapshot', async () => {
    expect(await readSnapshotFile(join(folder, 'none'))).toBeUndefined();
  });

  test('that does not fit is put aside with a reason', async () => {
    const path = join(folder, 'prod.snapshot');
    await writeSnapshotFile(path, saved(filled()));
    const bytes = await readFile(path);
    bytes[100] = (bytes[100] ?? 0) ^ 255;
    await writeFile(path, bytes);
    expect(await readSnapshotFile(path)).toBe('its checksum is wrong');
    expect(await readdir(folder)).toEqual(['prod.snapshot.unfit']);
    await writeFile(path, 'short');
    expect(await readSnapshotFile(path)).toBe('it is too short');
  });

  test('that another run left unfinished is in nobody’s way', async () => {
    const path = join(folder, 'prod.snapshot');
    await writeFile(`${path}.new`, 'half');
    await writeSnapshotFile(path, saved(filled()));
    expect(await readdir(folder)).toEqual(['prod.snapshot']);
  });

  test('has a name of its own for every cluster', () => {
    expect(snapshotFileName('../a/b')).toMatch(/^[\w.-]+\.snapshot$/);
    expect(snapshotFileName('../a/b')).not.toContain('/');
    expect(snapshotFileName('a/b')).not.toBe(snapshotFileName('a_b'));
  });
});
