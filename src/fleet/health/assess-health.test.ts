import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { hasSharedInputs, sharedInputs } from '../../../test/support/shared-inputs.ts';
import type { KubeObject } from '../../kube/reflection.ts';
import { assessHealth } from './assess-health.ts';
import { healthRules } from './health-rule.ts';

const oracle = join(sharedInputs, 'health-oracle');

interface Case {
  readonly path: string;
  readonly status: string;
}

type Described = KubeObject & { readonly apiVersion: string; readonly kind: string };

/** An object of the oracle. Two files indent a quoted text in a way that only Go's parser takes. */
function objectAt(path: string): Described {
  const text = readFileSync(join(oracle, path), 'utf8');
  try {
    return parse(text) as Described;
  } catch (error) {
    if (!String(error).includes('Missing closing')) throw error;
    return parse(text.replace(/'(?:[^'\n]|'')*\n[^']*'/g, (quoted) => quoted.replace(/\n\s*/g, ' '))) as Described;
  }
}

function builtInCases(): Case[] {
  const folder = 'argocd_builtin_health';
  const expected = JSON.parse(readFileSync(join(oracle, folder, 'expected.json'), 'utf8')) as Record<
    string,
    string | null
  >;
  return Object.entries(expected).flatMap(([file, status]) =>
    status === null ? [] : [{ path: `${folder}/${file}`, status }],
  );
}

function customCases(): Case[] {
  const root = 'argocd_custom_health/resource_customizations';
  const folders = readdirSync(join(oracle, root)).flatMap((group) =>
    readdirSync(join(oracle, root, group)).map((kind) => `${root}/${group}/${kind}`),
  );
  return folders.flatMap((folder) => {
    const file = join(oracle, folder, 'health_test.yaml');
    if (!existsSync(file)) return [];
    const { tests } = parse(readFileSync(file, 'utf8')) as {
      tests: { inputPath: string; healthStatus: { status: string } }[];
    };
    return tests.map(({ inputPath, healthStatus }) => ({
      path: `${folder}/${inputPath}`,
      status: healthStatus.status,
    }));
  });
}

/** Where ours is another answer, and why it is the right one. */
const ours: Readonly<Record<string, string>> = {
  // kstatus: a container in CrashLoopBackOff has failed, whatever the pod's restart policy is.
  'argocd_builtin_health/pod-running-restart-onfailure.yaml': 'Degraded',
  // It is being deleted; Argo CD itself asks that before any rule of a kind (gitops-engine, GetResourceHealth).
  'argocd_custom_health/resource_customizations/kubevirt.io/VirtualMachineInstance/testdata/suspended_succeeded.yaml':
    'Progressing',
};

test.skipIf(!hasSharedInputs)(
  'the health of every public case is as expected, but for those that are named with a reason',
  () => {
    const cases = [...builtInCases(), ...customCases()];
    expect(cases.length).toBeGreaterThan(550);
    const differing: Record<string, string | undefined> = {};
    for (const { path, status } of cases) {
      const object = objectAt(path);
      const [group, version] = object.apiVersion.split('/');
      const health = assessHealth(version === undefined ? '' : (group ?? ''), object.kind, object);
      if (health?.status !== status) differing[path] = health?.status;
    }
    expect(differing).toEqual(ours);
  },
);

const object = (parts: object): KubeObject =>
  ({ metadata: { name: 'a', uid: 'u', resourceVersion: '1', generation: 2 }, ...parts }) as KubeObject;

