import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { auditOf } from '../support/access.ts';
import { openKubernetesStage, type KubernetesStage } from '../support/kubernetes-stage.ts';
import { auditRecords, signIn } from '../support/signed-in.ts';

// Requests that Backstage's Kubernetes page sends to clusters through the server, as the person who asks.

let stage: KubernetesStage;
beforeAll(async () => {
  stage = await openKubernetesStage(3, [
    { match: 'prod-north', isActing: true },
    { match: 'prod-south', isActing: true, isProtected: true },
  ]);
  for (const name of ['prod-north', 'prod-south']) {
    stage.grant(name, 'ada', [
      {
        verbs: ['get', 'list', 'watch', 'delete', 'patch'],
        groups: ['', 'apps'],
        resources: ['pods', 'pods/log', 'events', 'deployments'],
      },
    ]);
  }
}, 60_000);
afterEach(async () => {
  for (const server of stage.demo.servers) await server.setFault(undefined);
});
afterAll(() => stage.close(), 60_000);

const north = { 'backstage-kubernetes-cluster': 'prod-north' };
const guide = readFileSync(join(import.meta.dirname, '../../docs/how-to/backstage-kubernetes.md'), 'utf8');
const examples = Array.from(guide.matchAll(/```sh\n(.*?)```\n\n```json\n(.*?)```/gs), (match) => match.slice(1));

test.each(examples)('the guide’s example %#, %s', async (code = '', answer = '') => {
  const [kind, principal, name] = ['personal', 'user:default/ada', 'guide'] as const;
  const start = { kind, name, principal, createdBy: principal, expiresAt: Date.now() + 600_000 };
  const token = await stage.server.access.tokens.make(start, auditOf('access.token.create'));
  const env = { PATH: process.env['PATH'], CALLBOARD: stage.server.url, TOKEN: token.text };
  const { stdout } = await promisify(execFile)('sh', ['-c', code], { env, timeout: 20_000 });
  expect(JSON.parse(stdout)).toMatchObject(JSON.parse(answer) as object);
});

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

function proxy(path: string, asked: Asked = {}, who?: string): Promise<Response> {
  return stage.ask(`/api/kubernetes/proxy${path}`, { ...asked, headers: { ...north, ...asked.headers } }, who);
}

const pods = '/api/v1/namespaces/ticketing/pods';

async function aPod(): Promise<string> {
  const { items } = (await (await proxy(pods)).json()) as {
    readonly items: readonly { readonly metadata: { readonly name: string } }[];
  };
  return items[0]?.metadata.name ?? '';
}

describe('what is passed on', () => {
  test('are lists, logs and events, with their query', async () => {
    const name = await aPod();
    const log = await proxy(`${pods}/${name}/log?tailLines=2`);
    expect(log.status).toBe(200);
    expect(log.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(log.headers.get('content-security-policy')).toContain('sandbox');
    expect((await log.text()).trim().split('\n')).toHaveLength(2);
    const events = await proxy(`/api/v1/namespaces/ticketing/events?fieldSelector=involvedObject.name=${name}`);
    expect(await events.json()).toMatchObject({ kind: 'EventList' });
    const missing = await proxy(`${pods}/nobody`);
    expect([missing.status, await missing.json()]).toMatchObject([404, { kind: 'Status', reason: 'NotFound' }]);
  });

  test('are writes, which are recorded', async () => {
    const name = await aPod();
    const deleted = await proxy(`${pods}/${name}`, { method: 'DELETE' });
    expect(deleted.status).toBe(200);
    const path = '/apis/apps/v1/namespaces/ticketing/deployments/ticket-office';
    const patched = await proxy(path, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ metadata: { annotations: { note: 'seen' } } }),
    });
    expect(await patched.json()).toMatchObject({ metadata: { annotations: { note: 'seen' } } });
    const records = await auditRecords(
      stage.server,
      (all) => all.filter(({ action }) => action === 'kubernetes.proxy.use').length >= 4,
    );
    const own = records.filter(({ action }) => action === 'kubernetes.proxy.use');
    // Each is recorded before the cluster is asked.
    expect(own.map(({ outcome }) => outcome)).toEqual(['pending', 'success', 'pending', 'success']);
    expect(own.filter(({ outcome }) => outcome === 'success')).toMatchObject([
      {
        actor: 'user:default/ada',
        target: `prod-north${pods}/${name}`,
        outcome: 'success',
        data: { method: 'DELETE' },
      },
      { actor: 'user:default/ada', target: `prod-north${path}`, outcome: 'success', data: { method: 'PATCH' } },
    ]);
  });

  test('is as the person: what that person may not the cluster refuses', async () => {
    const denied = await proxy('/api/v1/namespaces/ticketing/secrets');
    expect([denied.status, await denied.json()]).toMatchObject([403, { kind: 'Status', reason: 'Forbidden' }]);
    expect(JSON.stringify(await (await proxy('/api/v1/nodes')).json())).toContain('callboard:user:default/ada');
  });

  test('holds none of the headers that who asks has sent', async () => {
    const answer = await proxy('/api/v1/nodes', {
      headers: { 'impersonate-user': 'system:admin', 'impersonate-group': 'system:masters', 'x-remote-user': 'root' },
    });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('callboard:user:default/ada');
  });
});

