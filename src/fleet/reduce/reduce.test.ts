import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../kube/reflection.ts';
import { columnsOf, customKind, liveKinds } from '../../live/kind-table.ts';
import type { LiveKind } from '../../live/live-kind.ts';
import { reduceObject } from './reduce.ts';

const kindOf = (id: string): LiveKind => {
  const kind = liveKinds.find((each) => each.id === id);
  if (kind === undefined) throw new Error(`No kind ${id}`);
  return kind;
};

const rollout = customKind({ group: 'argoproj.io', plural: 'rollouts', kind: 'Rollout', isNamespaced: true });

/** The record as an object by column, without what is absent. */
function fieldsOf(kind: LiveKind, object: unknown): Record<string, unknown> {
  const record = reduceObject(kind, object as KubeObject);
  const columns = columnsOf(kind);
  expect(record).toHaveLength(columns.length);
  return Object.fromEntries(
    columns.map(({ name }, at) => [name, record[at]] as const).filter(([, cell]) => cell !== undefined),
  );
}

const metadata = { name: 'web', namespace: 'shop', uid: 'u-1', resourceVersion: '7' };

describe('every kind', () => {
  test.each([...liveKinds, rollout])(
    '$id: an object with nothing but metadata gives a cell for each column',
    (kind) => {
      const fields = fieldsOf(kind, { metadata });
      expect(fields).toMatchObject({ name: 'web', namespace: 'shop', uid: 'u-1' });
    },
  );

  test.each([...liveKinds, rollout])('$id: what has another form than it should is as if it were absent', (kind) => {
    const odd = [null, 7, 'text', [], [1, null], { a: 1 }, { containers: 'x', replicas: '3' }, { conditions: [7, {}] }];
    for (const spec of odd) {
      for (const status of odd) {
        const fields = fieldsOf(kind, { metadata: { ...metadata, labels: odd, ownerReferences: 'x' }, spec, status });
        for (const [at, { type, name }] of columnsOf(kind).entries()) {
          if (fields[name] === undefined) continue;
          const isText = type === 'word' || type === 'text';
          expect(typeof fields[name], `${kind.id} ${at} ${name}`).toBe(isText ? 'string' : 'number');
        }
      }
    }
  });

  test('an object without name or UID is refused: nobody could tell which one it is', () => {
    const nameless = { metadata: { uid: 'u', resourceVersion: '1' } } as unknown as KubeObject;
    expect(() => reduceObject(kindOf('Pod'), nameless)).toThrow('metadata.name is missing');
    const other = { metadata: { name: 'a', resourceVersion: '1' } } as unknown as KubeObject;
    expect(() => reduceObject(kindOf('Pod'), other)).toThrow('metadata.uid is missing');
  });
});

describe('common cells', () => {
  test('labels are sorted lines, those that controllers generate are left out; the controller is the owner', () => {
    const fields = fieldsOf(kindOf('Pod'), {
      metadata: {
        ...metadata,
        creationTimestamp: '2026-03-01T10:00:00Z',
        deletionTimestamp: '2026-03-01T11:00:00Z',
        generation: 3,
        labels: { tier: 'web', app: 'shop', 'pod-template-hash': '7f9' },
        annotations: { 'backstage.io/kubernetes-id': 'shop', 'example.com/secret': 'x' },
        ownerReferences: [
          { kind: 'Other', name: 'o' },
          { kind: 'ReplicaSet', name: 'web-7f9', controller: true },
        ],
      },
    });
    expect(fields).toMatchObject({
      created: Date.UTC(2026, 2, 1, 10) / 1000,
      deleting: Date.UTC(2026, 2, 1, 11) / 1000,
      generation: 3,
      labels: 'app=shop\ntier=web',
      annotations: 'backstage.io/kubernetes-id=shop',
      ownerKind: 'ReplicaSet',
      ownerName: 'web-7f9',
    });
  });

  test('of a kind that is read as metadata nothing else is kept', () => {
    const record = reduceObject(kindOf('ConfigMap'), { metadata, data: { password: 'x' } } as KubeObject);
    expect(JSON.stringify(record)).not.toContain('password');
  });
});

