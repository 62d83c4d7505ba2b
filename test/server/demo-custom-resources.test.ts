import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoFleet, kubeconfigText, openDemoFleet } from '../../demo/fleet/demo-fleet.ts';
import { kubectl, type KubectlAnswer } from '../support/kubectl.ts';

let fleet: DemoFleet;
let folder: string;
let kubeconfig: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'callboard-demo-crd-'));
  kubeconfig = join(folder, 'kubeconfig');
  fleet = await openDemoFleet({ names: ['one'], version: '1.34.2', now: () => new Date() });
  writeFileSync(kubeconfig, kubeconfigText(fleet, 'admin', await fleet.issue('admin', ['system:masters'])), {
    mode: 0o600,
  });
}, 180_000);

afterAll(async () => {
  await fleet.close();
  rmSync(folder, { recursive: true });
});

const ask = (args: readonly string[], input?: string): Promise<KubectlAnswer> => kubectl(kubeconfig, args, input);

async function told(args: readonly string[], input?: string): Promise<string> {
  const { code, out, err } = await ask(args, input);
  expect(err).toBe('');
  expect(code).toBe(0);
  return out;
}

const definition = JSON.stringify({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'lamps.stage.example' },
  spec: {
    group: 'stage.example',
    scope: 'Namespaced',
    names: { kind: 'Lamp', plural: 'lamps', singular: 'lamp', shortNames: ['lp'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        additionalPrinterColumns: [
          { name: 'Watts', type: 'integer', jsonPath: '.spec.watts' },
          { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
      },
    ],
  },
});

const lamp = (name: string, watts: number): string =>
  JSON.stringify({ apiVersion: 'stage.example/v1', kind: 'Lamp', metadata: { name }, spec: { watts } });

test('custom resources come with their definition, are shown by its columns, and go with it', async () => {
  expect((await ask(['get', 'lamps'])).err).toContain('the server doesn\'t have a resource type "lamps"');
  await told(['apply', '-f', '-'], definition);
  await told(['wait', '--for=condition=established', 'crd/lamps.stage.example', '--timeout=20s']);
  expect(await told(['api-resources', '--api-group=stage.example'])).toMatch(
    /lamps +lp +stage\.example\/v1 +true +Lamp/,
  );
  expect(await told(['apply', '--validate=false', '-f', '-'], lamp('spot', 500))).toBe(
    'lamp.stage.example/spot created\n',
  );
  await told(['patch', 'lamp', 'spot', '--type=merge', '-p', '{"spec":{"watts":650}}']);
  const status = '{"status":{"conditions":[{"type":"Ready","status":"True"}]}}';
  await told(['patch', 'lp', 'spot', '--subresource=status', '--type=merge', '-p', status]);
  expect(await told(['get', 'lamps'])).toMatch(/NAME +WATTS +READY +AGE\nspot +650 +True +\d+s\n/);
  expect(await told(['get', 'lamp', 'spot', '-o', 'jsonpath={.metadata.generation}'])).toBe('2');
  const child = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'of-lamp',
      ownerReferences: [
        {
          apiVersion: 'stage.example/v1',
          kind: 'Lamp',
          name: 'spot',
          uid: await told(['get', 'lamp', 'spot', '-o', 'jsonpath={.metadata.uid}']),
        },
      ],
    },
    spec: { containers: [{ name: 'one', image: 'lantern/one:1' }] },
  });
  await told(['apply', '-f', '-'], child);
  await told(['wait', '--for=condition=ready', 'pod/of-lamp', '--timeout=20s']);
  await told(['delete', 'crd', 'lamps.stage.example']);
  expect((await ask(['get', '--raw', '/apis/stage.example/v1/lamps'])).err).toContain(
    'could not find the requested resource',
  );
});

test('nodes are drained: pods of controllers are evicted, and come up elsewhere', async () => {
  const template = {
    metadata: { labels: { app: 'ushers' } },
    spec: { containers: [{ name: 'one', image: 'lantern/one:1' }] },
  };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'ushers' },
    spec: { replicas: 3, selector: { matchLabels: { app: 'ushers' } }, template },
  };
  await told(['apply', '-f', '-'], JSON.stringify(deployment));
  await told(['rollout', 'status', 'deployment/ushers', '--timeout=30s']);
  await told(['describe', 'deployment/ushers']);
  expect(await told(['describe', 'node/node-1'])).toContain('Name:               node-1');
  expect(await told(['describe', 'pods', '-l', 'app=ushers'])).toContain('Scheduled');
  const budget = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'ushers' },
    spec: { maxUnavailable: 0, selector: { matchLabels: { app: 'ushers' } } },
  };
  await told(['apply', '-f', '-'], JSON.stringify(budget));
  await told(['wait', '--for=jsonpath={.status.expectedPods}=3', 'pdb/ushers', '--timeout=20s']);
  const pod = (await told(['get', 'pods', '-l', 'app=ushers', '-o', 'jsonpath={.items[0].spec.nodeName}'])).trim();
  const held = await ask(['drain', pod, '--ignore-daemonsets', '--force', '--timeout=3s']);
  expect(held.err).toContain("violate the pod's disruption budget");
  await told(['uncordon', pod]);
  await told(['delete', 'pdb', 'ushers']);
  const { code, err } = await ask(['drain', 'node-1', '--ignore-daemonsets', '--force', '--timeout=40s']);
  expect(err).not.toContain('error');
  expect(code).toBe(0);
  await told(['rollout', 'status', 'deployment/ushers', '--timeout=30s']);
  expect(await told(['get', 'pods', '--field-selector=spec.nodeName=node-1', '-o', 'name'])).toBe('');
  await told(['uncordon', 'node-1']);
});