describe('a credential of one’s own', () => {
  test('is shown to the cluster instead, and nothing of Callboard’s account beside it', async () => {
    const { access } = stage.cluster('prod-north').cluster;
    access.tokens.set('own-token', { user: { name: 'jo', groups: [] } });
    access.grants = [...access.grants, { to: 'jo', rules: [{ verbs: ['*'], groups: [''], resources: ['nodes'] }] }];
    const asJo = (name: string, value: string): Promise<Response> =>
      proxy('/api/v1/nodes', { headers: { [name]: value } });
    expect((await asJo('Backstage-Kubernetes-Authorization', 'Bearer own-token')).status).toBe(200);
    expect((await asJo('Backstage-Kubernetes-Authorization-oidc-Okta', 'own-token')).status).toBe(200);
    expect((await asJo('Backstage-Kubernetes-Authorization', 'Bearer another')).status).toBe(401);
    // The account's certificate would open the door here.
    const basic = await asJo('Backstage-Kubernetes-Authorization', 'Basic am86am8=');
    expect(await basic.text()).toContain('system:anonymous');
  });

  test('is one, and opens no cluster on which nobody acts', async () => {
    const two = { 'Backstage-Kubernetes-Authorization': 'Bearer a', 'Backstage-Kubernetes-Authorization-aks': 'b' };
    expect((await proxy('/api/v1/nodes', { headers: two })).status).toBe(400);
    const headers = {
      'backstage-kubernetes-cluster': 'prod-coast',
      'Backstage-Kubernetes-Authorization': 'Bearer own-token',
    };
    const off = await proxy('/api/v1/nodes', { headers });
    expect([off.status, await off.json()]).toMatchObject([409, { error: { name: 'ConflictError' } }]);
  });
});

