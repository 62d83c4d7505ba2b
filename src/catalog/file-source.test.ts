import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { builtinKinds } from '../model/builtin-kinds.ts';
import type { LocationState } from '../model/location.ts';
import { FileSource } from './file-source.ts';
import { kindSet } from './kind-set.ts';
import type { LocationReading, SourceContext } from './source.ts';

let root: string;
let stops: (() => Promise<void>)[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'callboard-files-'));
});

afterEach(async () => {
  for (const stop of stops) await stop();
  stops = [];
  await rm(root, { recursive: true, force: true });
});

const group = (name: string): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: ${name}\nspec:\n  type: team\n  children: []\n`;
const location = (name: string, ...targets: string[]): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: ${name}\nspec:\n  targets: ${JSON.stringify(targets)}\n`;

async function save(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

/** What a consumer of a source knows after it was told everything. */
class Listener {
  readonly states = new Map<string, LocationState>();
  readonly readings = new Map<string, LocationReading>();
  readonly told: string[] = [];
  ignored = -1;
  error: unknown;
  readonly source: FileSource;

  constructor(target: string, states: Iterable<LocationState> = []) {
    for (const state of states) this.states.set(state.ref, state);
    const location = `file:${target}`;
    const parentEntity = 'location:default/test';
    this.source = new FileSource({ location, origin: location, parentEntity, configuredAt: 'test', optional: false });
    const abort = new AbortController();
    const running = this.#run(abort.signal).catch((error: unknown) => {
      if (!abort.signal.aborted) this.error = error;
    });
    stops.push(async () => {
      abort.abort(new Error('test ends'));
      await running;
    });
  }

  async #run(signal: AbortSignal): Promise<void> {
    const context: SourceContext = {
      clock: systemClock,
      log: pino({ level: 'silent' }),
      kinds: kindSet(builtinKinds),
      known: (ref) => this.states.get(ref),
      exact: false,
      knownLocations: () => [...this.states.values()],
      linksOf: () => [],
    };
    for await (const events of this.source.read(context, signal)) {
      for (const event of events) {
        if (event.type === 'synced') this.ignored = event.ignored;
        else if (event.type === 'gone') {
          this.states.delete(event.location);
          this.readings.delete(event.location);
          this.told.push(`-${event.location.slice(`file:${root}/`.length)}`);
        } else if (event.type === 'read') this.#note(event.reading);
      }
    }
  }

  #note(reading: LocationReading): void {
    const { location: ref, parent, parentEntity, fingerprint, entities } = reading;
    const source = this.source.id;
    const state = { ref, source, parent, parentEntity, fingerprint, entities: entities.length, changedAt: 0 };
    this.states.set(ref, state);
    this.readings.set(ref, reading);
    this.told.push(ref.slice(`file:${root}/`.length));
  }

  /** Names of all entities, in order. */
  names(): string[] {
    return [...this.readings.values()]
      .flatMap((reading) => reading.entities.map((entity) => entity.ref.replace(/^.*\//, '')))
      .toSorted();
  }

  codes(): string[] {
    return [...this.readings.values()].flatMap((reading) => reading.findings.map((finding) => finding.code)).toSorted();
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !condition(); turn += 1) await systemClock.sleep(10);
  expect(condition()).toBe(true);
}

async function listen(target: string, states?: Iterable<LocationState>): Promise<Listener> {
  const listener = new Listener(target, states);
  await until(() => listener.ignored >= 0 || listener.error !== undefined);
  return listener;
}

describe('the first look', () => {
  test('tells the descriptors of a folder in the order of their names', async () => {
    await save('b.yaml', group('b'));
    await save('a/z.yml', group('az'));
    await save(
      'a/catalog-info.json',
      JSON.stringify({
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'User',
        metadata: { name: 'u' },
        spec: { memberOf: [] },
      }),
    );
    await save('node_modules/x/catalog-info.yaml', group('no'));
    await save('.git/catalog-info.yaml', group('no'));
    await save('.hidden/catalog-info.yaml', group('hidden'));
    await save('chart/values.yaml', 'apiVersion: v1\nkind: x\n');
    await save('notes.md', group('no'));
    const listener = await listen(root);
    expect(listener.names()).toEqual(['az', 'b', 'hidden', 'u']);
    expect(listener.told.filter((path) => !path.startsWith('chart'))).toEqual([
      'b.yaml',
      '.hidden/catalog-info.yaml',
      'a/catalog-info.json',
      'a/z.yml',
    ]);
    expect(listener.ignored).toBe(1);
  });

  test('reads a named file whatever it is called, and a glob by its pattern', async () => {
    await save('entities.txt', group('a'));
    await save('x/one/team.yaml', group('one'));
    await save('x/two/team.yaml', 'broken: [');
    await save('x/two/other.yaml', group('other'));
    expect((await listen(join(root, 'entities.txt'))).names()).toEqual(['a']);
    const glob = await listen(join(root, 'x/**/team.yaml'));
    expect(glob.names()).toEqual(['one']);
    expect(glob.codes()).toEqual(['yaml-syntax']);
  });

  test('fails as a whole where a folder does not exist, and tells a missing file', async () => {
    expect((await listen(join(root, 'nowhere'))).error).toMatchObject({ code: 'SOURCE_UNREADABLE' });
    expect((await listen(join(root, 'absent.yaml'))).codes()).toEqual(['target-missing']);
  });

  test('does not follow links out of the folder', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'callboard-outside-'));
    stops.push(() => rm(outside, { recursive: true, force: true }));
    await writeFile(join(outside, 'secret.yaml'), group('secret'));
    await symlink(join(outside, 'secret.yaml'), join(root, 'link.yaml'));
    await symlink(outside, join(root, 'linked'));
    await save('real.yaml', group('real'));
    await symlink(join(root, 'real.yaml'), join(root, 'again.yaml'));
    await symlink(root, join(root, 'loop'));
    await save('all.yaml', location('all', './link.yaml', './linked/secret.yaml'));
    const listener = await listen(root);
    expect(listener.names()).toEqual(['all', 'real']);
    expect(listener.codes()).toEqual(['target-outside', 'target-outside']);
  });

  test('reads a mounted ConfigMap through its links, once', async () => {
    await save('..2026_01/team.yaml', group('mounted'));
    await symlink('..2026_01', join(root, '..data'));
    await symlink('..data/team.yaml', join(root, 'team.yaml'));
    const listener = await listen(root);
    expect(listener.names()).toEqual(['mounted']);
    await save('..2026_02/team.yaml', group('remounted'));
    await symlink('..2026_02', join(root, '..tmp'));
    await rename(join(root, '..tmp'), join(root, '..data'));
    await until(() => listener.names().join() === 'remounted');
  });

  test('takes a folder that is itself behind a link', async () => {
    await save('real/a.yaml', group('a'));
    await symlink('real', join(root, 'link'));
    expect((await listen(join(root, 'link'))).told).toEqual(['link/a.yaml']);
  });

  test('skips what is too large', async () => {
    await save('big.yaml', `${group('big')}# ${'x'.repeat(9 * 1024 * 1024)}`);
    await save('ok.yaml', group('ok'));
    const listener = await listen(root);
    expect(listener.names()).toEqual(['ok']);
    expect(listener.codes()).toEqual(['document-limit']);
  });
});

