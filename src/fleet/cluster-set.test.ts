import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ScriptedCatalog } from '../../test/support/scripted-catalog.ts';
import { systemClock } from '../base/clock.ts';
import type { BackstageCluster } from '../config/backstage-kubernetes.ts';
import { type FleetConfig, noFleet } from '../config/fleet-config.ts';
import type { Entity } from '../model/entity.ts';
import { createLog } from '../telemetry/log.ts';
import type { ClusterSetChange } from './cluster-entry.ts';
import { ClusterSet } from './cluster-set.ts';

const log = createLog({ level: 'fatal', format: 'json' });
const pem = Buffer.from('-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n').toString('base64');

let folder: string;
let catalog: ScriptedCatalog;
let set: ClusterSet | undefined;
let changes: ClusterSetChange[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'callboard-clusters-'));
  catalog = await new ScriptedCatalog().open();
  changes = [];
});
afterEach(async () => {
  await set?.close();
  set = undefined;
  await catalog.close();
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
  return path;
}

/** A kubeconfig with a context for each name. */
function kubeconfig(names: readonly string[], more: object = {}, host = 'api.example'): string {
  return JSON.stringify({
    clusters: names.map((name) => ({ name, cluster: { server: `https://${host}:6443/${name}`, ...more } })),
    contexts: names.map((name) => ({ name, context: { cluster: name } })),
  });
}

async function open(
  config: Partial<FleetConfig>,
  environment: Readonly<Record<string, string>> = {},
): Promise<ClusterSet> {
  const parts = { clock: systemClock, log, environment, accountFolder: folder };
  set = await ClusterSet.open({ ...parts, config: { ...noFleet, catalog: undefined, ...config } });
  set.followCatalog(catalog.graph);
  set.onChange((change) => changes.push(change));
  return set;
}

const names = (): readonly string[] => (set?.entries() ?? []).map(({ name }) => name);
const messages = (): readonly string[] => (set?.problems() ?? []).map(({ message }) => message);

async function put(...entities: readonly Entity[]): Promise<void> {
  const writes = entities.map((entity) => {
    const body = JSON.stringify({ ...entity, metadata: { ...entity.metadata, namespace: 'default' } });
    const ref = `resource:default/${entity.metadata.name}`;
    const place = { location: 'test:clusters', source: 'test', line: 1 };
    return { op: 'putEntity' as const, entity: { ref, body, hash: body, ...place } };
  });
  await catalog.do({ do: 'commit', writes });
}

function clusterEntity(name: string, annotations: Readonly<Record<string, string>>, metadata: object = {}): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: { name, annotations, ...metadata },
    spec: { type: 'kubernetes-cluster', owner: 'group:default/stage' },
  };
}

const connected = (host: string): Readonly<Record<string, string>> => ({
  'kubernetes.io/api-server': `https://${host}`,
  'kubernetes.io/api-server-certificate-authority': pem,
  'kubernetes.io/auth-provider': 'aws',
});