describe('what is refused', () => {
  test.each([
    ['/api/v1/namespaces/ticketing/pods/x/exec?command=sh', 501],
    ['/api/v1/namespaces/ticketing/pods/x/attach', 501],
    ['/api/v1/namespaces/ticketing/pods/x/portforward', 501],
    ['/api/v1/namespaces/ticketing/services/x/proxy/admin', 501],
    ['/api/v1/nodes/x/proxy/metrics', 501],
    ['/api/v1/proxy/namespaces/ticketing/services/x', 501],
    ['/metrics', 400],
    ['/logs/kube.log', 400],
    ['/api/v1/%2e%2e/%2e%2e/metrics', 400],
    ['/api/v1/namespaces/a%2fb/pods', 400],
    ['/api/v1//pods', 400],
    ['/api/v1/pods%5c..', 400],
    ['/api/v1/pods%zz', 400],
    ['/api/v1/pods%2500', 400],
  ])('%s is %i', async (path, status) => {
    // As it is written: `fetch` would tidy it up.
    const { headers } = await signIn(stage.server);
    const answered = await plain(`/api/kubernetes/proxy${path}`, { ...headers, ...north });
    expect(answered).toMatchObject({ status, body: expect.stringContaining('"error":{"name":') as unknown });
  });

  test('is an upgrade, plainly', async () => {
    const { headers } = await signIn(stage.server);
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'YQ==',
    };
    const answered = await plain(`/api/kubernetes/proxy${pods}/x/exec?command=sh`, {
      ...headers,
      ...north,
      ...upgrade,
    });
    expect(answered).toMatchObject({ status: 501, body: expect.stringContaining('kubectl exec') as unknown });
    const other = await plain(`/api/kubernetes/proxy${pods}?watch=true`, { ...headers, ...north, ...upgrade });
    expect(other.status).toBe(501);
  });

  test('is a write to a protected cluster; reading it is not', async () => {
    const south = { 'backstage-kubernetes-cluster': 'prod-south' };
    expect((await proxy(pods, { headers: south })).status).toBe(200);
    const deleted = await proxy(`${pods}/x`, { headers: south, method: 'DELETE' });
    expect([deleted.status, await deleted.json()]).toMatchObject([403, { error: { name: 'NotAllowedError' } }]);
  });

  test('is a cluster that is not there, not seen or not named', async () => {
    const to = (name: string, who?: string): Promise<Response> =>
      proxy(pods, { headers: { 'backstage-kubernetes-cluster': name } }, who);
    const unknown = await to('atlantis');
    expect([unknown.status, await unknown.json()]).toMatchObject([
      404,
      { error: { name: 'NotFoundError', message: "Cluster 'atlantis' not found" } },
    ]);
    expect((await to('')).status).toBe(404);
    const permissions = ['kubernetes.proxy.use'];
    await stage.putRole('coast', [{ permissions }, { permissions: ['fleet.*.read'], clusters: ['prod-coast'] }], 'sam');
    expect((await to('prod-north', 'sam')).status).toBe(404);
    expect((await to('', 'sam')).status).toBe(409);
    await stage.putRole('nobody', [{ permissions: ['fleet.*.read', 'kubernetes.*.read'] }], 'nat');
    const denied = await to('prod-north', 'nat');
    expect([denied.status, await denied.json()]).toMatchObject([403, { error: { name: 'NotAllowedError' } }]);
  });

  test('is a place that the permission does not cover', async () => {
    const rules = [
      { permissions: ['kubernetes.proxy.use'], clusters: ['prod-north'], namespaces: ['touring'] },
      { permissions: ['fleet.*.read'] },
    ];
    await stage.putRole('touring', rules, 'lee');
    stage.grant('prod-north', 'lee', [{ verbs: ['*'], groups: ['*'], resources: ['*'] }]);
    expect((await proxy('/api/v1/namespaces/touring/pods', {}, 'lee')).status).toBe(200);
    expect((await proxy(pods, {}, 'lee')).status).toBe(403);
    expect((await proxy('/api/v1/pods', {}, 'lee')).status).toBe(403);
  });

  test('is one request more than one may have open, until one has ended', async () => {
    const ends = Array.from({ length: 30 }, () => new AbortController());
    const watch = (signal: AbortSignal): Promise<Response> => proxy(`${pods}?watch=true`, { signal });
    const open = await Promise.all(ends.map(({ signal }) => watch(signal)));
    expect(open.map(({ status }) => status)).toEqual(ends.map(() => 200));
    expect((await proxy(pods)).status).toBe(429);
    for (const end of ends) end.abort();
    await expect.poll(async () => (await proxy(pods)).status).toBe(200);
  });

  test('a cluster that does not answer is told by the envelope of errors', async () => {
    await stage.cluster('prod-north').setFault({ type: 'refuse' });
    const lost = await proxy(pods);
    expect([lost.status, await lost.json()]).toMatchObject([
      500,
      {
        error: {
          name: 'Error',
          message: expect.stringMatching(/^Cluster 'prod-north' request error; caused by /) as unknown,
        },
        request: { method: 'GET', url: `/proxy${pods}` },
        response: { statusCode: 500 },
      },
    ]);
  });
});

function plain(
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(stage.server.url);
    const asked = request({ hostname, port, path, headers }, (answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}