describe('Locations', () => {
  test('lead to files beside them, in loops too, each told once with who named it', async () => {
    await save('all.yaml', location('all', './teams/x.txt', 'more.yaml', './teams'));
    await save('teams/x.txt', group('x') + '---\n' + location('back', '../all.yaml'));
    await save(
      'more.yaml',
      location('more', './deep/*.yaml', 'https://example.org/far.yaml', '../up.yaml', './none.yaml'),
    );
    await save('deep/one.yaml', group('one'));
    await save('deep/two.yaml', group('two'));
    const listener = await listen(join(root, 'all.yaml'));
    expect(listener.names()).toEqual(['all', 'back', 'more', 'one', 'two', 'x']);
    expect(listener.codes()).toEqual(['target-missing', 'target-missing', 'target-outside']);
    expect(listener.states.get(`file:${root}/deep/one.yaml`)?.parent).toBe(`file:${root}/more.yaml`);
    expect(listener.told.filter((path) => path === 'deep/one.yaml')).toHaveLength(1);
  });

  test('an optional target may be missing', async () => {
    await save('all.yaml', `${location('all', './none.yaml')}  presence: optional\n`);
    expect((await listen(root)).codes()).toEqual([]);
  });

  test('a missing target is told when it comes, and again when it goes', async () => {
    await save('all.yaml', location('all', './late.yaml', './set/*.yaml'));
    const listener = await listen(join(root, 'all.yaml'));
    expect(listener.codes()).toEqual(['target-missing', 'target-missing']);
    await save('late.yaml', group('late'));
    await until(() => listener.names().includes('late'));
    expect(listener.codes()).toEqual(['target-missing']);
    await save('set/one.yaml', group('one'));
    await until(() => listener.names().includes('one'));
    expect(listener.codes()).toEqual([]);
    await rm(join(root, 'late.yaml'));
    await until(() => !listener.names().includes('late'));
    await until(() => listener.codes().join() === 'target-missing');
  });

  test('files that nothing names any more are gone, also when they name each other', async () => {
    await save('all.yaml', location('all', './one.yaml'));
    await save('one.yaml', location('one', './two.yaml'));
    await save('two.yaml', location('two', './one.yaml'));
    const listener = await listen(join(root, 'all.yaml'));
    expect(listener.names()).toEqual(['all', 'one', 'two']);
    await save('all.yaml', group('all'));
    await until(() => listener.names().join() === 'all');
  });
});

