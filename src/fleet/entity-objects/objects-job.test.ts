import { expect, test } from 'vitest';
import { failure } from '../../kube/errors.ts';
import type { ActingAnswer, ActingRequest, JobContext } from '../acting/acting.ts';
import type { ClusterLists, EntityObjectsArgs, ObjectList } from './entity-objects.ts';
import { readEntityObjects } from './objects-job.ts';

type Script = (request: ActingRequest) => unknown;

interface Shown {
  readonly items: readonly {
    readonly cluster: { readonly name: string };
    readonly resources: readonly { readonly type: string; readonly resources: readonly unknown[] }[];
    readonly podMetrics: readonly unknown[];
    readonly errors: readonly unknown[];
  }[];
}

/** A context whose answers the test writes by path; what is not written is not found. */
function context(script: Readonly<Record<string, Script>>, asked: string[] = []): JobContext {
  return {
    call: async (cluster, request) => {
      asked.push(`${cluster}${request.path}`);
      const answer = script[request.path] ?? script[`${cluster}${request.path}`];
      if (answer === undefined) return { status: 404, headers: {}, body: new Uint8Array() };
      const value = await answer(request);
      if (typeof value === 'object' && value !== null && 'status' in value) return value as ActingAnswer;
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return { status: 200, headers: {}, body: new Uint8Array(Buffer.from(text)) };
    },
    stream: () => Promise.reject(new Error('nothing is streamed')),
    signal: new AbortController().signal,
    now: () => 0,
  };
}

const list = (plural: string, parts: Partial<ObjectList> = {}): ObjectList => {
  return { type: plural, group: '', version: 'v1', plural, isMetadataOnly: false, ...parts };
};
const person = { user: 'jo', groups: [], extra: {} };
const lists = (name: string, ...own: readonly ObjectList[]): ClusterLists => {
  return { cluster: { name }, as: person, lists: own, hasMetrics: true, problems: [] };
};

async function read(
  script: Readonly<Record<string, Script>>,
  clusters: readonly ClusterLists[],
  asked?: string[],
): Promise<Shown['items']> {
  const args: EntityObjectsArgs = { clusters, labelSelector: 'a=b', timeoutMs: 1_000 };
  return (JSON.parse(Buffer.from(await readEntityObjects(context(script, asked), args)).toString()) as Shown).items;
}

const pod = (name: string, ...containers: readonly object[]): object => {
  return { metadata: { name, namespace: 'shop' }, spec: { containers } };
};
const status = (code: number): (() => ActingAnswer) => {
  return () => ({ status: code, headers: {}, body: new Uint8Array() });
};

test('lists of several namespaces are one element; what is listed nowhere is an empty one', async () => {
  const asked: string[] = [];
  const items = await read(
    {
      '/api/v1/namespaces/a/services': () => ({ kind: 'ServiceList', items: [{ metadata: { name: 'one' } }] }),
      '/api/v1/namespaces/b/services': () => ({ kind: 'ServiceList', items: [{ metadata: { name: 'two' } }] }),
    },
    [lists('eu', list('services', { namespaces: ['a', 'b'] }), list('configmaps', { namespaces: [] }))],
    asked,
  );
  expect(items).toEqual([
    {
      cluster: { name: 'eu' },
      podMetrics: [],
      resources: [
        { type: 'services', resources: [{ metadata: { name: 'one' } }, { metadata: { name: 'two' } }] },
        { type: 'configmaps', resources: [] },
      ],
      errors: [],
    },
  ]);
  expect(asked).toEqual(['eu/api/v1/namespaces/a/services', 'eu/api/v1/namespaces/b/services']);
});

test('a cluster with neither objects nor problems is left out, and one that fails is one problem', async () => {
  const dead = (): never => {
    throw failure('KUBE_UNREACHABLE', { cluster: 'dead', code: 'Timeout', reason: 'it is silent' });
  };
  const items = await read(
    {
      'empty/api/v1/pods': () => ({ kind: 'PodList', items: [] }),
      'dead/api/v1/pods': dead,
      'dead/api/v1/services': dead,
    },
    [lists('empty', list('pods')), lists('dead', list('pods'), list('services'))],
  );
  expect(items).toMatchObject([
    {
      cluster: { name: 'dead' },
      errors: [{ errorType: 'FETCH_ERROR', message: 'The cluster dead cannot be read: it is silent' }],
    },
  ]);
});

test.each([
  [400, 'BAD_REQUEST'],
  [401, 'UNAUTHORIZED_ERROR'],
  [403, 'UNKNOWN_ERROR'],
  [404, 'NOT_FOUND'],
  [500, 'SYSTEM_ERROR'],
  [503, 'UNKNOWN_ERROR'],
])('the status %i is %s', async (statusCode, errorType) => {
  const [item] = await read({ '/api/v1/pods': status(statusCode) }, [lists('eu', list('pods'))]);
  expect(item?.errors).toEqual([{ errorType, statusCode, resourcePath: '/api/v1/pods' }]);
});