describe('deployments', () => {
  const deployment = (status: object, spec: object = { replicas: 3 }) =>
    assessHealth('apps', 'Deployment', object({ spec, status: { observedGeneration: 2, ...status } }));
  const whole = { replicas: 3, updatedReplicas: 3, availableReplicas: 3, readyReplicas: 3 };

  test.each([
    ['all there', whole, 'Healthy', undefined],
    ['the newest spec is not seen', { ...whole, observedGeneration: 1 }, 'Progressing', 'SpecUnseen'],
    ['old pods are ending', { ...whole, replicas: 4 }, 'Progressing', 'OldReplicasEnding'],
    [
      'pods cannot be made',
      { ...whole, conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' }] },
      'Degraded',
      'FailedCreate',
    ],
    [
      'fewer are available than must be, and no rollout goes on',
      {
        ...whole,
        availableReplicas: 1,
        conditions: [
          { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
          { type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable' },
        ],
      },
      'Degraded',
      'MinimumReplicasUnavailable',
    ],
  ])('%s', (_case, status, expected, reason) => {
    expect(deployment(status)).toEqual({ status: expected, reason });
  });
});

test('a stateful set that is made smaller has not arrived while more pods are there than it wants', () => {
  const health = (replicas: number) =>
    assessHealth(
      'apps',
      'StatefulSet',
      object({ spec: { replicas: 3 }, status: { observedGeneration: 2, readyReplicas: replicas, replicas } }),
    );
  expect(health(5)).toEqual({ status: 'Progressing', reason: 'OldReplicasEnding' });
  expect(health(3)?.status).toBe('Healthy');
});

describe('what nobody wrote rules for', () => {
  const generic = (parts: object) => assessHealth('things.example.com', 'Thing', object(parts))?.status;

  test.each([
    ['it says nothing', {}, undefined],
    ['its condition Ready is true', { status: { conditions: [{ type: 'Ready', status: 'True' }] } }, 'Healthy'],
    [
      'its condition is of an older spec',
      { status: { conditions: [{ type: 'Ready', status: 'True', observedGeneration: 1 }] } },
      'Progressing',
    ],
    ['it is stalled', { status: { conditions: [{ type: 'Stalled', status: 'True' }] } }, 'Degraded'],
    ['its phase is a known word', { status: { phase: 'FAILED' } }, 'Degraded'],
    ['its phase is an unknown word', { status: { phase: 'Frobnicating' } }, undefined],
    ['it is paused', { spec: { paused: true }, status: { phase: 'Ready' } }, 'Suspended'],
    ['it is being deleted', { metadata: { deletionTimestamp: '2026-03-01T10:00:00Z' } }, 'Progressing'],
  ])('%s', (_case, parts, expected) => {
    expect(generic(parts)).toBe(expected);
  });
});

describe('rules as text', () => {
  const decide = (line: string, parts: object) => healthRules([line, 'Unknown'])(object(parts))?.status;

  test.each([
    ['Healthy: ready', { status: { ready: true } }, 'Healthy'],
    ['Healthy: ready', { status: { ready: false } }, 'Unknown'],
    ['Healthy: !ready', { status: {} }, 'Healthy'],
    ['Healthy: a=x|y & b!=z', { status: { a: 'y', b: 'q' } }, 'Healthy'],
    ['Healthy: a=x|y & b!=z', { status: { a: 'y', b: 'z' } }, 'Unknown'],
    ['Degraded: parts.*.ok=false', { status: { parts: [{ ok: true }, { ok: false }] } }, 'Degraded'],
    ['Degraded: parts.*.have<.want', { status: { parts: { a: { have: 1, want: 2 } } } }, 'Degraded'],
    ['Degraded: have<spec.want', { spec: { want: 2 }, status: { have: 2 } }, 'Unknown'],
    ['Degraded: metadata.labels.[a.b/c]=bad', { metadata: { labels: { 'a.b/c': 'bad' } } }, 'Degraded'],
    [
      'Degraded: @Ready=False:Bad',
      { status: { conditions: [{ type: 'Ready', status: 'False', reason: 'Bad' }] } },
      'Degraded',
    ],
    [
      'Degraded: @Ready=False:Bad',
      { status: { conditions: [{ type: 'Ready', status: 'False', reason: 'Other' }] } },
      'Unknown',
    ],
  ])('%s', (line, parts, expected) => {
    expect(decide(line, parts)).toBe(expected);
  });

  test('a rule that cannot be read is refused when it is made', () => {
    expect(() => healthRules(['Splendid: ready'])).toThrow('No health is Splendid');
    expect(() => healthRules(['Healthy: (ready)'])).toThrow('Cannot read (ready)');
  });
});