describe('clusters of kubeconfig files', () => {
  test('come, change and go with the files, of which one may appear later', async () => {
    const path = join(folder, 'late/config');
    mkdirSync(dirname(path));
    await open({ kubeconfigs: [{ paths: [path] }] });
    expect(names()).toEqual([]);
    expect(messages()).toEqual(['there is no such file; it is read as soon as it is there']);
    file('late/config', kubeconfig(['a', 'b']));
    await expect.poll(names).toEqual(['a', 'b']);
    expect(messages()).toEqual([]);
    file('late/config', kubeconfig(['b', 'c'], { 'insecure-skip-tls-verify': true }));
    await expect.poll(names).toEqual(['b', 'c']);
    expect(set?.entries()[0]?.warnings).toEqual([expect.stringMatching(/not checked/) as string]);
    rmSync(path);
    await expect.poll(names).toEqual([]);
    const told = changes.map(({ added, changed, removed }) =>
      [added, changed].map((list) => list.map(({ name }) => name)).concat([[...removed]]),
    );
    expect(told).toEqual([
      [['a', 'b'], [], []],
      [['c'], ['b'], ['a']],
      [[], [], ['b', 'c']],
    ]);
  });

  test('stay as they were while a file cannot be read', async () => {
    const path = file('config', kubeconfig(['a']));
    await open({ kubeconfigs: [{ paths: [path] }] });
    file('config', kubeconfig(['a']).slice(0, 40));
    await expect.poll(messages).toEqual([expect.stringMatching(/is not YAML .*what was said before stays/) as string]);
    expect(names()).toEqual(['a']);
    expect(changes).toEqual([]);
  });

  test('are there though another file cannot be read at the start', async () => {
    const paths = [file('good', kubeconfig(['a'])), file('bad', 'clusters: [')];
    await open({ kubeconfigs: [{ paths }] });
    expect([names(), messages()]).toEqual([['a'], [expect.stringMatching(/is not YAML/) as string]]);
  });

  test('are those that a glob takes; what is wrong with others is not told', async () => {
    const broken = { name: 'b', context: { cluster: 'gone' } };
    const text = JSON.parse(kubeconfig(['prod-a', 'prod-b', 'arn:aws:eks:eu:1:cluster/prod-c', 'test'])) as {
      contexts: object[];
    };
    const path = file(
      'config',
      JSON.stringify({ ...text, contexts: [...text.contexts, broken, { ...broken, name: 'prod-d' }] }),
    );
    await open({ kubeconfigs: [{ paths: [path], contexts: ['prod-*', 'arn:*prod*'] }] });
    expect(names()).toEqual(['prod-a', 'prod-b', 'arn:aws:eks:eu:1:cluster/prod-c']);
    expect(messages()).toEqual([
      expect.stringMatching(/names a cluster that is in none of the files; left out: prod-d/) as string,
    ]);
  });

  test('are described by an extension, and by rules of the configuration that go over it', async () => {
    const extension = { title: 'Stage', labels: { environment: 'test', tier: 'b' }, protected: true };
    const more = { extensions: [{ name: 'callboard.dev/cluster', extension }] };
    const path = file('config', kubeconfig(['a', 'b'], more));
    await open({
      kubeconfigs: [{ paths: [path] }],
      clusters: [
        { match: '*', labels: { environment: 'prod' } },
        { match: 'b', title: 'Cellar', isProtected: false, dashboardUrl: 'https://look.example' },
      ],
    });
    const labels = { environment: 'prod', tier: 'b' };
    expect(set?.entries()).toMatchObject([
      { name: 'a', title: 'Stage', labels, isProtected: true },
      { name: 'b', title: 'Cellar', labels, isProtected: false, dashboardUrl: 'https://look.example' },
    ]);
  });

  test.each([
    ['no map', 'x'],
    ['a key', { titel: 'x' }],
    ['a title', { title: 17 }],
    ['protected', { protected: 'yes' }],
    ['a dashboardUrl', { dashboardUrl: 'javascript:alert(1)' }],
    ['labels', { labels: { a: 1 } }],
    ['labels', { labels: 'a=b' }],
  ])('whose extension has a wrong %s are read without it', async (what, extension) => {
    const more = { extensions: [{ name: 'callboard.dev/cluster', extension }] };
    await open({ kubeconfigs: [{ paths: [file('config', kubeconfig(['a'], more))] }] });
    expect(names()).toEqual(['a']);
    expect(messages()).toEqual([expect.stringContaining(what) as string]);
  });

  test('have one name each: the first source wins', async () => {
    const one = file('one', kubeconfig(['a', 'b']));
    const two = file('two', kubeconfig(['b', 'c'], {}, 'other.example'));
    await open({ kubeconfigs: [{ paths: [one] }, { paths: [two] }] });
    expect(set?.entries().map(({ connection }) => connection.server)).toEqual([
      'https://api.example:6443/a',
      'https://api.example:6443/b',
      'https://other.example:6443/c',
    ]);
    expect(messages()).toEqual([
      `the name b belongs to another cluster already (kubeconfig ${one}, context b): rename one of them`,
    ]);
  });
});

