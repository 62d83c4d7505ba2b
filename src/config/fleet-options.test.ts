import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Environment } from './environment.ts';
import { noFleet, type FleetConfig } from './fleet-config.ts';
import { loadConfig } from './load-config.ts';

let cwd: string;
beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'callboard-fleet-config-'))));
afterEach(() => rmSync(cwd, { recursive: true }));

async function load(
  name: string,
  text: string,
  env: Environment = {},
): Promise<{ fleet: FleetConfig; notices: readonly string[] }> {
  writeFileSync(join(cwd, name), text);
  const { config, notices } = await loadConfig({ cwd, flags: {}, env });
  return { fleet: config.fleet, notices };
}

const own = async (text: string, env?: Environment): Promise<FleetConfig> =>
  (await load('callboard.yaml', text, env)).fleet;

describe('fleet in callboard.yaml', () => {
  test('names clusters, what is said of them, and what is read beside the known kinds', async () => {
    const fleet = await own(`
fleet:
  kubeconfigs:
    - clusters/prod
    - a${delimiter}/etc/b
    - { path: ~/.kube/config, contexts: [prod-*, arn:*] }
  inCluster: home
  catalog: { hosts: ["*.EKS.example", api.example:6443], allowSkipTLSVerify: true }
  clusters:
    - { match: prod-*, labels: { environment: prod, tier: 1 }, protected: true, dashboardUrl: https://look.example }
    - { match: home, title: Home, acting: true }
  impersonation: { user: name, userPrefix: '', groupPrefix: 'people/' }
  customResources:
    - { group: argoproj.io, kind: Rollout, plural: rollouts }
    - { group: stage.example, kind: Lamp, plural: lamps, version: v1beta2, namespaced: false }
  namespaceOwners:
    - { match: shop-*, owner: shop }
    - { match: "*", owner: "user:people/ada" }
  readers: 3
`);
    expect(fleet).toEqual({
      kubeconfigs: [
        { paths: [join(cwd, 'clusters/prod')] },
        { paths: [join(cwd, 'a'), '/etc/b'] },
        { paths: [join(homedir(), '.kube/config')], contexts: ['prod-*', 'arn:*'] },
      ],
      inCluster: 'home',
      catalog: { hosts: ['*.eks.example', 'api.example:6443'], isInsecureAllowed: true },
      clusters: [
        {
          match: 'prod-*',
          labels: { environment: 'prod', tier: '1' },
          isProtected: true,
          dashboardUrl: 'https://look.example',
        },
        { match: 'home', title: 'Home', isActing: true },
      ],
      customResources: [
        { group: 'argoproj.io', kind: 'Rollout', plural: 'rollouts', isNamespaced: true },
        { group: 'stage.example', kind: 'Lamp', plural: 'lamps', version: 'v1beta2', isNamespaced: false },
      ],
      impersonation: { user: 'name', userPrefix: '', groupPrefix: 'people/' },
      namespaceOwners: [
        { match: 'shop-*', owner: 'group:default/shop' },
        { match: '*', owner: 'user:people/ada' },
      ],
      readers: 3,
    });
  });

  test('needs nothing; the environment names kubeconfigs as KUBECONFIG does', async () => {
    expect(await own('organization: The Company')).toEqual(noFleet);
    const env = { CALLBOARD_KUBECONFIG: `one${delimiter}two`, CALLBOARD_IN_CLUSTER: 'true' };
    expect(await own('fleet: { catalog: false }', env)).toEqual({
      kubeconfigs: [{ paths: [join(cwd, 'one'), join(cwd, 'two')] }],
      inCluster: 'in-cluster',
      clusters: [],
      customResources: [],
      impersonation: { user: 'ref', userPrefix: 'callboard:', groupPrefix: 'callboard:' },
      namespaceOwners: [],
    });
    expect(await own('fleet: { inCluster: false, catalog: true }')).toEqual(noFleet);
  });

  test.each([
    ['kubeconfigs: [{ contexts: [a] }]', /fleet\.kubeconfigs is a map; expected a map with path/],
    ['kubeconfigs: [{ path: a, context: b }]', /expected a map of path, contexts/],
    ['catalog: { hosts: ["https://api.example"] }', /expected hosts to be a host such as|expected a host such as/],
    ['catalog: maybe', /expected true, false or/],
    ['clusters: [{ labels: { a: b } }]', /a map with match/],
    ['clusters: [{ match: a, labels: [b] }]', /a map of labels/],
    ['customResources: [{ group: argoproj.io, kind: rollout, plural: rollouts }]', /a kind such as Rollout/],
    ['customResources: [{ group: ../x, kind: Rollout, plural: rollouts }]', /an API group/],
    ['customResources: [{ kind: Rollout, plural: rollouts }]', /group, kind and plural/],
    ['namespaceOwners: shop', /a list of \{match, owner\}/],
    ['namespaceOwners: [{ match: shop-* }]', /a map with match, a glob of namespaces, and owner/],
    ['namespaceOwners: [{ owner: shop }]', /a map with match, a glob of namespaces, and owner/],
    [
      'namespaceOwners: [{ match: shop-*, owner: "component:default/shop" }]',
      /the ref of a group or user such as group:default/,
    ],
    ['namespaceOwners: [{ match: shop-*, owner: shop, team: x }]', /match, owner/],
    ['readers: 0', /from 1 to 64/],
    ['impersonation: { user: uid }', /ref, name/],
    ['impersonation: { userPrefix: "system:" }', /a prefix such as callboard:, and not system:/],
    ['impersonation: { groupPrefix: "a\\nb" }', /a prefix such as callboard:/],
  ])('%s is refused with what is allowed', async (line, expected) => {
    await expect(own(`fleet:\n  ${line}\n`)).rejects.toMatchObject({
      message: expect.stringMatching(expected) as string,
    });
  });
});

