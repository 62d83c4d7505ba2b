import type { SnapshotPage, Store } from '../../src/store/store.ts';

/** Everything a snapshot holds, as one page. */
export async function readSnapshot(store: Store): Promise<SnapshotPage> {
  const all: { -readonly [P in keyof SnapshotPage]: SnapshotPage[P] } = {
    revision: -1,
    entities: [],
    facts: [],
    leases: [],
    problems: [],
    locations: [],
  };
  for await (const page of store.snapshot()) {
    all.revision = page.revision;
    all.entities = [...all.entities, ...page.entities];
    all.facts = [...all.facts, ...page.facts];
    all.leases = [...all.leases, ...page.leases];
    all.problems = [...all.problems, ...page.problems];
    all.locations = [...all.locations, ...page.locations];
  }
  return all;
}