describe('pods', () => {
  const waiting = (name: string, reason: string, restartCount = 0) => ({
    name,
    ready: false,
    restartCount,
    state: { waiting: { reason, message: `${reason}: told` } },
  });
  const running = (name: string, isReady = true) => ({
    name,
    ready: isReady,
    restartCount: 0,
    state: { running: { startedAt: '2026-03-01T10:00:00Z' } },
  });
  const pod = (status: object, spec: object = { containers: [{ name: 'a', image: 'i:1' }] }) => ({
    metadata,
    spec,
    status: { phase: 'Running', ...status },
  });

  test('a healthy one has no failing containers and no unmet conditions', () => {
    const fields = fieldsOf(
      kindOf('Pod'),
      pod({ containerStatuses: [running('a')], conditions: [{ type: 'Ready', status: 'True' }] }),
    );
    expect(fields).toMatchObject({
      phase: 'Running',
      reason: 'Running',
      ready: 1,
      containers: 1,
      restarts: 0,
      images: 'i:1',
    });
    expect(fields).not.toHaveProperty('failing');
    expect(fields).not.toHaveProperty('unmet');
    expect(fields['health']).toBe('Healthy');
  });

  test('a crash loop shows its reason, its restarts and how it last ended', () => {
    const crashing = {
      ...waiting('a', 'CrashLoopBackOff', 7),
      lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-03-01T10:05:00Z' } },
    };
    const unready = {
      type: 'Ready',
      status: 'False',
      reason: 'ContainersNotReady',
      lastTransitionTime: '2026-03-01T10:04:00Z',
    };
    const fields = fieldsOf(kindOf('Pod'), pod({ containerStatuses: [crashing], conditions: [unready] }));
    expect(fields).toMatchObject({
      reason: 'CrashLoopBackOff',
      restarts: 7,
      lastExit: 'a OOMKilled 137',
      restarted: Date.UTC(2026, 2, 1, 10, 5) / 1000,
      failing: 'a CrashLoopBackOff',
      unmet: 'Ready ContainersNotReady',
      unready: Date.UTC(2026, 2, 1, 10, 4) / 1000,
      message: 'CrashLoopBackOff: told',
      health: 'Degraded',
      healthReason: 'CrashLoopBackOff',
    });
  });

  test.each([
    [
      'waiting to be placed',
      {
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }],
      },
      'Pending',
    ],
    [
      'gated',
      { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] },
      'SchedulingGated',
    ],
    ['evicted', { phase: 'Failed', reason: 'Evicted' }, 'Evicted'],
    ['ended with a code', { containerStatuses: [{ name: 'a', state: { terminated: { exitCode: 3 } } }] }, 'ExitCode:3'],
    [
      'ended by a signal',
      { containerStatuses: [{ name: 'a', state: { terminated: { exitCode: 137, signal: 9 } } }] },
      'Signal:9',
    ],
    ['a first container fails', { initContainerStatuses: [waiting('i', 'CrashLoopBackOff')] }, 'Init:CrashLoopBackOff'],
    ['a first container runs', { initContainerStatuses: [running('i', false)] }, 'Init:0/0'],
  ])('%s', (_case, status, reason) => {
    expect(fieldsOf(kindOf('Pod'), pod(status))['reason']).toBe(reason);
  });

  test('one that is being deleted says so', () => {
    const gone = {
      ...pod({ containerStatuses: [running('a')] }),
      metadata: { ...metadata, deletionTimestamp: '2026-03-01T10:00:00Z' },
    };
    expect(fieldsOf(kindOf('Pod'), gone)['reason']).toBe('Terminating');
  });

  test('a sidecar counts as a container, what ended well before the others does not', () => {
    const spec = {
      containers: [{ name: 'a' }],
      initContainers: [{ name: 'proxy', restartPolicy: 'Always' }, { name: 'migrate' }],
    };
    const proxy = { ...running('proxy'), started: true };
    const migrate = {
      name: 'migrate',
      ready: true,
      restartCount: 0,
      state: { terminated: { exitCode: 0, reason: 'Completed' } },
    };
    const fields = fieldsOf(
      kindOf('Pod'),
      pod({ initContainerStatuses: [proxy, migrate], containerStatuses: [running('a')] }, spec),
    );
    expect(fields).toMatchObject({ ready: 2, containers: 2, reason: 'Running' });
    expect(fields).not.toHaveProperty('failing');
  });
});