describe('clusters of a configuration of Backstage', () => {
  const cluster = (parts: Partial<BackstageCluster>): BackstageCluster => ({
    name: 'a',
    url: 'https://a.example',
    authProvider: 'serviceAccount',
    aws: {},
    skipTlsVerify: false,
    said: { skipsMetrics: false },
    origin: 'app-config.yaml:3',
    ...parts,
  });

  test('are read with the logins that need nobody', async () => {
    const clusters = [
      cluster({
        serviceAccountToken: 'token',
        caData: pem,
        title: 'A',
        dashboardUrl: 'https://look.example',
        said: { skipsMetrics: true, dashboardApp: 'gke' },
      }),
      cluster({ name: 'b', authProvider: 'aws', aws: { assumeRole: 'arn:aws:iam::1:role/r' } }),
      cluster({ name: 'c', authProvider: 'aws', aws: { clusterId: 'x', assumeRole: 'r', externalId: 'e' } }),
      cluster({ name: 'd', authProvider: 'azure' }),
      cluster({ name: 'e', authProvider: 'googleServiceAccount', caFile: '/ca.crt' }),
      cluster({ name: 'local', authProvider: 'localKubectlProxy', url: 'http://localhost:8001' }),
    ];
    await open({ backstage: { clusters, problems: [] } });
    expect(messages()).toEqual([]);
    const told = set
      ?.entries()
      .map(({ connection: { credential } }) =>
        credential.type === 'exec'
          ? `${credential.plugin.command} ${credential.plugin.args.join(' ')}`
          : credential.type,
      );
    expect(told).toEqual([
      'token',
      'aws eks get-token --output=json --cluster-name=b --role-arn=arn:aws:iam::1:role/r',
      'aws-iam-authenticator token --cluster-id x --role r --external-id e',
      'kubelogin get-token --login msi --server-id 6dae42f8-4368-4678-94ff-3960e28e3630',
      'gke-gcloud-auth-plugin --use_application_default_credentials',
      'none',
    ]);
    expect(set?.entries()[0]).toMatchObject({
      title: 'A',
      dashboardUrl: 'https://look.example',
      backstage: { skipsMetrics: true, dashboardApp: 'gke' },
    });
    expect(set?.entries()[0]?.connection.authority).toContain('BEGIN CERTIFICATE');
  });

  test('that cannot be read are told of one by one, with what to do', async () => {
    const clusters = [
      cluster({ name: 'a', authProvider: 'oidc' }),
      cluster({ name: 'b', authProvider: 'magic' }),
      cluster({ name: 'c', url: 'ftp://c.example' }),
      cluster({ name: 'd', serviceAccountToken: 't', caData: 'AAAA' }),
      cluster({ name: 'e', authProvider: 'aws', aws: { assumeRole: '--profile' } }),
      cluster({ name: 'f' }),
      cluster({ name: 'g', serviceAccountToken: 't', dashboardUrl: 'javascript:alert(1)' }),
    ];
    await open({ backstage: { clusters, problems: [{ origin: 'app-config.yaml:9', message: 'as it was told' }] } });
    expect(names()).toEqual(['g']);
    expect(messages()).toEqual([
      'as it was told',
      expect.stringMatching(/a: its auth provider oidc uses the tokens of whoever looks.*fleet\.kubeconfigs/),
      expect.stringMatching(/b: its auth provider is not known/),
      expect.stringMatching(/c: its url/),
      expect.stringMatching(/d: its caData/),
      expect.stringMatching(/e: what it says for AWS/),
      expect.stringMatching(/f: it has no serviceAccountToken.*not run in a cluster/),
      expect.stringMatching(/g: its dashboardUrl/),
    ]);
  });

  test('without a token are read with the account of the pod, and so is the own cluster', async () => {
    file('token', 'token');
    file('ca.crt', 'ca');
    const environment = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
    await open({ inCluster: 'home', backstage: { clusters: [cluster({})], problems: [] } }, environment);
    const account = {
      authorityPath: join(folder, 'ca.crt'),
      credential: { type: 'tokenFile', path: join(folder, 'token') },
    };
    expect(set?.entries().map(({ connection }) => connection)).toMatchObject([
      { name: 'home', server: 'https://10.0.0.1:443', ...account },
      { name: 'a', server: 'https://a.example', ...account },
    ]);
  });
});