describe('kubernetes in an app-config.yaml', () => {
  test('is read as far as it can be, and what cannot be done is said', async () => {
    const { fleet, notices } = await load(
      'app-config.yaml',
      `
kubernetes:
  serviceLocatorMethod: { type: multiTenant }
  objectTypes: [pods]
  clusterLocatorMethods:
    - type: config
      clusters:
        - { name: a, url: https://a.example, authProvider: serviceAccount, serviceAccountToken: "\${TOKEN_A}", caFile: ca.crt }
        - { name: b, url: https://b.example, serviceAccountToken: "\${TOKEN_B}" }
        - { name: c, url: https://c.example, authMetadata: { kubernetes.io/auth-provider: aws, kubernetes.io/aws-assume-role: r, kubernetes.io/x-k8s-aws-id: x }, skipTLSVerify: true, title: C, skipMetricsLookup: true, dashboardApp: gke, dashboardParameters: { region: north, none: [] }, customResources: [] }
        - { url: https://d.example }
    - { type: gke, projectId: stage }
    - { type: catalog, dangerouslyAllowClusterUrls: true }
    - { type: localKubectlProxy }
    - { type: moon }
`,
      { TOKEN_A: 'hidden' },
    );
    expect(notices).toEqual([
      expect.stringMatching(/app-config\.yaml:9: a part of kubernetes is left out, TOKEN_B is not set/) as string,
    ]);
    expect(fleet.catalog).toEqual({ hosts: ['*'], isInsecureAllowed: false });
    expect(fleet.backstage?.clusters).toMatchObject([
      { name: 'a', authProvider: 'serviceAccount', serviceAccountToken: 'hidden', caFile: join(cwd, 'ca.crt') },
      {
        name: 'c',
        authProvider: 'aws',
        aws: { assumeRole: 'r', clusterId: 'x' },
        skipTlsVerify: true,
        title: 'C',
        said: { skipsMetrics: true, dashboardApp: 'gke', dashboardParameters: { region: 'north' } },
      },
      { name: 'local', url: 'http://localhost:8001', authProvider: 'localKubectlProxy', said: { skipsMetrics: false } },
    ]);
    expect(fleet.backstage?.problems.map(({ origin, message }) => `${origin} ${message.slice(0, 60)}`)).toEqual([
      'app-config.yaml:4 kubernetes.objectTypes has no effect; every known kind is re',
      'app-config.yaml:10 customResources has no effect; name them under fleet.customR',
      'app-config.yaml:11 a cluster needs name and url',
      expect.stringMatching(/^app-config\.yaml:12 the clusters of the project stage are not looked up/),
      expect.stringMatching(/^app-config\.yaml:15 a locator has a type that is not known/),
    ]);
  });

  test('can stand in callboard.yaml too', async () => {
    const fleet = await own('backstage: { kubernetes: { clusterLocatorMethods: [{ type: localKubectlProxy }] } }');
    expect(fleet.backstage?.clusters.map(({ name }) => name)).toEqual(['local']);
    await expect(own('backstage: { kubernetes: [] }')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