describe('changes', () => {
  test('are told: a new file, a saved one, a replaced one, a moved one, a removed one', async () => {
    await save('a.yaml', group('a'));
    const listener = await listen(root);
    await save('sub/b.yaml', group('b'));
    await until(() => listener.names().join() === 'a,b');
    await save('a.yaml', group('a2'));
    await until(() => listener.names().join() === 'a2,b');
    await save('a.tmp', group('a3'));
    await rename(join(root, 'a.tmp'), join(root, 'a.yaml'));
    await until(() => listener.names().join() === 'a3,b');
    await rename(join(root, 'sub'), join(root, 'moved'));
    await until(
      () => listener.readings.has(`file:${root}/moved/b.yaml`) && !listener.readings.has(`file:${root}/sub/b.yaml`),
    );
    await rm(join(root, 'a.yaml'));
    await until(() => listener.names().join() === 'b');
  });

  test('a file that is replaced by removing it first is not told as gone', async () => {
    await save('a.yaml', group('a'));
    const listener = await listen(root);
    await rm(join(root, 'a.yaml'));
    await systemClock.sleep(30);
    await save('a.yaml', group('a4'));
    await until(() => listener.names().join() === 'a4');
    expect(listener.told.filter((path) => path.startsWith('-'))).toEqual([]);
  });

  test('a half-written file is told when it is whole', async () => {
    await save('a.yaml', `${group('a')}---\n${group('b')}`);
    const listener = await listen(root);
    await save('a.yaml', 'apiVersion: backstage.io/v1alpha1\nkind: Gro');
    await systemClock.sleep(40);
    await save('a.yaml', `${group('a')}---\n${group('c')}`);
    await until(() => listener.names().join() === 'a,c');
    expect(listener.told).toEqual(['a.yaml', 'a.yaml']);
  });

  test('a broken file is told after a moment, and when it is right again', async () => {
    await save('a.yaml', group('a'));
    const listener = await listen(root);
    await save('a.yaml', 'kind: [\napiVersion: backstage.io/v1alpha1\n');
    await until(() => listener.codes().join() === 'yaml-syntax');
    expect(listener.readings.get(`file:${root}/a.yaml`)?.hasUnreadable).toBe(true);
    await save('a.yaml', group('a'));
    await until(() => listener.codes().length === 0);
  });

  test('a touched file is not told again', async () => {
    await save('a.yaml', group('a'));
    const listener = await listen(root);
    await utimes(join(root, 'a.yaml'), new Date(), new Date());
    await save('b.yaml', group('b'));
    await until(() => listener.names().includes('b'));
    expect(listener.told).toEqual(['a.yaml', 'b.yaml']);
  });

  test('nothing is told as gone when the folder itself goes', async () => {
    await save('cat/a.yaml', group('a'));
    const listener = await listen(join(root, 'cat'));
    await rename(join(root, 'cat'), join(root, 'away'));
    await until(() => listener.error !== undefined);
    expect(listener.error).toMatchObject({ code: 'SOURCE_UNREADABLE' });
    expect(listener.names()).toEqual(['a']);
  });

  test('a file is told again when asked for', async () => {
    await save('a.yaml', group('a'));
    const listener = await listen(root);
    const state = listener.states.get(`file:${root}/a.yaml`);
    if (state) listener.states.set(state.ref, { ...state, fingerprint: 'stale' });
    listener.source.refresh([`file:${root}/a.yaml`, `file:${root}/unknown.yaml`]);
    await until(() => listener.told.length === 2);
  });

  test('a file that is not there is told as gone when the catalog has handed it to this source', async () => {
    await save('a.yaml', group('a'));
    const listener = await listen(root);
    const [state] = listener.states.values();
    const ref = `file:${root}/lost.yaml`;
    if (state) listener.states.set(ref, { ...state, ref, fingerprint: 'stale' });
    listener.source.refresh([ref]);
    await until(() => listener.told.includes('-lost.yaml'));
  });
});

describe('a second run', () => {
  test('tells nothing of what did not change, in folders and along Locations', async () => {
    await save('z-all.yaml', location('all', './a.yaml', './none.yaml', './sub/*.yaml'));
    await save('a.yaml', group('a'));
    await save('sub/b.yaml', group('b'));
    const first = await listen(root);
    const second = await listen(root, first.states.values());
    expect(second.told).toEqual([]);
  });

  test('tells what changed and what is gone meanwhile', async () => {
    await save('a.yaml', group('a'));
    await save('b.yaml', group('b'));
    const first = await listen(root);
    await stops.pop()?.();
    await rm(join(root, 'a.yaml'));
    await save('b.yaml', group('b2'));
    const second = await listen(root, first.states.values());
    expect(second.told).toEqual(['b.yaml', '-a.yaml']);
  });
});

test('many files are read in a thread, in bounded batches', async () => {
  for (let index = 0; index < 300; index += 1) await save(`f${index}.yaml`, group(`g${index}`));
  const listener = await listen(root);
  expect(listener.names()).toHaveLength(300);
});
