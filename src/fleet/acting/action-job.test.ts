import { describe, expect, test } from 'vitest';
import type { ActionDone, ActionPreview, ActionRequest } from '../../api/acting.ts';
import { failure } from '../../kube/errors.ts';
import type { ActingAnswer, ActingRequest, JobContext } from './acting.ts';
import { previewAction, takeAction } from './action-job.ts';

const as = { user: 'anna', groups: [], extra: {} };
const restart: ActionRequest = {
  cluster: "it's",
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  action: 'restart',
};

/** A cluster that answers as the test says, and what it was asked. */
function contextOf(
  answer: (request: ActingRequest) => Partial<Omit<ActingAnswer, 'body'>> & { readonly body?: unknown },
): {
  readonly context: JobContext;
  readonly asked: readonly ActingRequest[];
} {
  const asked: ActingRequest[] = [];
  const context: JobContext = {
    call: async (_cluster, request) => {
      asked.push(request);
      const { status = 200, headers = {}, body = {} } = answer(request);
      return { status, headers, body: new Uint8Array(Buffer.from(JSON.stringify(body))) };
    },
    stream: () => Promise.reject(new Error('Nothing is streamed')),
    signal: new AbortController().signal,
    now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  };
  return { context, asked };
}

const decoded = <T>(bytes: Uint8Array): T => JSON.parse(Buffer.from(bytes).toString()) as T;

describe('an action', () => {
  test('is one request, as the person, under a name of its own, with warnings told', async () => {
    const { context, asked } = contextOf(({ method }) =>
      method === 'PATCH' ? { headers: { warning: '299 - "apps/v0 is \\"old\\"", 299 - "and, more"' } } : {},
    );
    const done = decoded<ActionDone>(await takeAction(context, { ask: restart, as, notes: [], confirm: undefined }));
    expect(asked.map(({ method = 'GET', path, query }) => ({ method, path, query }))).toEqual([
      { method: 'GET', path: '/apis/apps/v1/namespaces/shop/deployments/web', query: undefined },
      {
        method: 'PATCH',
        path: '/apis/apps/v1/namespaces/shop/deployments/web',
        query: { fieldManager: 'callboard' },
      },
    ]);
    expect(asked.every((request) => request.as === as)).toBe(true);
    expect(done.warnings).toEqual(['apps/v0 is "old"', 'and, more']);
    expect(done.call.body).toEqual({
      spec: {
        template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-01-02T03:04:05Z' } } },
      },
    });
    expect(done.call.kubectl).toBe(`kubectl --context 'it'\\''s' -n shop rollout restart deployment/web`);
  });

  test('of another object than was previewed is not taken', async () => {
    const { context, asked } = contextOf(() => ({ body: { metadata: { uid: 'new' } } }));
    const preview = decoded<ActionPreview>(
      await previewAction(context, { ask: restart, as, notes: [], confirm: undefined }),
    );
    expect(preview.uid).toBe('new');
    const before = asked.length;
    const ask = { ...restart, uid: 'old' };
    await expect(takeAction(context, { ask, as, notes: [], confirm: undefined })).rejects.toMatchObject({
      code: 'ACTION_REFUSED',
      message: expect.stringContaining('another object of this name') as string,
    });
    expect(asked.slice(before).filter(({ method }) => method !== undefined && method !== 'GET')).toEqual([]);
  });

  test('that the cluster did not answer is not known to be undone', async () => {
    const { context } = contextOf(({ method }) => {
      if (method === 'PATCH') throw failure('KUBE_UNREACHABLE', { cluster: 'eu', code: 'Timeout', reason: 'late' });
      return {};
    });
    const taking = takeAction(context, { ask: restart, as, notes: [], confirm: undefined });
    await expect(taking).rejects.toMatchObject({ code: 'ACTION_UNCERTAIN', status: 504 });
  });

  test.each([
    [401, 'KUBE_REFUSED'],
    [403, 'CLUSTER_DENIES'],
    [404, 'OBJECT_UNKNOWN'],
    [409, 'CLUSTER_REFUSES'],
    [422, 'CLUSTER_REFUSES'],
    [500, 'ACTION_UNCERTAIN'],
    [504, 'ACTION_UNCERTAIN'],
  ])('that is answered with %i fails with %s and what the cluster says', async (status, code) => {
    const body = { kind: 'Status', message: 'admission webhook "limits" denied the request' };
    const { context } = contextOf(({ method }) => (method === 'PATCH' ? { status, body } : {}));
    const taking = takeAction(context, { ask: restart, as, notes: [], confirm: undefined });
    await expect(taking).rejects.toMatchObject({ code, message: expect.stringContaining('"limits" denied') as string });
  });
});

describe('a preview', () => {
  test('tells what admission says, and sends nothing that is no dry run', async () => {
    const { context, asked } = contextOf(({ method, path }) => {
      if (method === 'PATCH') return { status: 422, body: { message: 'too many' }, headers: { warning: '299 - "w"' } };
      return { body: path.includes('selfsubject') ? { status: { allowed: true } } : {} };
    });
    const preview = decoded<ActionPreview>(
      await previewAction(context, { ask: restart, as, notes: ['note'], confirm: 'eu' }),
    );
    expect(preview.review).toEqual({ allowed: true });
    expect(preview.dryRun).toEqual({ ok: false, status: 422, message: 'too many', warnings: ['w'] });
    expect(preview).toMatchObject({ notes: ['note'], confirm: 'eu', asUser: 'anna' });
    const writes = asked.filter(({ method, path }) => method !== undefined && !path.includes('selfsubject'));
    expect(writes.map(({ query }) => query)).toEqual([{ fieldManager: 'callboard', dryRun: 'All' }]);
  });

  test('of a deletion says so in the options: a server that is given them there reads no others', async () => {
    const ask: ActionRequest = { ...restart, kind: 'Pod', action: 'delete-pod' };
    const { context, asked } = contextOf(() => ({ body: { metadata: { uid: 'u' }, status: {} } }));
    await previewAction(context, { ask, as, notes: [], confirm: undefined });
    const deletion = asked.find(({ method }) => method === 'DELETE');
    expect(JSON.parse(String(deletion?.body))).toEqual({
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      preconditions: { uid: 'u' },
      dryRun: ['All'],
    });
  });
});
