import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Attributes, ClusterAccess, User } from '../../demo/fleet/access.ts';
import { type DemoFleet, openDemoFleet } from '../../demo/fleet/demo-fleet.ts';
import { builtinResources } from '../../demo/fleet/resources.ts';
import { liveKinds } from '../../src/live/kind-table.ts';
import { kubectl, type KubectlAnswer, kubectlProgram } from '../support/kubectl.ts';

const TOKEN = 'token-of-the-reader';
const user: User = {
  name: 'system:serviceaccount:callboard:callboard-reader',
  groups: ['system:serviceaccounts', 'system:authenticated'],
};

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly {
    readonly apiGroups: string[];
    readonly resources: string[];
    readonly resourceNames?: string[];
    readonly verbs: string[];
  }[];
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly object[];
}

function manifests(name: string): readonly Manifest[] {
  const text = readFileSync(new URL(`../../deploy/rbac/${name}`, import.meta.url), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

const [reader, configMaps] = [manifests('reader.yaml'), manifests('reader-configmaps.yaml')];

let fleet: DemoFleet;
let access: ClusterAccess;
let folder: string;
let kubeconfig: string;
let adminKubeconfig: string;

beforeAll(async () => {
  kubectlProgram();
  fleet = await openDemoFleet({ names: ['stage'], version: '1.34.2', now: () => new Date() });
  const [server] = fleet.servers;
  if (server === undefined) throw new Error('There is no server');
  access = server.cluster.access;
  access.tokens.set(TOKEN, { user });
  folder = mkdtempSync(join(tmpdir(), 'callboard-rbac-'));
  kubeconfig = join(folder, 'kubeconfig');
  kubeconfig = writeKubeconfig('reader', server.url, { token: TOKEN });
  const { certificate, key } = await fleet.issue('admin', ['system:masters']);
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  adminKubeconfig = writeKubeconfig('admin', server.url, {
    'client-certificate-data': base64(certificate),
    'client-key-data': base64(key),
  });
}, 180_000);
afterAll(async () => {
  await fleet.close();
  rmSync(folder, { recursive: true });
});

function writeKubeconfig(name: string, server: string, login: object): string {
  const authority = Buffer.from(fleet.authority).toString('base64');
  const config = {
    clusters: [{ name: 'a', cluster: { server, 'certificate-authority-data': authority } }],
    users: [{ name: 'a', user: login }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    'current-context': 'a',
  };
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

/** Applies or deletes shipped manifests, as whoever runs the cluster does. */
async function manage(verb: 'apply' | 'delete', ...names: readonly string[]): Promise<void> {
  const files = names.flatMap((name) => ['-f', join(import.meta.dirname, '../../deploy/rbac', name)]);
  const { code, err } = await kubectl(adminKubeconfig, [verb, ...files]);
  expect(code, err).toBe(0);
}

const ask = (...args: string[]): Promise<KubectlAnswer> => kubectl(kubeconfig, args);

function allows(verb: string, group: string, resource: string, subresource = ''): boolean {
  const asked: Attributes = { verb, group, resource, subresource, namespace: '', name: '' };
  return access.allows(user, asked);
}

const key = (group: string, plural: string): string => `${plural}.${group}`;
const kindKeys = liveKinds.map(({ group, plural }) => key(group, plural));
const allVerbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];

describe('the role of the reader', () => {
  test('is bound to its account, and to nobody else', () => {
    for (const documents of [reader, configMaps]) {
      const role = documents.find(({ kind }) => kind === 'ClusterRole');
      const binding = documents.find(({ kind }) => kind === 'ClusterRoleBinding');
      expect(role?.apiVersion).toBe('rbac.authorization.k8s.io/v1');
      expect(binding?.roleRef).toMatchObject({ kind: 'ClusterRole', name: role?.metadata.name });
      expect(binding?.subjects).toEqual([{ kind: 'ServiceAccount', name: 'callboard-reader', namespace: 'callboard' }]);
    }
    expect(reader.find(({ kind }) => kind === 'ServiceAccount')?.metadata).toEqual({
      name: 'callboard-reader',
      namespace: 'callboard',
    });
  });

  test('lets it list and watch exactly the kinds that are read, and look at one namespace', async () => {
    await manage('apply', 'reader.yaml', 'reader-configmaps.yaml');
    const resources = new Map(builtinResources.map((resource) => [key(resource.group, resource.plural), resource]));
    const known = [...kindKeys, ...resources.keys()].map((name) => [
      name.slice(0, name.indexOf('.')),
      name.slice(name.indexOf('.') + 1),
    ]);
    const granted = known.flatMap(([plural = '', group = '']) =>
      allVerbs.filter((verb) => allows(verb, group, plural)).map((verb) => `${verb} ${key(group, plural)}`),
    );
    const wanted = kindKeys.flatMap((name) => [`list ${name}`, `watch ${name}`]);
    expect([...new Set(granted)].sort()).toEqual(wanted.sort());
    const single = reader.flatMap(({ rules = [] }) => rules).filter(({ resourceNames }) => resourceNames !== undefined);
    expect(single).toEqual([
      { apiGroups: [''], resources: ['namespaces'], resourceNames: ['kube-system'], verbs: ['get'] },
    ]);
    for (const subresource of ['log', 'exec', 'portforward', 'eviction', 'status']) {
      expect(allVerbs.filter((verb) => allows(verb, '', 'pods', subresource))).toEqual([]);
    }
  });

  test('without the optional one leaves ConfigMaps out', async () => {
    await manage('delete', 'reader-configmaps.yaml');
    const missing = liveKinds.filter(
      ({ group, plural }) => !allows('list', group, plural) || !allows('watch', group, plural),
    );
    expect(missing.map(({ kind }) => kind)).toEqual(['ConfigMap']);
  });

  test('is enough for kubectl to list what is read, and for nothing else', async () => {
    const served = new Set(builtinResources.map(({ group, plural }) => key(group, plural)));
    const plurals = liveKinds.filter(
      ({ group, plural, kind }) => kind !== 'ConfigMap' && served.has(key(group, plural)),
    );
    const names = plurals.map(({ group, plural }) => (group === '' ? plural : key(group, plural)));
    const { code, err } = await ask('get', names.join(','), '-A', '-o', 'name');
    expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining('forbidden') as string });
    for (const args of [
      ['get', 'secrets', '-A'],
      ['get', 'configmaps', '-A'],
      ['create', 'namespace', 'mine'],
      ['get', '--raw', '/api/v1/namespaces/default/pods/web/log'],
      ['get', 'pods', '-A', '--as', 'system:admin'],
    ]) {
      const refused = await ask(...args);
      expect(refused.code, args.join(' ')).toBe(1);
      expect(refused.err).toMatch(/forbidden|Forbidden/);
    }
  });
});

describe('the right to act for others', () => {
  const ada = ['--as', 'callboard:user:default/ada'];
  const crew = [...ada, '--as-group', 'callboard:group:default/stage-hands'];
  const boss = [...ada, '--as-group', 'system:masters'];
  const refused = async (...args: string[]): Promise<string> => {
    const { code, err } = await ask(...args);
    expect(code, args.join(' ')).toBe(1);
    return err;
  };

  test('where it can be constrained is for what is offered, whoever it is done for', async () => {
    expect((await kubectl(adminKubeconfig, ['create', 'namespace', 'shop'])).code).toBe(0);
    await manage('apply', 'acting.yaml', 'workers.yaml');
    const shop = ['-n', 'shop'];
    const { code, err } = await ask(...crew, ...shop, 'create', 'deployment', 'web', '--image', 'a');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('cannot impersonate') as string });
    const made = await kubectl(adminKubeconfig, [...shop, 'create', 'deployment', 'web', '--image', 'a']);
    expect(made.code, made.err).toBe(0);
    for (const args of [
      ['get', 'deployment/web'],
      ['rollout', 'restart', 'deployment/web'],
      ['rollout', 'pause', 'deployment/web'],
      ['auth', 'can-i', 'patch', 'deployments'],
    ]) {
      const done = await ask(...crew, ...shop, ...args);
      expect(done.code, done.err).toBe(0);
    }
    // Not theirs: the rules of the cluster decide.
    expect(await refused(...ada, ...shop, 'get', 'deployment/web')).toContain(
      '"callboard:user:default/ada" cannot get',
    );
    expect(await refused(...crew, '-n', 'default', 'get', 'deployments')).toContain('cannot list');
    // Not offered: even an administrator does not do it through this account.
    for (const args of [
      ['get', 'secrets'],
      ['delete', 'deployment/web'],
      ['delete', 'namespace', 'shop'],
      ['create', 'namespace', 'mine'],
      ['create', 'clusterrolebinding', 'mine', '--clusterrole', 'callboard-reader', '--user', 'me'],
    ]) {
      expect(await refused(...boss, ...shop, ...args)).toContain('cannot impersonate');
    }
    await manage('delete', 'acting.yaml');
    expect(await refused(...crew, ...shop, 'get', 'deployment/web')).toContain('cannot impersonate');
  }, 60_000);

  test('where it cannot is for those alone who are named', async () => {
    await manage('apply', 'acting-plain.yaml');
    const done = await ask(...crew, '-n', 'shop', 'get', 'deployment/web');
    expect(done.code, done.err).toBe(0);
    for (const others of [boss, ['--as', 'system:admin'], ['--as', 'callboard:user:default/eve']]) {
      expect(await refused(...others, '-n', 'shop', 'get', 'deployment/web')).toContain('cannot impersonate');
    }
  }, 60_000);
});
