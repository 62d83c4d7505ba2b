import { systemClock } from '../../src/base/clock.ts';
import type { CallboardError } from '../../src/base/errors.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { KEEP_ALL } from './keep-all.ts';
import { putEntity, putFact } from './writes.ts';

// A process of its own with real stores, for tests of several processes and of sudden death. It is told what to do by
// its argument and reports by messages to its parent.

/** What the process is to do. */
export type ProcessTask =
  /** Opens the store, says `{ open: true }` or `{ code }`, and keeps it open. */
  | { readonly task: 'hold'; readonly folder: string }
  /** Commits without end, one location per commit, and says `{ acknowledged: n }` for each. */
  | { readonly task: 'commit'; readonly folder: string; readonly prefix: string }
  /** Commits records of the permission layer with audit entries without end, and says `{ acknowledged: key }` for each. */
  | { readonly task: 'access'; readonly url: string | undefined; readonly folder: string; readonly prefix: string }
  /** Opens several stores, each of which commits; reads the log meanwhile, and says `{ seen, digest }` at the end. */
  | {
      readonly task: 'share';
      readonly url: string;
      readonly folder: string;
      readonly name: string;
      readonly notify: boolean;
      readonly writers: number;
      readonly commits: number;
      /** The reader goes on until it has seen this many commits of all processes. */
      readonly until: number;
    };

async function hold(folder: string): Promise<void> {
  try {
    await openStore({ url: undefined, folder, retention: KEEP_ALL });
    process.send?.({ open: true });
  } catch (error) {
    process.send?.({ code: (error as CallboardError).code, message: (error as CallboardError).message });
    process.disconnect();
  }
}

async function commitForever(folder: string, prefix: string): Promise<never> {
  const store = await openStore({ url: undefined, folder, retention: { ...KEEP_ALL, revisions: 200 } });
  process.send?.({ open: true });
  const worker = async (lane: number): Promise<never> => {
    for (let index = 0; ; index++) {
      const id = `${prefix}-${lane}-${index}`;
      const entity = `e${(lane * 7 + index) % 20}`;
      await store.commit([
        { op: 'putLocation', location: { ref: id, source: 's', fingerprint: id, entities: 1, changedAt: 1 } },
        putEntity(entity, { content: id.repeat(50) }),
        putFact(entity, 'x', { value: id }),
        ...(index % 9 === 8
          ? [{ op: 'deleteEntity', ref: `component:default/${entity}`, location: 'file:/catalog/a.yaml' } as const]
          : []),
      ]);
      process.send?.({ acknowledged: id });
      if (lane === 0 && index % 20 === 19) await store.compact();
    }
  };
  return Promise.race([1, 2, 3, 0].map((lane) => worker(lane)));
}

async function accessForever({ url, folder, prefix }: Extract<ProcessTask, { task: 'access' }>): Promise<never> {
  const store = await openStore({ url, folder, retention: KEEP_ALL });
  const { access } = store;
  process.send?.({ open: true });
  const worker = async (lane: number): Promise<never> => {
    for (let index = 0; ; index++) {
      const key = `${prefix}-${lane}-${index}`;
      const entry = { at: index, actor: 'user:default/a', action: 'a.b.c', target: key, outcome: 'success' } as const;
      const spent = { op: 'delete', type: 'session', key: `${prefix}-${lane}` } as const;
      const kept = { op: 'put', type: 'session', key: `${prefix}-${lane}`, value: index } as const;
      await access.commit([{ op: 'put', type: 'role', key, value: index }, index % 2 === 0 ? kept : spent], [entry]);
      process.send?.({ acknowledged: key });
      if (lane === 0 && index % 20 === 19) await store.compact();
    }
  };
  return Promise.race([0, 1, 2].map((lane) => worker(lane)));
}

async function share(task: Extract<ProcessTask, { task: 'share' }>): Promise<void> {
  const { url, folder, notify } = task;
  const open = (): Promise<Store> => openStore({ url, folder, notify, retention: KEEP_ALL });
  const stores = await Promise.all(Array.from({ length: task.writers + 1 }, open));
  const [reader, ...writers] = stores;
  if (reader === undefined) return;
  const reading = readUntil(reader, task.until);
  await Promise.all(writers.map((store, index) => writeMany(store, `${task.name}-${index}`, task.commits)));
  const { revisions, commits } = await reading;
  process.send?.({ revisions, commits, digest: await reader.digest() });
  await Promise.all(stores.map((store) => store.close()));
  process.disconnect();
}

/** Each commit writes a location of its own and fights over a few shared entities. */
async function writeMany(store: Store, name: string, commits: number): Promise<void> {
  for (let index = 0; index < commits; index++) {
    const entity = `shared${Math.floor(systemClock.random() * 4)}`;
    const id = `${name}-${index}`;
    await store.commit([
      { op: 'putLocation', location: { ref: id, source: 's', fingerprint: id, entities: 0, changedAt: 1 } },
      putEntity(entity, { content: id }),
      putFact(entity, `from-${name}`, { value: index }),
      ...(index % 5 === 4
        ? [{ op: 'deleteEntity', ref: `component:default/${entity}`, location: 'file:/catalog/a.yaml' } as const]
        : []),
    ]);
  }
}

/** Reads the log as a change feed does: woken by hints, and at the latest after 200 ms. */
async function readUntil(store: Store, until: number): Promise<{ revisions: number[]; commits: number }> {
  const revisions: number[] = [];
  let commits = 0;
  let wake = (): void => undefined;
  store.onHint(() => wake());
  while (commits < until) {
    for (const transaction of await store.readLog(revisions.at(-1) ?? 0, 50)) {
      revisions.push(transaction.revision);
      commits += transaction.changes.filter(({ type }) => type === 'location').length;
    }
    await new Promise<void>((resolve) => {
      wake = resolve;
      systemClock.after(200, resolve);
    });
  }
  return { revisions, commits };
}

const task = JSON.parse(process.argv[2] ?? '{}') as ProcessTask;
if (task.task === 'hold') await hold(task.folder);
else if (task.task === 'commit') await commitForever(task.folder, task.prefix);
else if (task.task === 'access') await accessForever(task);
else await share(task);
