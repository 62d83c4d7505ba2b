import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Authority, type KeyPair } from '../../demo/fleet/certificates.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createCredential } from '../../src/kube/credentials.ts';
import { type KubeconfigContext, readKubeconfig } from '../../src/kube/kubeconfig.ts';
import type { KubeconfigProblem } from '../../src/kube/kubeconfig-file.ts';
import { openTransport } from '../../src/kube/transport.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { type KubectlAnswer, kubectlProgram } from '../support/kubectl.ts';
import { type Login, type LoginServer, openLoginServer, reviewPath } from '../support/login-server.ts';

const log = createLog({ level: 'fatal', format: 'json' });
let authority: Authority;
let person: KeyPair;
let other: KeyPair;
let server: LoginServer;
let folder: string;

beforeAll(async () => {
  kubectlProgram();
  const now = new Date();
  authority = await Authority.make('logins', now);
  server = await openLoginServer(await authority.server(now), authority.certificate);
  person = await authority.client('ada', ['builders', 'readers'], now);
  other = await authority.client('bob', ['readers'], now);
}, 180_000);
afterAll(() => server.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callboard-logins-'));
  server.logins.length = 0;
  server.refused.clear();
});
afterEach(() => rmSync(folder, { recursive: true }));

const base64 = (text: string): string => Buffer.from(text).toString('base64');

function file(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode });
  chmodSync(path, mode);
  return path;
}

interface Parts {
  readonly cluster?: object;
  readonly user?: object;
  readonly name?: string;
}

/** A kubeconfig of one context. */
function kubeconfig({ cluster = {}, user = {}, name = 'config' }: Parts): string {
  const trust = { 'certificate-authority-data': base64(authority.certificate) };
  const isTrusted = Object.keys(cluster).some((key) => /^certificate-auth|^insecure/.test(key));
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'stage', cluster: { server: server.url, ...(isTrusted ? {} : trust), ...cluster } }],
    users: [{ name: 'somebody', user }],
    contexts: [{ name: 'stage', context: { cluster: 'stage', user: 'somebody' } }],
    'current-context': 'stage',
  };
  return file(name, JSON.stringify(content, undefined, 2));
}

/** An exec plugin that prints what stands in a file beside it, and counts its runs. */
function plugin(path: string, status: object, apiVersion = 'client.authentication.k8s.io/v1'): string {
  file(`${path}.json`, JSON.stringify({ kind: 'ExecCredential', apiVersion, status }));
  return file(path, '#!/bin/sh\necho "$KUBERNETES_EXEC_INFO" >> "$0.runs"\ncat "$0.json"\n', 0o700);
}

