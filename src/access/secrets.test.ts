import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { MemoryAccessStore } from '../../test/support/memory-access-store.ts';
import { systemClock } from '../base/clock.ts';
import { readSecretKey, type SecretKey } from '../config/secret-keys.ts';
import type { AuditEntry } from '../store/access-records.ts';
import { maskSecrets } from '../telemetry/mask.ts';
import { openAccessState, type AccessState } from './access-state.ts';
import { fileSecretKeys } from './secret-keys.ts';
import { Secrets } from './secrets.ts';

const log = pino({ level: 'silent' });
const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

function key(id: string, byte: number): SecretKey {
  return readSecretKey(`${id}:${Buffer.alloc(32, byte).toString('base64')}`)!;
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-secrets-'));
  cleanup.push(() => rm(folder, { recursive: true }));
  return folder;
}

async function openState(store = new MemoryAccessStore()): Promise<AccessState> {
  const state = await openAccessState({ store, clock: new ManualClock(), log });
  cleanup.push(() => state.close());
  return state;
}

const open = (state: AccessState, keys?: readonly SecretKey[], dataFolder = '/nowhere'): Secrets =>
  new Secrets({ state, keys, dataFolder, isShared: false, clock: new ManualClock(7_000), log });

const audit = (action: string): AuditEntry => ({ at: 1, actor: 'user:default/a', action, outcome: 'success' });

describe('a kept secret', () => {
  test('is read back, is encrypted in the store, and is hidden from logs from then on', async () => {
    const store = new MemoryAccessStore();
    const state = await openState(store);
    const secrets = open(state, [key('k1', 1)]);
    const value = 'the value of okta-client';
    expect(await secrets.put('okta-client', value, audit('access.secret.update'))).toEqual({
      name: 'okta-client',
      keyId: 'k1',
      createdAt: 7_000,
      changedAt: 7_000,
    });
    expect(secrets.value('okta-client')).toBe(value);
    expect(JSON.stringify([state.get('secret', 'okta-client')?.value, store.entries])).not.toContain(value);
    expect(maskSecrets(`found ${value}`)).toBe('found ***');
    expect(store.entries.map(({ action }) => action)).toEqual(['access.secret.update']);
    expect(JSON.stringify(secrets.list())).not.toContain(value);
  });

  test('keeps the moment when it was first set', async () => {
    const state = await openState();
    const clock = new ManualClock(1_000);
    const options = { state, keys: [key('k1', 1)], dataFolder: '/nowhere', isShared: false, clock, log };
    const secrets = new Secrets(options);
    await secrets.put('a', 'first value', audit('x'));
    clock.advance(500);
    await secrets.put('a', 'second value', audit('x'));
    expect(secrets.list()).toMatchObject([{ name: 'a', createdAt: 1_000, changedAt: 1_500 }]);
    expect(secrets.value('a')).toBe('second value');
  });

  test('that is not there is named, and one too short to be hidden is refused', async () => {
    const secrets = open(await openState(), [key('k1', 1)]);
    expect(() => secrets.value('none')).toThrow(expect.objectContaining({ code: 'SECRET_MISSING', status: 404 }));
    await expect(secrets.delete('none', audit('x'))).rejects.toMatchObject({ code: 'SECRET_MISSING' });
    await expect(secrets.put('a', 'tiny', audit('x'))).rejects.toMatchObject({ code: 'SECRET_TOO_SHORT' });
  });

  test('that was deleted is gone', async () => {
    const secrets = open(await openState(), [key('k1', 1)]);
    await secrets.put('a', 'some value', audit('x'));
    await secrets.delete('a', audit('y'));
    expect(secrets.list()).toEqual([]);
  });

  test('cannot stand in for another, nor be changed in the store', async () => {
    const store = new MemoryAccessStore();
    const state = await openState(store);
    const secrets = open(state, [key('k1', 1)]);
    await secrets.put('a', 'value of a', audit('x'));
    const value = state.get('secret', 'a')!.value as { text: string };
    await state.commit([{ op: 'put', type: 'secret', key: 'b', value }], []);
    const unreadable = expect.objectContaining({ code: 'SECRET_UNREADABLE' });
    expect(() => secrets.value('b')).toThrow(unreadable);
    for (const text of [
      '',
      'v1.k1.',
      `${value.text.slice(0, -2)}AA`,
      value.text.replace('v1.k1', 'v1.k2'),
      'x'.repeat(9_999),
    ]) {
      await state.commit([{ op: 'put', type: 'secret', key: 'a', value: { ...value, text } }], []);
      expect(() => secrets.value('a')).toThrow(unreadable);
    }
    await state.commit([{ op: 'put', type: 'secret', key: 'a', value: 'no map' }], []);
    expect(() => secrets.value('a')).toThrow(unreadable);
  });
});