describe('templates', () => {
  const template = {
    metadata: { labels: { app: 'web' }, annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-03-01T10:00:00Z' } },
    spec: {
      restartPolicy: 'Always',
      containers: [
        {
          name: 'a',
          image: 'i:1',
          args: ['--password=hunter2', '--token', 'abc', '-Xmx2g'],
          env: [
            { name: 'DATABASE_PASSWORD', value: 'hunter2' },
            { name: 'GOMEMLIMIT', value: '2GiB' },
            { name: 'FROM', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
          ],
        },
      ],
    },
  };
  const deployment = { metadata, spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template } };

  test('hold no values that may be secrets, and what runtimes are told', () => {
    const cell = String(fieldsOf(kindOf('Deployment'), deployment)['template']);
    expect(cell).not.toContain('hunter2');
    expect(cell).not.toContain('abc');
    const [container] = JSON.parse(cell).spec.containers;
    expect(container.args).toEqual(['--password=(hidden)', '--token', '(hidden)', '-Xmx2g']);
    expect(container.env).toContainEqual({ name: 'GOMEMLIMIT', value: '2GiB' });
  });

  test('are the same after a restart, which only moves a time', () => {
    const later = structuredClone(deployment);
    later.spec.template.metadata.annotations['kubectl.kubernetes.io/restartedAt'] = '2026-04-01T10:00:00Z';
    const cellOf = (object: unknown) => fieldsOf(kindOf('Deployment'), object)['template'];
    expect(cellOf(later)).toBe(cellOf(deployment));
  });
});

describe('other kinds', () => {
  test('selectors are written as kubectl takes them', () => {
    const selector = {
      matchLabels: { b: '2', a: '1' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['x', 'y'] },
        { key: 'old', operator: 'DoesNotExist' },
        { key: 'new', operator: 'Exists' },
      ],
    };
    const fields = fieldsOf(kindOf('PodDisruptionBudget'), { metadata, spec: { selector } });
    expect(fields['selector']).toBe('!old,a=1,b=2,new,tier in (x,y)');
  });

  test('a node that does not say whether it is ready is neither', () => {
    const node = (status: string) => ({ metadata, status: { conditions: [{ type: 'Ready', status }] } });
    expect(fieldsOf(kindOf('Node'), node('True'))['ready']).toBe(1);
    expect(fieldsOf(kindOf('Node'), node('False'))['ready']).toBe(0);
    expect(fieldsOf(kindOf('Node'), node('Unknown'))).not.toHaveProperty('ready');
  });

  test('quantities are numbers', () => {
    const status = { phase: 'Bound', capacity: { storage: '10Gi' } };
    expect(fieldsOf(kindOf('PersistentVolumeClaim'), { metadata, status })['capacity']).toBe(10 * 2 ** 30);
    const node = { metadata, status: { allocatable: { cpu: '3920m', memory: '15Gi', pods: '110' } } };
    expect(fieldsOf(kindOf('Node'), node)).toMatchObject({ cpu: 3920, memory: 15 * 2 ** 30, pods: 110 });
  });

  test('an event of the newer form says its times elsewhere', () => {
    const event = {
      metadata,
      type: 'Warning',
      reason: 'BackOff',
      eventTime: '2026-03-01T10:00:00.123456Z',
      series: { count: 4, lastObservedTime: '2026-03-01T10:02:00Z' },
      involvedObject: { kind: 'Pod', name: 'web-1' },
    };
    expect(fieldsOf(kindOf('Event'), event)).toMatchObject({
      count: 4,
      first: Date.UTC(2026, 2, 1, 10) / 1000,
      last: Date.UTC(2026, 2, 1, 10, 2) / 1000,
      objectName: 'web-1',
    });
  });

  test('a custom resource tells its phase, its replicas and its conditions', () => {
    const status = {
      phase: 'Degraded',
      replicas: 3,
      observedGeneration: '12',
      conditions: [{ type: 'Available', status: 'False', reason: 'Bad', lastTransitionTime: '2026-03-01T10:00:00Z' }],
    };
    const fields = fieldsOf(rollout, { metadata, spec: { replicas: 3, paused: true }, status });
    expect(fields).toMatchObject({ phase: 'Degraded', desired: 3, current: 3, observedGeneration: 12, suspended: 1 });
    expect(JSON.parse(String(fields['conditions']))).toEqual([
      { type: 'Available', status: 'False', reason: 'Bad', since: Date.UTC(2026, 2, 1, 10) / 1000 },
    ]);
  });
});