const exec = (command: string, more: object = {}): object => ({
  exec: { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never', command, ...more },
});

function kubectlWhoami(paths: readonly string[], ...args: string[]): Promise<KubectlAnswer> {
  return new Promise((resolve) => {
    const child = execFile(
      kubectlProgram(),
      ['--cache-dir', join(folder, 'cache'), ...args, 'auth', 'whoami', '-o', 'name'],
      { env: { PATH: process.env['PATH'], KUBECONFIG: paths.join(delimiter) }, timeout: 60_000 },
      (error, out, err) => resolve({ code: error === null ? 0 : 1, out, err }),
    );
    // Without a credential it would ask for one.
    child.stdin?.end();
  });
}

/** What the server saw of kubectl, or undefined where kubectl did not ask. */
async function loginOfKubectl(paths: readonly string[], ...args: string[]): Promise<Login | undefined> {
  server.logins.length = 0;
  await kubectlWhoami(paths, ...args);
  return server.logins.at(-1);
}

async function ownLogin(context: KubeconfigContext): Promise<Login | undefined> {
  server.logins.length = 0;
  const { connection } = context;
  const environment = { PATH: process.env['PATH'], CALLBOARD_SECRET: 'kept' };
  const credential = createCredential(connection.credential, connection, { clock: systemClock, environment, log });
  const transport = openTransport(connection, credential, { clock: systemClock });
  try {
    const { status } = await transport.request({
      method: 'POST',
      path: reviewPath,
      body: JSON.stringify({ kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1' }),
      headers: { 'content-type': 'application/json' },
    });
    expect(status).toBe(201);
    return server.logins.at(-1);
  } finally {
    await transport.close();
  }
}

async function only(...paths: readonly string[]): Promise<KubeconfigContext> {
  const { contexts, problems } = await readKubeconfig(paths);
  expect(problems).toEqual([]);
  const [context] = contexts;
  if (context === undefined) throw new Error('There is no context');
  return context;
}

async function brought(...paths: readonly string[]): Promise<readonly KubeconfigProblem[]> {
  return (await readKubeconfig(paths)).problems;
}

describe('who kubectl is with a kubeconfig, Callboard is too', () => {
  const certificateData = (): object => ({
    'client-certificate-data': base64(person.certificate),
    'client-key-data': base64(person.key),
  });
  const token = 'token-of-ada-0123456789';
  const cases: readonly (readonly [title: string, parts: () => Parts])[] = [
    ['a token', () => ({ user: { token } })],
    [
      'a token file beside the kubeconfig',
      () => (file('secrets/token', `${token}\n`), { user: { tokenFile: 'secrets/token' } }),
    ],
    [
      'a token file goes before a token',
      () => (file('token', token), { user: { tokenFile: 'token', token: 'older' } }),
    ],
    ['a user name and a password', () => ({ user: { username: 'ada', password: 'pässword' } })],
    ['a client certificate', () => ({ user: certificateData() })],
    [
      'a client certificate in files',
      () => {
        file('pki/ada.crt', person.certificate);
        file('pki/ada.key', person.key);
        return { user: { 'client-certificate': 'pki/ada.crt', 'client-key': './pki/ada.key' } };
      },
    ],
    ['a certificate and a token', () => ({ user: { ...certificateData(), token } })],
    ['a token of a plugin', () => ({ user: exec(plugin('login', { token })) })],
    ['a plugin beside the kubeconfig', () => (plugin('bin/login', { token }), { user: exec('./bin/login') })],
    [
      'a certificate of a plugin',
      () => ({
        user: exec(plugin('login', { clientCertificateData: person.certificate, clientKeyData: person.key })),
      }),
    ],
    [
      'a plugin that still speaks v1beta1',
      () => {
        const apiVersion = 'client.authentication.k8s.io/v1beta1';
        return { user: exec(plugin('login', { token }, apiVersion), { apiVersion, interactiveMode: undefined }) };
      },
    ],
    ['a token beside a plugin', () => ({ user: { token, ...exec(plugin('login', { token: 'of-the-plugin' })) } })],
    ['impersonation', () => ({ user: { token, as: 'eve', 'as-groups': ['night', 'day'] } })],
    [
      'impersonation of all that one can be',
      () => ({
        user: {
          token,
          as: 'eve@stage',
          'as-uid': 'u-17',
          'as-groups': ['night'],
          'as-user-extra': { scopes: ['view', 'list'], 'stage.example/Reason': ['the play'] },
        },
      }),
    ],
    ['another name in TLS', () => ({ user: { token }, cluster: { 'tls-server-name': 'localhost' } })],
    [
      'an authority in a file',
      () => (
        file('ca.crt', authority.certificate),
        { user: { token }, cluster: { 'certificate-authority': 'ca.crt' } }
      ),
    ],
    ['a certificate that is not checked', () => ({ user: { token }, cluster: { 'insecure-skip-tls-verify': true } })],
  ];

  test.each(cases)('%s', async (_title, parts) => {
    const path = kubeconfig(parts());
    const expected = await loginOfKubectl([path]);
    expect(expected).toBeDefined();
    expect(await ownLogin(await only(path))).toEqual(expected);
  });

  test('several files: of each name the first counts, whole, and paths start at their own file', async () => {
    file('one/token', 'token-of-one');
    file('two/token', 'token-of-two');
    const trust = { 'certificate-authority-data': base64(authority.certificate) };
    const cluster = [{ name: 'stage', cluster: { server: server.url, ...trust } }];
    const context = (name: string, user: string): object => ({ name, context: { cluster: 'stage', user } });
    const users = (...all: readonly (readonly [string, object])[]): object[] =>
      all.map(([name, user]) => ({ name, user }));
    const one = file(
      'one/config',
      JSON.stringify({
        users: users(['red', { tokenFile: 'token' }], ['blue', { token: 'of-one' }]),
        contexts: [context('a', 'red'), context('d', 'blue')],
      }),
    );
    const two = file(
      'two/config',
      JSON.stringify({
        clusters: [...cluster],
        users: users(
          ['red', { token: 'hidden', as: 'eve' }],
          ['blue', { token: 'hidden' }],
          ['green', { tokenFile: 'token' }],
        ),
        contexts: [context('a', 'green'), context('b', 'green'), context('c', 'red')],
      }),
    );
    const missing = join(folder, 'three');
    const { contexts, problems } = await readKubeconfig([one, missing, two]);
    expect(problems).toEqual([
      { file: missing, message: 'there is no such file; it is read as soon as it is there', isMissing: true },
    ]);
    expect(contexts.map(({ name }) => name).sort()).toEqual(['a', 'b', 'c', 'd']);
    for (const found of contexts) {
      const expected = await loginOfKubectl([one, missing, two], '--context', found.name);
      expect(expected, found.name).toBeDefined();
      expect(await ownLogin(found), found.name).toEqual(expected);
    }
  });

  test('what a plugin is told is what kubectl tells it', async () => {
    const command = plugin('login', { token: 'token-of-a-plugin' });
    const path = kubeconfig({
      user: exec(command, {
        provideClusterInfo: true,
        args: ['one two', '$HOME'],
        env: [{ name: 'WORD', value: 'w' }],
      }),
      cluster: {
        'tls-server-name': 'localhost',
        'disable-compression': true,
        extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'stage', list: [1, true] } }],
      },
    });
    file(
      'login',
      '#!/bin/sh\nenv | grep -c CALLBOARD >> "$0.own"\necho "$1|$2|$WORD" >> "$0.runs"\necho "$KUBERNETES_EXEC_INFO" >> "$0.runs"\ncat "$0.json"\n',
      0o700,
    );
    await loginOfKubectl([path]);
    await ownLogin(await only(path));
    const lines = readLines('login.runs');
    expect(lines).toHaveLength(4);
    expect(lines[2]).toBe(lines[0]);
    expect(JSON.parse(lines[3] ?? '')).toEqual(JSON.parse(lines[1] ?? ''));
    expect(readLines('login.own')).toEqual(['0', '0']);
  });
});