describe('clusters of the catalog', () => {
  const hosts = ['*.eks.example', 'api.example:6443'];

  test('come, change and go with their entities', async () => {
    await open({ catalog: { hosts, isInsecureAllowed: false } });
    await put(
      clusterEntity(
        'a',
        {
          ...connected('a.eks.example'),
          'kubernetes.io/dashboard-url': 'https://look.example',
          'kubernetes.io/dashboard-app': 'gke',
          'kubernetes.io/dashboard-parameters': '{"region":"north","count":1}',
          'kubernetes.io/skip-metrics-lookup': 'true',
        },
        { title: 'A', labels: { region: 'eu' } },
      ),
    );
    await expect.poll(names).toEqual(['a']);
    expect(set?.entries()[0]).toMatchObject({
      origin: 'resource:default/a',
      title: 'A',
      labels: { region: 'eu', owner: 'group:default/stage' },
      dashboardUrl: 'https://look.example',
      backstage: { skipsMetrics: true, dashboardApp: 'gke', dashboardParameters: { region: 'north' } },
      connection: { server: 'https://a.eks.example', isInsecure: false },
    });
    await put(clusterEntity('a', { ...connected('b.eks.example'), 'callboard.dev/protected': 'true' }));
    catalog.clock.advance(1_000);
    await expect.poll(() => set?.entries()[0]?.connection.server).toBe('https://b.eks.example');
    expect(set?.entries()[0]?.isProtected).toBe(true);
    await catalog.do({
      do: 'commit',
      writes: [{ op: 'deleteEntity', ref: 'resource:default/a', location: 'test:clusters' }],
    });
    catalog.clock.advance(1_000);
    await expect.poll(names).toEqual([]);
  });

  test.each([
    ['a host that nobody allowed', connected('169.254.169.254'), /nothing is sent to 169\.254\.169\.254: add it/],
    ['a host whose end is allowed as text only', connected('evil-eks.example'), /nothing is sent/],
    ['the domain itself', connected('eks.example'), /nothing is sent/],
    ['another port', connected('api.example:8443'), /nothing is sent to api\.example:8443/],
    ['no TLS', { ...connected('x'), 'kubernetes.io/api-server': 'http://a.eks.example' }, /asked by https/],
    [
      'credentials in its URL',
      { ...connected('x'), 'kubernetes.io/api-server': 'https://a:b@a.eks.example' },
      /is no URL/,
    ],
    [
      'a certificate that is not checked',
      { ...connected('a.eks.example'), 'kubernetes.io/skip-tls-verify': 'true' },
      /not allowed/,
    ],
    [
      'a service account',
      { ...connected('a.eks.example'), 'kubernetes.io/auth-provider': 'serviceAccount' },
      /cannot bring a token/,
    ],
    [
      'the tokens of people',
      { ...connected('a.eks.example'), 'kubernetes.io/auth-provider': 'google' },
      /tokens of whoever looks/,
    ],
    ['no way to sign in', { 'kubernetes.io/api-server': 'https://a.eks.example' }, /auth-provider/],
    [
      'no authority',
      { ...connected('a.eks.example'), 'kubernetes.io/api-server-certificate-authority': 'eA==' },
      /no PEM/,
    ],
    [
      'an argument for a program',
      { ...connected('a.eks.example'), 'kubernetes.io/aws-assume-role': '--endpoint-url=x' },
      /for AWS/,
    ],
  ])('with %s are not read', async (_what, annotations, message) => {
    await put(clusterEntity('a', annotations));
    await open({ catalog: { hosts, isInsecureAllowed: false } });
    expect(names()).toEqual([]);
    expect(set?.problems()).toEqual([
      { origin: 'resource:default/a', message: expect.stringMatching(message) as string },
    ]);
  });

  test('describe those that are connected otherwise, and never take protection away', async () => {
    const extension = { labels: { region: 'eu' }, protected: true };
    const path = file('config', kubeconfig(['a'], { extensions: [{ name: 'callboard.dev/cluster', extension }] }));
    await put(
      clusterEntity('a', { 'callboard.dev/protected': 'false' }, { title: 'A', labels: { region: 'us', tier: '1' } }),
    );
    await open({ kubeconfigs: [{ paths: [path] }], catalog: { hosts: [], isInsecureAllowed: false } });
    expect(messages()).toEqual([]);
    expect(set?.entries()).toMatchObject([
      { title: 'A', labels: { region: 'eu', tier: '1', owner: 'group:default/stage' }, isProtected: true },
    ]);
  });

  test('with any host allowed, and a certificate that is not checked', async () => {
    await put(
      clusterEntity('a', {
        ...connected('anything'),
        'kubernetes.io/skip-tls-verify': 'true',
        'kubernetes.io/api-server-certificate-authority': pem,
      }),
    );
    await open({ catalog: { hosts: ['*'], isInsecureAllowed: true } });
    expect(set?.entries()[0]?.connection).toMatchObject({ server: 'https://anything', isInsecure: false });
  });
});
