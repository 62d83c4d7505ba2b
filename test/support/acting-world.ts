import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { ApiServer } from '../../demo/fleet/api-server.ts';
import { type DemoFleet, openDemoFleet } from '../../demo/fleet/demo-fleet.ts';
import type { JsonMap } from '../../demo/fleet/kube-object.ts';
import type { NewObject } from '../../demo/fleet/object-store.ts';
import { put } from '../../demo/fleet/world.ts';
import type { Config } from '../../src/config/config.ts';
import { type FleetConfig, noFleet } from '../../src/config/fleet-config.ts';
import { startTestServer, type TestServer } from './server.ts';
import { signIn, type TestSession } from './signed-in.ts';

/** Token of the account that Callboard has in every cluster. */
const TOKEN = 'token-of-the-reader';

/** Clusters with a shop in each, read by an account with the rights that are shipped, and a server that people act through. */
export interface ActingWorld {
  readonly server: TestServer;
  readonly demo: DemoFleet;
  cluster(name: string): ApiServer;
  session(person: string): Promise<TestSession>;
  get(person: string, path: string): Promise<{ readonly status: number; readonly text: string }>;
  post(person: string, path: string, body: object): Promise<{ readonly status: number; readonly text: string }>;
  close(): Promise<void>;
}

/** The documents of a shipped manifest. */
export function manifestsOf(name: string): readonly (NewObject & { readonly kind: string })[] {
  const text = readFileSync(new URL(`../../deploy/rbac/${name}`, import.meta.url), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS() as NewObject & { readonly kind: string });
}

const pluralsByKind: Readonly<Record<string, readonly [group: string, plural: string]>> = {
  Namespace: ['', 'namespaces'],
  ServiceAccount: ['', 'serviceaccounts'],
  ClusterRole: ['rbac.authorization.k8s.io', 'clusterroles'],
  ClusterRoleBinding: ['rbac.authorization.k8s.io', 'clusterrolebindings'],
  RoleBinding: ['rbac.authorization.k8s.io', 'rolebindings'],
};

/** Puts the objects of a shipped manifest into a cluster. */
export function applyManifest({ cluster }: ApiServer, name: string): void {
  for (const object of manifestsOf(name)) {
    const [group = '', plural = ''] = pluralsByKind[object.kind] ?? [];
    put(cluster, { group, plural, object });
  }
}

/** Lets the shipped account ask with its token. */
export function admitReader({ cluster }: ApiServer): void {
  const name = 'system:serviceaccount:callboard:callboard-reader';
  cluster.access.tokens.set(TOKEN, { user: { name, groups: ['system:serviceaccounts'] } });
}

/** A group of the catalog. */
export const group = (name: string, parent?: string) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Group',
  metadata: { name },
  spec: { type: 'team', children: [], ...(parent !== undefined && { parent }) },
});

/** A person of the catalog. */
export const user = (name: string, ...memberOf: readonly string[]) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: { name },
  spec: { memberOf: [...memberOf] },
});

/** A Deployment with one container. */
export function deployment(name: string, image: string, parts: JsonMap = {}): NewObject {
  const labels = { app: name };
  return {
    metadata: { namespace: 'shop', name, labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image }] } },
      ...parts,
    },
  } as unknown as NewObject;
}

/** Clusters with a shop in each, and how a server is configured for them. */
export interface ActingClusters {
  readonly demo: DemoFleet;
  readonly fleet: FleetConfig;
  /** A folder of the test, which goes with them. */
  readonly folder: string;
  close(): Promise<void>;
}

/** @param names of the clusters; people act on all but those named `closed`, and those named `prod` are protected */
export async function openActingClusters(names: readonly string[]): Promise<ActingClusters> {
  const demo = await openDemoFleet({ names, version: '1.36.0', now: () => new Date() });
  for (const server of demo.servers) fill(server);
  const folder = mkdtempSync(join(tmpdir(), 'callboard-acting-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigOf(demo), { mode: 0o600 });
  const fleet = {
    ...noFleet,
    catalog: undefined,
    kubeconfigs: [{ paths: [kubeconfig] }],
    clusters: [
      { match: '*', isActing: true },
      { match: 'closed*', isActing: false },
      { match: 'prod*', isProtected: true },
    ],
  };
  return {
    demo,
    fleet,
    folder,
    async close() {
      await demo.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A server that people act through, on the clusters of `openActingClusters`. */
export async function openActingWorld(names: readonly string[], config: Partial<Config>): Promise<ActingWorld> {
  const clusters = await openActingClusters(names);
  const { demo, fleet } = clusters;
  const server = await startTestServer({ config: { ...config, fleet } });
  const sessions = new Map<string, Promise<TestSession>>();
  const session = (person: string): Promise<TestSession> => {
    const known = sessions.get(person) ?? signIn(server, `user:default/${person}`);
    sessions.set(person, known);
    return known;
  };
  const answer = async (response: Response): Promise<{ status: number; text: string }> => ({
    status: response.status,
    text: await response.text(),
  });
  return {
    server,
    demo,
    cluster(name) {
      const found = demo.servers.find(({ cluster }) => cluster.name === name);
      if (found === undefined) throw new Error(`No cluster ${name}`);
      return found;
    },
    session,
    get: async (person, path) => answer(await server.get(path, { headers: (await session(person)).headers })),
    async post(person, path, body) {
      const headers = { ...(await session(person)).headers, 'content-type': 'application/json' };
      return answer(await server.get(path, { method: 'POST', headers, body: JSON.stringify(body) }));
    },
    async close() {
      await server.close();
      await clusters.close();
    },
  };
}

function fill(server: ApiServer): void {
  const { cluster } = server;
  put(cluster, { group: '', plural: 'namespaces', object: { metadata: { name: 'shop' } } });
  for (const name of ['reader.yaml', 'acting.yaml', 'workers.yaml']) applyManifest(server, name);
  admitReader(server);
  put(cluster, { group: 'apps', plural: 'deployments', object: deployment('web', 'registry.example.com/web:1') });
  put(cluster, { group: 'apps', plural: 'deployments', object: deployment('till', 'registry.example.com/till:1') });
}

function kubeconfigOf(demo: DemoFleet): string {
  const authority = Buffer.from(demo.authority).toString('base64');
  const names = demo.servers.map(({ cluster }) => cluster.name);
  return JSON.stringify({
    clusters: demo.servers.map(({ cluster, url }) => ({
      name: cluster.name,
      cluster: { server: url, 'certificate-authority-data': authority },
    })),
    users: [{ name: 'callboard', user: { token: TOKEN } }],
    contexts: names.map((name) => ({ name, context: { cluster: name, user: 'callboard' } })),
  });
}