function readLines(name: string): readonly string[] {
  const lines = readFileSync(join(folder, name), 'utf8').split('\n');
  return lines.filter((line) => line !== '');
}

describe('what kubectl refuses, Callboard refuses with where it is', () => {
  const secret = 'c2VjcmV0LXRva2VuLTEyMzQ1Njc4OQ';
  const cases: readonly (readonly [title: string, parts: () => Parts, field: string, message: RegExp])[] = [
    ['no server', () => ({ cluster: { server: '' } }), 'clusters[0].cluster', /names no server/],
    [
      'a certificate without a key',
      () => ({ user: { 'client-certificate-data': base64(person.certificate) } }),
      'users[0].user',
      /no client-key/,
    ],
    [
      'a key of another certificate',
      () => ({ user: { 'client-certificate-data': base64(person.certificate), 'client-key-data': base64(other.key) } }),
      'users[0].user.client-certificate-data',
      /not the certificate of the client key/,
    ],
    [
      'no base64',
      () => ({ user: { 'client-key-data': '%%%', 'client-certificate-data': 'x' } }),
      'users[0].user.client-certificate-data',
      /not base64/,
    ],
    ['a token that is a number', () => ({ user: { token: 17 } }), 'users[0].user.token', /must be a text/],
    [
      'two ways to sign in',
      () => ({ user: { token: secret, username: 'ada', password: secret } }),
      'users[0].user.username',
      /beside a token/,
    ],
    [
      'impersonation of nobody',
      () => ({ user: { token: secret, 'as-groups': ['night'] } }),
      'users[0].user',
      /without as/,
    ],
    [
      'an authority that is not looked at',
      () => ({
        cluster: { 'insecure-skip-tls-verify': true, 'certificate-authority-data': base64(authority.certificate) },
      }),
      'clusters[0].cluster.insecure-skip-tls-verify',
      /keep one/,
    ],
    [
      'an authority that is none',
      () => ({ cluster: { 'certificate-authority-data': base64(secret) } }),
      'clusters[0].cluster.certificate-authority-data',
      /no PEM/,
    ],
    [
      'a login of times past',
      () => ({ user: { 'auth-provider': { name: 'gcp', config: { 'access-token': secret } } } }),
      'users[0].user.auth-provider',
      /gke-gcloud-auth-plugin/,
    ],
    [
      'a plugin of another time',
      () => ({ user: exec('x', { apiVersion: 'client.authentication.k8s.io/v1alpha1' }) }),
      'users[0].user.exec.apiVersion',
      /v1beta1/,
    ],
    [
      'a plugin that says nothing of people',
      () => ({ user: exec('x', { interactiveMode: undefined }) }),
      'users[0].user.exec.interactiveMode',
      /must be Never/,
    ],
    [
      'a plugin that needs a person',
      () => ({ user: exec('x', { interactiveMode: 'Always' }) }),
      'users[0].user.exec.interactiveMode',
      /a person at a terminal/,
    ],
    [
      'a proxy of no kind',
      () => ({ cluster: { 'proxy-url': 'ftp://proxy.example' } }),
      'clusters[0].cluster.proxy-url',
      /http, https and socks5/,
    ],
  ];

  test.each(cases)('%s', async (_title, parts, field, message) => {
    const path = kubeconfig(parts());
    const { code } = await kubectlWhoami([path]);
    expect(code).toBe(1);
    const { contexts, problems } = await readKubeconfig([path]);
    expect(contexts).toEqual([]);
    expect(problems).toEqual([
      {
        file: path,
        field,
        line: expect.any(Number) as number,
        message: expect.stringMatching(message) as string,
        contexts: ['stage'],
      },
    ]);
    expect(JSON.stringify(problems)).not.toContain(secret);
  });

  test('a server whose certificate is of another name, or of an unknown authority', async () => {
    const unknown = await Authority.make('unknown', new Date());
    for (const cluster of [
      { 'tls-server-name': 'other.example' },
      { 'certificate-authority-data': base64(unknown.certificate) },
    ]) {
      const path = kubeconfig({ cluster, user: { token: secret } });
      expect(await loginOfKubectl([path])).toBeUndefined();
      await expect(ownLogin(await only(path))).rejects.toMatchObject({ code: 'KUBE_UNREACHABLE' });
      expect(server.logins).toEqual([]);
    }
  });

  test('a context that names what is not there, while the others go on', async () => {
    const path = file(
      'config',
      `clusters:\n- name: stage\n  cluster: {server: "${server.url}"}\ncontexts:\n- name: a\n  context: {cluster: stage}\n- name: b\n  context: {cluster: gone}\n- name: c\n  context: {cluster: stage, user: gone}\n`,
    );
    expect((await kubectlWhoami([path], '--context', 'b')).code).toBe(1);
    expect((await kubectlWhoami([path], '--context', 'c')).code).toBe(1);
    const { contexts } = await readKubeconfig([path]);
    expect(contexts.map(({ name }) => name)).toEqual(['a']);
    expect(await brought(path)).toMatchObject([
      { line: 8, field: 'contexts[1].context.cluster', contexts: ['b'] },
      { line: 10, field: 'contexts[2].context.user', contexts: ['c'] },
    ]);
  });
});

