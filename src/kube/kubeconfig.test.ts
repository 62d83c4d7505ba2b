import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inClusterConnection } from './in-cluster.ts';
import { readKubeconfig } from './kubeconfig.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'callboard-kubeconfig-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function file(text: string, name = 'config'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const base = `
clusters:
  - name: stage
    cluster: { server: https://stage.example:6443/base/ }
contexts:
  - name: stage
    context: { cluster: stage, namespace: lantern }
`;

describe('a kubeconfig', () => {
  test('says how a cluster is reached', async () => {
    const { contexts, problems, isWhole } = await readKubeconfig([file(base)]);
    expect({ problems, isWhole }).toEqual({ problems: [], isWhole: true });
    expect(contexts).toMatchObject([
      {
        name: 'stage',
        namespace: 'lantern',
        connection: { name: 'stage', server: 'https://stage.example:6443/base', credential: { type: 'none' } },
      },
    ]);
  });

  test('has extensions; those of a context go before those of its cluster', async () => {
    const text = `
clusters:
  - name: a
    cluster:
      server: https://a.example
      extensions: [{ name: x, extension: { of: cluster } }, { name: y, extension: &words [1, true, null, { deep: word }] }]
contexts:
  - name: a
    context: { cluster: a, extensions: [{ name: x, extension: { of: context } }] }
`;
    const { contexts } = await readKubeconfig([file(text)]);
    expect(contexts[0]?.extensions).toEqual({ x: { of: 'context' }, y: [1, true, null, { deep: 'word' }] });
  });

  test.each([
    [
      'of another name',
      'server: https://a.example',
      /^clusters\[0\].cluster$/,
      'cluster: { serve: https://a.example }',
    ],
    ['without a scheme', 'server: https://a.example', /server$/, 'cluster: { server: "a.example:6443" }'],
    ['of no web', 'server: https://a.example', /server$/, 'cluster: { server: "file:///etc/passwd" }'],
    ['with a password', 'server: https://a.example', /server$/, 'cluster: { server: "https://a:hidden@a.example" }'],
    ['with a query', 'server: https://a.example', /server$/, 'cluster: { server: "https://a.example/?token=hidden" }'],
  ])('with a server %s is refused', async (_what, _good, field, cluster) => {
    const text = `clusters:\n- name: a\n  ${cluster}\ncontexts: [{ name: a, context: { cluster: a } }]\n`;
    const { contexts, problems } = await readKubeconfig([file(text)]);
    expect(contexts).toEqual([]);
    expect(problems).toMatchObject([{ field: expect.stringMatching(field) as string, line: 3 }]);
    expect(JSON.stringify(problems)).not.toContain('hidden');
  });

  test('speaks TLS without a scheme where something of TLS is said, as kubectl has it', async () => {
    const text = base.replace(
      'https://stage.example:6443/base/',
      '"stage.example:6443", insecure-skip-tls-verify: true',
    );
    const { contexts } = await readKubeconfig([file(text)]);
    expect(contexts[0]?.connection.server).toBe('https://stage.example:6443');
  });

  test('with two of one name counts the first, and says so', async () => {
    const twice = '  - { name: stage, cluster: { server: https://other.example } }\ncontexts:';
    const { contexts, problems } = await readKubeconfig([file(base.replace('contexts:', twice))]);
    expect(contexts[0]?.connection.server).toBe('https://stage.example:6443/base');
    expect(problems).toMatchObject([
      { field: 'clusters[1].name', message: 'stands there twice: only the first counts' },
    ]);
  });

  test.each([
    ['no YAML', 'clusters: [hidden-token\n- x: {'],
    ['a list', '- hidden-token'],
    ['nothing but brackets', '['.repeat(100_000)],
    ['too large', `# ${'x'.repeat(16 * 1024 * 1024)}`],
  ])('that is %s is a problem of the file, without its text', async (_what, text) => {
    const good = file(base, 'good');
    const { contexts, problems, isWhole } = await readKubeconfig([file(text), good]);
    expect(contexts.map(({ name }) => name)).toEqual(['stage']);
    expect(isWhole).toBe(false);
    expect(problems).toMatchObject([{ file: join(folder, 'config') }]);
    expect(JSON.stringify(problems)).not.toContain('hidden');
  });

  test('that is a folder is a problem too', async () => {
    expect((await readKubeconfig([folder])).problems).toEqual([{ file: folder, message: 'is no file' }]);
  });

  test('whose lists are none, whose names are missing and whose extensions are endless is told of each', async () => {
    const deep = `${'['.repeat(60)}${']'.repeat(60)}`;
    const text = `
users: none
clusters:
  - cluster: { server: https://a.example }
  - name: b
    cluster: { server: https://b.example, extensions: [{ name: x, extension: ${deep} }] }
  - name: c
    cluster: { server: https://c.example }
contexts: [{ name: b, context: { cluster: b } }, 17, { name: c, context: { cluster: c } }]
`;
    const { contexts, problems } = await readKubeconfig([file(text)]);
    expect(contexts.map(({ name }) => name)).toEqual(['c']);
    expect(problems.map(({ field, message }) => `${field}: ${message}`)).toEqual([
      'clusters[0]: has no name',
      'users: must be a list',
      'contexts[1]: must be a map',
      'clusters[1].cluster.extensions[0].extension: is too large or too deeply nested',
    ]);
  });

  test('that is made of aliases costs no more than its text', async () => {
    const steps = Array.from({ length: 30 }, (_, at) => `x${at + 1}: &x${at + 1} [*x${at}, *x${at}]`);
    const bomb = `x0: &x0 [a]\n${steps.join('\n')}\n${base.replace(
      '/base/ }',
      ', extensions: [{ name: x, extension: *x30 }] }',
    )}`;
    const { contexts, problems } = await readKubeconfig([file(bomb)]);
    expect(contexts).toEqual([]);
    expect(problems).toMatchObject([{ message: 'is too large or too deeply nested', contexts: ['stage'] }]);
  });
});

describe('the account of the pod', () => {
  const environment = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };

  test('is read from where Kubernetes puts it', async () => {
    file('token', 'token');
    file('authority', 'ca.crt');
    expect(await inClusterConnection(environment, folder)).toEqual({
      server: 'https://[fd00::1]:443',
      authorityPath: join(folder, 'ca.crt'),
      isInsecure: false,
      disableCompression: false,
      credential: { type: 'tokenFile', path: join(folder, 'token') },
    });
  });

  test('that is not there is told with what to do', async () => {
    expect(await inClusterConnection({}, folder)).toMatchObject({
      message: expect.stringMatching(/not run in a cluster/) as string,
    });
    expect(await inClusterConnection(environment, folder)).toMatchObject({
      message: expect.stringMatching(/ca\.crt cannot be read .*automountServiceAccountToken/) as string,
    });
  });
});