describe('keys', () => {
  test('the first encrypts, older ones still decrypt, and after a rotation they are not needed', async () => {
    const state = await openState();
    const before = open(state, [key('old', 1)]);
    await before.put('a', 'value of a', audit('x'));
    await before.put('b', 'value of b', audit('x'));
    const both = open(state, [key('new', 2), key('old', 1)]);
    expect(both.value('a')).toBe('value of a');
    await both.put('c', 'value of c', audit('x'));
    expect(await both.rotate(audit('y'))).toBe(2);
    expect(await both.rotate(audit('y'))).toBe(0);
    const after = open(state, [key('new', 2)]);
    expect(after.list().map(({ keyId }) => keyId)).toEqual(['new', 'new', 'new']);
    expect(['a', 'b', 'c'].map((name) => after.value(name))).toEqual(['value of a', 'value of b', 'value of c']);
    expect(after.list()).toEqual(both.list());
  });

  test('without the key of one secret a rotation changes none', async () => {
    const state = await openState();
    await open(state, [key('lost', 1)]).put('a', 'value of a', audit('x'));
    const secrets = open(state, [key('new', 2)]);
    await expect(secrets.rotate(audit('y'))).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' });
    expect(secrets.list()).toMatchObject([{ keyId: 'lost' }]);
  });

  test('a rotation that somebody gets in the way of begins again with the value of now', async () => {
    const store = new MemoryAccessStore();
    const state = await openState(store);
    await open(state, [key('old', 1)]).put('a', 'first value', audit('x'));
    const both = open(state, [key('new', 2), key('old', 1)]);
    const other = open(await openState(store), [key('old', 1)]);
    store.hints = false;
    await other.put('a', 'second value', audit('x'));
    expect(await both.rotate(audit('y'))).toBe(1);
    expect(both.value('a')).toBe('second value');
  });

  test('a rotation that somebody gets in the way of again and again is given up', async () => {
    const store = new MemoryAccessStore();
    const state = await openState(store);
    await open(state, [key('old', 1)]).put('a', 'first value', audit('x'));
    const commit = store.commit.bind(store);
    store.commit = async (writes, entries) => {
      await commit([{ op: 'put', type: 'secret', key: 'a', value: state.get('secret', 'a')!.value }], []);
      return commit(writes, entries);
    };
    const secrets = open(state, [key('new', 2), key('old', 1)]);
    await expect(secrets.rotate(audit('y'))).rejects.toMatchObject({ code: 'SECRETS_BUSY', status: 409 });
    expect(secrets.value('a')).toBe('first value');
  });

  test('without configured keys one is made, for the owner only, and found again', async () => {
    const folder = await newFolder();
    const state = await openState();
    const first = open(state, undefined, join(folder, 'data'));
    await first.put('a', 'value of a', audit('x'));
    const file = join(folder, 'data', 'secret-keys');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const text = await readFile(file, 'utf8');
    expect(maskSecrets(text)).not.toBe(text);
    expect(open(state, undefined, join(folder, 'data')).value('a')).toBe('value of a');
  });

  test('whoever makes the file while another does takes the key of the other', async () => {
    const folder = await newFolder();
    const clock = new ManualClock();
    let other: readonly SecretKey[] = [];
    // The name of the temporary file is the last thing drawn before it is put in its place.
    const token = (size: number): string => {
      if (size === 6 && other.length === 0) other = fileSecretKeys(join(folder, 'secret-keys'), new ManualClock());
      return clock.token(size);
    };
    const keys = fileSecretKeys(join(folder, 'secret-keys'), { ...systemClock, token });
    expect(other).toHaveLength(1);
    expect(keys).toEqual(other);
    expect(await readdir(folder)).toEqual(['secret-keys']);
  });

  test('a folder that cannot be made is told with what to do instead', async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'file'), '');
    const secrets = open(await openState(), undefined, join(folder, 'file', 'data'));
    expect(() => secrets.encrypt('a', 'b')).toThrow(/set secrets\.keys instead/);
  });

  test('what keeps secrets from being read is said at the start', async () => {
    const state = await openState();
    await open(state, [key('lost', 1)]).put('a', 'value of a', audit('x'));
    const lines: unknown[] = [];
    const told = pino(
      {},
      new Writable({ write: (chunk: Buffer, _, done) => (lines.push(JSON.parse(String(chunk))), done()) }),
    );
    const options = { state, dataFolder: await newFolder(), clock: new ManualClock(), log: told };
    new Secrets({ ...options, keys: undefined, isShared: true }).warn();
    new Secrets({ ...options, keys: [key('lost', 1)], isShared: true }).warn();
    expect(lines).toMatchObject([
      { msg: expect.stringMatching(/several servers need secrets\.keys/) },
      { msg: expect.stringMatching(/cannot be read/), secrets: ['a'] },
    ]);
  });

  test.each(['', '# only a comment\n', 'k1:short\n', 'not a key'])('a file that says "%s" is refused', async (text) => {
    const folder = await newFolder();
    await writeFile(join(folder, 'secret-keys'), text);
    const secrets = open(await openState(), undefined, folder);
    expect(() => secrets.encrypt('a', 'b')).toThrow(expect.objectContaining({ code: 'SECRET_KEYS_INVALID' }));
  });

  test('what is encrypted for one purpose does not decrypt for another', async () => {
    const secrets = open(await openState(), [key('k1', 1)]);
    const text = secrets.encrypt('cookie', 'some state');
    expect(secrets.encrypt('cookie', 'some state')).not.toBe(text);
    expect(secrets.decrypt('cookie', text)).toBe('some state');
    expect(() => secrets.decrypt('session', text)).toThrow(expect.objectContaining({ code: 'SECRET_UNREADABLE' }));
  });
});
