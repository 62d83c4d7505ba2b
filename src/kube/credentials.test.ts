import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { createLog } from '../telemetry/log.ts';
import type { CredentialSource, ExecPlugin } from './connection.ts';
import type { Credential } from './credential.ts';
import { createCredential } from './credentials.ts';
import { PluginRuns } from './exec-plugin-runs.ts';

const log = createLog({ level: 'fatal', format: 'json' });
const API = 'client.authentication.k8s.io/v1';
const environment = { PATH: process.env['PATH'], CALLBOARD_DATABASE: 'postgres://secret' };

/** A clock whose durations move with its time. */
class Clock extends ManualClock {
  override readonly monotonic = (): number => this.now();
}

let folder: string;
let clock: Clock;
let runs: PluginRuns;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callboard-credentials-'));
  clock = new Clock(Date.parse('2026-01-01T00:00:00Z'));
  runs = new PluginRuns(clock, environment);
});
afterEach(() => rmSync(folder, { recursive: true }));

function script(...lines: readonly string[]): string {
  const path = join(folder, 'login');
  writeFileSync(path, ['#!/bin/sh', 'echo run >> "$0.runs"', ...lines].join('\n'));
  chmodSync(path, 0o700);
  return path;
}

function answering(status: object, apiVersion = API): string {
  return script(`cat <<'END'\n${JSON.stringify({ kind: 'ExecCredential', apiVersion, status })}\nEND`);
}

function countRuns(): number {
  const path = join(folder, 'login.runs');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').length : 0;
}

function plugin(command: string, more: Partial<ExecPlugin> = {}): CredentialSource {
  const base = { args: [], env: {}, provideClusterInfo: false, interactiveMode: 'Never' } as const;
  return { type: 'exec', plugin: { apiVersion: API, command, ...base, ...more } };
}

function credential(source: CredentialSource, name = 'stage'): Credential {
  const cluster = { name, server: `https://${name}.example`, isInsecure: false, disableCompression: false };
  return createCredential(source, cluster, { clock, environment, log, runs });
}

const refusal = (reason: RegExp): object => ({
  code: 'KUBE_CREDENTIAL_FAILED',
  message: expect.stringMatching(reason) as string,
});

