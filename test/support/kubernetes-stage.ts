import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccessRule } from '../../demo/fleet/access.ts';
import type { ApiServer } from '../../demo/fleet/api-server.ts';
import { type DemoFleet, kubeconfigText } from '../../demo/fleet/demo-fleet.ts';
import { OPERATORS } from '../../demo/fleet/world-access.ts';
import type { ClusterRule } from '../../src/config/fleet-config.ts';
import { noFleet } from '../../src/config/fleet-config.ts';
import type { ServerLimits } from '../../src/server/limits.ts';
import { openWorld } from './fleet-world.ts';
import { component, startTestServer, type TestServer } from './server.ts';
import { adaAdministers, signIn } from './signed-in.ts';

/** What Backstage's clients get of an entity, as far as tests look at it. */
export interface ShownObjects {
  readonly items: readonly ShownCluster[];
}

/** The part of one cluster. */
export interface ShownCluster {
  readonly cluster: { readonly name: string; readonly title?: string; readonly dashboardUrl?: string };
  readonly resources: readonly { readonly type: string; readonly resources: readonly ShownItem[] }[];
  readonly podMetrics: readonly unknown[];
  readonly errors: readonly Readonly<Record<string, unknown>>[];
}

/** An object as the cluster has it. */
export interface ShownItem {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
}

/** A request as it is asked. */
export interface AskedRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** Clusters of the demo's world behind a server that speaks Backstage's Kubernetes API. */
export interface KubernetesStage {
  readonly demo: DemoFleet;
  readonly server: TestServer;
  readonly kubeconfig: string;
  /** The API server of a cluster. */
  cluster(name: string): ApiServer;
  /** What somebody may do in a cluster, instead of before. */
  grant(cluster: string, who: string, rules: readonly AccessRule[]): void;
  /** Asks as somebody who is signed in. */
  ask(path: string, asked?: AskedRequest, who?: string): Promise<Response>;
  /** Objects of a component, by the route of the page. */
  objects(name: string, who?: string): Promise<ShownObjects>;
  /** Waits until all clusters are read as of now. */
  untilRead(): Promise<void>;
  /** A role of the policy, with who has it. */
  putRole(name: string, rules: readonly object[], who: string): Promise<void>;
  close(): Promise<void>;
}

const entities = [
  component('ticket-office', {}, { annotations: { 'backstage.io/kubernetes-id': 'ticket-office' } }),
  component(
    'office-here',
    {},
    {
      annotations: {
        'backstage.io/kubernetes-label-selector': 'backstage.io/kubernetes-id=ticket-office',
        'backstage.io/kubernetes-namespace': 'ticketing',
        'backstage.io/kubernetes-cluster': 'prod-north',
      },
    },
  ),
  component('elsewhere', {}, { annotations: { 'backstage.io/kubernetes-id': 'nothing-of-this-name' } }),
  component('unreadable', {}, { annotations: { 'backstage.io/kubernetes-label-selector': 'a in b' } }),
];

/** Opens it over the first clusters of the world, and waits until they are read. @param rules what is said of clusters */
export async function openKubernetesStage(
  count: number,
  rules: readonly ClusterRule[],
  limits: Partial<ServerLimits> = {},
): Promise<KubernetesStage> {
  const demo = await openWorld(count);
  const folder = await mkdtemp(join(tmpdir(), 'callboard-kubernetes-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const operator = await demo.issue('operator', [OPERATORS]);
  await writeFile(kubeconfig, kubeconfigText(demo, 'operator', operator), { mode: 0o600 });
  const server = await startTestServer({
    entities,
    limits,
    config: {
      ...adaAdministers,
      fleet: {
        ...noFleet,
        catalog: undefined,
        kubeconfigs: [{ paths: [kubeconfig] }],
        clusters: rules,
        readers: 1,
      },
    },
  });
  const ask: KubernetesStage['ask'] = async (path, asked = {}, who = 'ada') => {
    const { headers } = await signIn(server, `user:default/${who}`);
    return server.get(path, { ...asked, headers: { ...headers, ...asked.headers } });
  };
  const post = (path: string, body: object, who: string): Promise<Response> =>
    ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }, who);
  const cluster = (name: string): ApiServer => {
    const found = demo.servers.find((each) => each.cluster.name === name);
    if (found === undefined) throw new Error(`No cluster ${name}`);
    return found;
  };
  await untilRead(ask, count);
  return {
    demo,
    server,
    kubeconfig,
    cluster,
    grant(name, who, own) {
      const { access } = cluster(name).cluster;
      const to = `callboard:user:default/${who}`;
      access.grants = [...access.grants.filter((grant) => grant.to !== to), { to, rules: own }];
    },
    ask,
    async objects(name, who = 'ada') {
      const entity = { apiVersion: 'backstage.io/v1alpha1', kind: 'Component', metadata: { name } };
      const response = await post(`/api/kubernetes/services/${name}`, { entity, auth: {} }, who);
      if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
      return (await response.json()) as ShownObjects;
    },
    untilRead: () => untilRead(ask, count),
    async putRole(name, own, who) {
      const put = async (path: string, body: object): Promise<void> => {
        const headers = { 'content-type': 'application/json' };
        const response = await ask(path, { method: 'PUT', headers, body: JSON.stringify(body) });
        if (response.status !== 200) throw new Error(await response.text());
      };
      await put(`/api/v1/access/roles/${name}`, { rules: own });
      await put(`/api/v1/access/bindings/${name}`, { role: name, subjects: [`user:default/${who}`] });
    },
    async close() {
      await server.close();
      await demo.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function untilRead(ask: KubernetesStage['ask'], clusters: number): Promise<void> {
  for (;;) {
    const response = await ask('/api/v1/fleet/clusters');
    const text = await response.text();
    if (response.status !== 200) throw new Error(text);
    const { items } = JSON.parse(text) as { readonly items: readonly { readonly state: string }[] };
    if (items.filter(({ state }) => state === 'ok').length === clusters) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