describe('credentials are renewed', () => {
  async function following(path: string): Promise<{ ask(): Promise<Login | undefined>; close(): Promise<void> }> {
    const { connection } = await only(path);
    const environment = { PATH: process.env['PATH'] };
    const credential = createCredential(connection.credential, connection, { clock: systemClock, environment, log });
    const transport = openTransport(connection, credential, { clock: systemClock });
    return {
      async ask() {
        server.logins.length = 0;
        await transport.request({ method: 'POST', path: reviewPath, body: '{}' });
        return server.logins.at(-1);
      },
      close: () => transport.close(),
    };
  }

  test('a token file that was replaced is read again after a refusal', async () => {
    file('token', 'first');
    const client = await following(kubeconfig({ user: { tokenFile: 'token' } }));
    expect(await client.ask()).toMatchObject({ authorization: 'Bearer first' });
    file('token', 'second');
    server.refused.add('Bearer first');
    expect(await client.ask()).toMatchObject({ authorization: 'Bearer second' });
    await client.close();
  });

  test('a plugin is run again when its credential was refused, once', async () => {
    const command = plugin('login', { token: 'first' });
    const client = await following(kubeconfig({ user: exec(command) }));
    await client.ask();
    expect(await client.ask()).toMatchObject({ authorization: 'Bearer first' });
    expect(readLines('login.runs')).toHaveLength(1);
    plugin('login', { token: 'second' });
    server.refused.add('Bearer first');
    expect(await client.ask()).toMatchObject({ authorization: 'Bearer second' });
    server.refused.add('Bearer second');
    await client.ask();
    await client.ask();
    expect(readLines('login.runs')).toHaveLength(2);
    await client.close();
  });

  test('certificate files that were replaced are taken up', async () => {
    file('c.crt', person.certificate);
    file('c.key', person.key);
    const client = await following(kubeconfig({ user: { 'client-certificate': 'c.crt', 'client-key': 'c.key' } }));
    expect(await client.ask()).toMatchObject({ certificate: expect.stringContaining('CN=ada') as string });
    file('c.crt', other.certificate);
    file('c.key', other.key);
    // A server that no longer knows a certificate takes its owner for nobody, and says 401.
    server.refused.add('');
    await client.ask();
    server.refused.clear();
    expect(await client.ask()).toMatchObject({ certificate: expect.stringContaining('CN=bob') as string });
    await client.close();
  });
});