describe('an exec plugin', () => {
  test('is run once for all who ask at once, and not again until its credential expires', async () => {
    const source = plugin(answering({ token: 'one', expirationTimestamp: '2026-01-01T01:00:00Z' }));
    const [first, second] = [credential(source, 'stage'), credential(source, 'cellar')];
    const proofs = await Promise.all([first.proof(), first.proof(), second.proof()]);
    expect(proofs.map(({ authorization }) => authorization)).toEqual(['Bearer one', 'Bearer one', 'Bearer one']);
    expect(countRuns()).toBe(1);
    clock.advance(59 * 60_000);
    await first.proof();
    expect(countRuns()).toBe(1);
    clock.advance(55_000);
    answering({ token: 'two', expirationTimestamp: '2026-01-01T02:00:00Z' });
    expect(await second.proof()).toEqual({ authorization: 'Bearer two' });
    expect(countRuns()).toBe(2);
  });

  test('is run for each cluster where it is told of the cluster, or is called otherwise', async () => {
    const command = answering({ token: 'one' });
    const told = plugin(command, { provideClusterInfo: true });
    await credential(told, 'stage').proof();
    await credential(told, 'cellar').proof();
    await credential(plugin(command, { args: ['--role=a'] })).proof();
    await credential(plugin(command, { env: { ROLE: 'a' } })).proof();
    expect(countRuns()).toBe(4);
  });

  test('sees the environment but for what is Callboard’s own', async () => {
    const source = plugin(
      script(
        `printf '{"kind":"ExecCredential","apiVersion":"${API}","status":{"token":"t%s%s"}}' "$WORD" "$CALLBOARD_DATABASE"`,
      ),
      { env: { WORD: 'x' } },
    );
    expect(await credential(source).proof()).toEqual({ authorization: 'Bearer tx' });
  });

  test('that gives what expires in seconds is not run without end', async () => {
    const source = plugin(answering({ token: 'one', expirationTimestamp: '2026-01-01T00:00:04Z' }));
    const asked = credential(source);
    await asked.proof();
    await asked.proof();
    expect(countRuns()).toBe(1);
    clock.advance(4_000);
    await asked.proof();
    expect(countRuns()).toBe(2);
  });

  test('that failed is tried again after some seconds, and says how without secrets', async () => {
    const hidden = 'abcdefgh12345678';
    const command = script(
      `echo "no $SECRET for Bearer ${hidden} $2 $3 eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.c2ln" >&2`,
      'exit 3',
    );
    const asked = credential(
      plugin(command, {
        args: ['--client-secret', 'wordofthecloud', '--password=andanotherone'],
        env: { SECRET: hidden },
        installHint: 'Ask the platform team',
      }),
    );
    const thrown = await asked.proof().catch((error: unknown) => String(error));
    expect(thrown).toMatch(
      /login: it ended with code 3: no \*\*\* for Bearer \*\*\* \*\*\* --password=\*\*\* \*\*\*; Ask the platform team/,
    );
    expect(thrown).not.toContain(hidden);
    await expect(asked.proof()).rejects.toMatchObject(refusal(/code 3/));
    expect(countRuns()).toBe(1);
    clock.advance(5_000);
    answering({ token: 'one' });
    expect(await asked.proof()).toEqual({ authorization: 'Bearer one' });
  });

  test.each([
    ['is not JSON', () => script('echo hello'), /not JSON/],
    ['is something else', () => script('echo "[]"'), /no ExecCredential/],
    [
      'is in another version',
      () => answering({ token: 'a' }, 'client.authentication.k8s.io/v1beta1'),
      /another version/,
    ],
    ['has no status', () => script(`echo '{"kind":"ExecCredential","apiVersion":"${API}"}'`), /no status/],
    ['has no credential', () => answering({ token: '' }), /neither a token nor a certificate/],
    ['has half a certificate', () => answering({ clientCertificateData: 'x' }), /alone/],
    ['has no certificate', () => answering({ clientCertificateData: 'x', clientKeyData: 'y' }), /cannot be used/],
    ['has a token with a line break', () => answering({ token: 'a\r\nx-header: b' }), /white space/],
    ['has a number for a token', () => answering({ token: 17 }), /something else than texts/],
    ['ends at no time', () => answering({ token: 'a', expirationTimestamp: 'soon' }), /is no time/],
    ['is too large', () => script('head -c 3000000 /dev/zero; sleep 600'), /more than 1 MiB/],
  ])('whose answer %s is refused', async (_what, command, reason) => {
    await expect(credential(plugin(command())).proof()).rejects.toMatchObject(refusal(reason));
  });

  test('that is not there is told with what to do', async () => {
    const source = plugin('callboard-no-such-login', { installHint: 'Install it' });
    await expect(credential(source).proof()).rejects.toMatchObject(refusal(/not installed.*; Install it/));
    writeFileSync(join(folder, 'plain'), 'text', { mode: 0o600 });
    await expect(credential(plugin(join(folder, 'plain'))).proof()).rejects.toMatchObject(refusal(/not executable/));
  });

  test('that does not end is ended, with what it started', async () => {
    const source = plugin(script('sleep 600 & echo $! > "$0.child"', 'wait'));
    const asked = credential(source).proof();
    await expect.poll(() => existsSync(join(folder, 'login.child'))).toBe(true);
    clock.advance(60_000);
    await expect(asked).rejects.toMatchObject(refusal(/within 60 seconds/));
    const child = Number(readFileSync(join(folder, 'login.child'), 'utf8'));
    // A process that ended and is not yet taken leave of still has its number.
    const state = (): string =>
      existsSync(`/proc/${child}/stat`) ? readFileSync(`/proc/${child}/stat`, 'utf8') : ') Z';
    await expect.poll(state).toMatch(/\) [ZX]/);
  });
});

describe('a token file', () => {
  const path = (): string => join(folder, 'token');
  const source = (): CredentialSource => ({ type: 'tokenFile', path: path() });

  test('is read again when it is a minute old; while it is gone, the last token goes on', async () => {
    writeFileSync(path(), 'one\n');
    const asked = credential(source());
    expect(await asked.proof()).toEqual({ authorization: 'Bearer one' });
    writeFileSync(path(), 'two\n');
    clock.advance(59_000);
    expect(await asked.proof()).toEqual({ authorization: 'Bearer one' });
    clock.advance(1_000);
    expect(await asked.proof()).toEqual({ authorization: 'Bearer two' });
    rmSync(path());
    clock.advance(60_000);
    expect(await asked.proof()).toEqual({ authorization: 'Bearer two' });
  });

  test('that is not there, empty or no token is told by its name alone', async () => {
    await expect(credential(source()).proof()).rejects.toMatchObject(refusal(/token cannot be read/));
    writeFileSync(path(), '  \n');
    await expect(credential(source()).proof()).rejects.toMatchObject(refusal(/is empty/));
    writeFileSync(path(), 'secret words');
    const thrown = await credential(source())
      .proof()
      .catch((error: unknown) => String(error));
    expect(thrown).toMatch(/holds no token/);
    expect(thrown).not.toContain('secret');
  });
});

test('a certificate of one and a token of another are shown together, and each hears of a refusal', async () => {
  const pair = {
    type: 'both',
    certificate: plugin(answering({ token: 'unused' })),
    token: { type: 'token', token: 'kept' },
  };
  const asked = credential(pair as CredentialSource);
  const proof = await asked.proof();
  expect(proof).toEqual({ authorization: 'Bearer kept', certificate: undefined });
  expect(asked.refuse(proof)).toBe(true);
  await asked.proof();
  expect(countRuns()).toBe(2);
  expect(credential({ type: 'token', token: 'kept' }).refuse(proof)).toBe(false);
});