test.each(['<html>', '[]', '{"kind":"PodList"}', '{"items":[]}', 'null', ''])(
  'an answer %j is no list',
  async (text) => {
    const [item] = await read({ '/api/v1/pods': () => text }, [lists('eu', list('pods'))]);
    expect(item?.errors).toEqual([
      { errorType: 'FETCH_ERROR', message: 'The cluster does not answer with a list: /api/v1/pods' },
    ]);
  },
);

test('what is not a fault of a cluster is not told as one', async () => {
  const broken = (): never => {
    throw new TypeError('a mistake here');
  };
  await expect(read({ '/api/v1/pods': broken }, [lists('eu', list('pods'))])).rejects.toThrow('a mistake here');
});

test('custom resources have their kind, and metadata says nothing of itself', async () => {
  const custom = list('rollouts', { type: 'customresources', group: 'argoproj.io', version: 'v1alpha1' });
  const metadata = list('configmaps', { isMetadataOnly: true });
  const [item] = await read(
    {
      '/apis/argoproj.io/v1alpha1/rollouts': () => ({ kind: 'RolloutList', items: [{ metadata: { name: 'web' } }] }),
      '/api/v1/configmaps': ({ accept }) => ({
        kind: 'PartialObjectMetadataList',
        items: [{ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: { name: accept } }],
      }),
    },
    [lists('eu', custom, metadata)],
  );
  expect(item?.resources).toEqual([
    { type: 'customresources', resources: [{ metadata: { name: 'web' }, kind: 'Rollout' }] },
    {
      type: 'configmaps',
      resources: [{ metadata: { name: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' } }],
    },
  ]);
});

test('what pods use is told beside what they asked for, in processors and bytes', async () => {
  const resources = { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '1' } };
  const usage = { cpu: '12500000n', memory: '65536Ki' };
  const [item] = await read(
    {
      '/api/v1/pods': () => ({
        kind: 'PodList',
        items: [pod('web-1', { name: 'web', resources }, { name: 'side', resources }), pod('web-2', { name: 'web' })],
      }),
      '/apis/metrics.k8s.io/v1beta1/pods': () => ({
        kind: 'PodMetricsList',
        items: [{ metadata: { name: 'web-1', namespace: 'shop' }, containers: [{ name: 'web', usage }] }],
      }),
    },
    [lists('eu', list('pods'))],
  );
  const ofPod = { requestTotal: 0.2, limitTotal: 2, currentUsage: 0.0125 };
  expect(item?.podMetrics).toMatchObject([
    {
      pod: { metadata: { name: 'web-1' } },
      cpu: ofPod,
      memory: { currentUsage: '67108864', requestTotal: '268435456', limitTotal: 0 },
      containers: [
        {
          container: 'web',
          cpuUsage: { currentUsage: 0.0125, requestTotal: 0.1, limitTotal: 1 },
          memoryUsage: { currentUsage: '67108864', requestTotal: '134217728', limitTotal: 0 },
        },
      ],
    },
    { pod: { metadata: { name: 'web-2' } }, cpu: { currentUsage: 0, requestTotal: 0, limitTotal: 0 }, containers: [] },
  ]);
});

test('a cluster without metrics is no problem; one that keeps them from a person is', async () => {
  const pods: Script = () => ({ kind: 'PodList', items: [pod('web-1')] });
  const denied = { '/api/v1/pods': pods, '/apis/metrics.k8s.io/v1beta1/pods': status(403) };
  const account = { ...lists('eu', list('pods')), as: undefined };
  expect(await read({ '/api/v1/pods': pods }, [lists('eu', list('pods'))])).toMatchObject([
    { podMetrics: [], errors: [] },
  ]);
  const asked: string[] = [];
  await read({ '/api/v1/pods': pods }, [{ ...lists('eu', list('pods')), hasMetrics: false }], asked);
  expect(asked).toEqual(['eu/api/v1/pods']);
  expect(await read(denied, [account])).toMatchObject([{ podMetrics: [], errors: [] }]);
  expect(await read(denied, [lists('eu', list('pods'))])).toMatchObject([
    { podMetrics: [], errors: [{ statusCode: 403 }] },
  ]);
});

test('the lists of a cluster are together no larger than they may be', async () => {
  const large = JSON.stringify({ kind: 'PodList', items: [{ metadata: { note: 'x'.repeat(12 * 1024 * 1024) } }] });
  const three = ['pods', 'services', 'configmaps'].map((plural) => list(plural));
  const script = Object.fromEntries(three.map(({ plural }) => [`/api/v1/${plural}`, () => large]));
  const [item] = await read(script, [lists('eu', ...three)]);
  expect(item?.errors).toMatchObject([{ errorType: 'FETCH_ERROR' }]);
  const all = await read(
    script,
    ['a', 'b', 'c'].map((name) => lists(name, ...three.slice(1))),
  );
  expect(all.map(({ resources }) => resources.length)).toEqual([2, 2, 0]);
});

test('a selector that finds everything ends before it fills the thread', async () => {
  const body = new Uint8Array(16 * 1024 * 1024);
  const script = { '/api/v1/pods': () => ({ status: 200, headers: {}, body }) };
  const many = Array.from({ length: 17 }, (_, at) => lists(`c${at}`, list('pods')));
  await expect(read(script, many)).rejects.toMatchObject({ code: 'ACTING_REQUEST_INVALID' });
});
