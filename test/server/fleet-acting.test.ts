import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { put } from '../../demo/fleet/world.ts';
import type { ActionDone, ActionPreview, Manifest, ManifestDiff, Revisions } from '../../src/api/acting.ts';
import type { AuditRecord } from '../../src/store/access-records.ts';
import { type ActingWorld, openActingWorld, group, user } from '../support/acting-world.ts';
import { until } from '../support/running-catalog.ts';
import { adaAdministers, auditRecords } from '../support/signed-in.ts';

// Acting as the person over real HTTP: clusters with the shipped rights, impersonation that they check, people with and without
// rights on either side.

let world: ActingWorld;

beforeAll(async () => {
  world = await openActingWorld(['eu', 'us', 'prod', 'closed', 'slow'], adaAdministers);
  // Ben is in a team whose parent the clusters know; Eve has the permissions here and no rights there.
  await world.server.put(group('stage-hands'), group('lights', 'stage-hands'), group('audience'));
  await world.server.put(user('ada', 'lights'), user('ben', 'lights'), user('eve', 'audience'), user('nat', 'lights'));
  await role('workers', ['fleet.*.*'], ['ben', 'eve'], {});
  await role('readers', ['fleet.*.read'], ['nat'], {});
  await role('shop-only', ['fleet.*.*'], ['tom'], { clusters: ['us'], namespaces: ['other'] });
}, 90_000);
afterAll(() => world.close(), 30_000);

async function role(
  name: string,
  permissions: readonly string[],
  people: readonly string[],
  where: object,
  others: readonly string[] = [],
): Promise<void> {
  const write = async (path: string, body: object): Promise<void> => {
    const headers = { ...(await world.session('ada')).headers, 'content-type': 'application/json' };
    const response = await world.server.get(path, { method: 'PUT', headers, body: JSON.stringify(body) });
    expect(response.status, await response.text()).toBe(200);
  };
  await write(`/api/v1/access/roles/${name}`, { rules: [{ permissions, ...where }] });
  const subjects = [...people.map((one) => `user:default/${one}`), ...others];
  await write(`/api/v1/access/bindings/${name}`, { role: name, subjects });
}

const BEN = 'callboard:user:default/ben';
const web = { cluster: 'eu', kind: 'Deployment', namespace: 'shop', name: 'web' };
const act = (body: object, person = 'ben') => world.post(person, '/api/v1/fleet/actions', body);
const preview = (body: object, person = 'ben') => world.post(person, '/api/v1/fleet/actions/preview', body);

async function done(body: object): Promise<ActionDone> {
  const { status, text } = await act(body);
  expect(status, text).toBe(200);
  return JSON.parse(text) as ActionDone;
}

async function seen(body: object, person = 'ben'): Promise<ActionPreview> {
  const { status, text } = await preview(body, person);
  expect(status, text).toBe(200);
  return JSON.parse(text) as ActionPreview;
}

async function refusal(answer: Promise<{ status: number; text: string }>): Promise<string> {
  const { status, text } = await answer;
  const { code, detail } = JSON.parse(text) as { code: string; detail?: string };
  return `${status} ${code} ${detail ?? ''}`;
}

interface Workload {
  readonly metadata: { readonly uid: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly replicas: number;
    readonly paused?: boolean;
    readonly template: {
      readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
      readonly spec: { readonly containers: readonly { readonly image: string }[] };
    };
  };
}

function stored(cluster: string, plural = 'deployments', name = 'web'): Workload {
  const { cluster: held } = world.cluster(cluster);
  const group = plural === 'pods' ? '' : 'apps';
  return held.store.get(held.resource(group, plural), 'shop', name).object as unknown as Workload;
}

const RESTARTED = 'kubectl.kubernetes.io/restartedAt';
const podsOf = (
  cluster: string,
): readonly { metadata: { name: string; uid: string; deletionTimestamp?: string } }[] => {
  const { cluster: held } = world.cluster(cluster);
  return held.store
    .collection(held.resource('', 'pods'))
    .list()
    .map(({ object }) => object);
};

describe('what one may', () => {
  test('is told: on which clusters people act, and as whom', async () => {
    const { text } = await world.get('ben', '/api/v1/fleet/acting');
    expect(JSON.parse(text)).toEqual({
      clusters: ['eu', 'us', 'prod', 'closed', 'slow'].map((cluster) => ({
        cluster,
        isActing: cluster !== 'closed',
        protected: cluster === 'prod',
      })),
      user: BEN,
    });
  });
});

describe('a manifest', () => {
  const path = '/api/v1/fleet/clusters/eu/objects';

  test('is the object as the person may read it, without managedFields', async () => {
    const { status, text } = await world.get('ben', `${path}/Deployment/shop/web`);
    expect(status, text).toBe(200);
    const answer = JSON.parse(text) as Manifest;
    expect(answer).toMatchObject({ cluster: 'eu', kind: 'Deployment', namespace: 'shop', name: 'web', asUser: BEN });
    expect(answer.manifest).toContain('image: registry.example.com/web:1');
    expect(answer.manifest).not.toContain('managedFields');
  });

  test('of a Secret keeps what is in it to itself', async () => {
    const { cluster } = world.cluster('eu');
    const value = Buffer.from('very-secret').toString('base64');
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': `{"data":{"password":"${value}"}}` };
    const object = { metadata: { namespace: 'shop', name: 'key', annotations }, data: { password: value } };
    put(cluster, { group: '', plural: 'secrets', object });
    const rules = [{ verbs: ['get'], groups: [''], resources: ['secrets'] }];
    const constrained = [{ verbs: ['impersonate-on:user-info:get'], groups: [''], resources: ['secrets'] }];
    cluster.access.grants = [
      { to: BEN, rules },
      { to: 'system:serviceaccount:callboard:callboard-reader', rules: constrained },
    ];
    const { status, text } = await world.get('ben', `${path}/Secret/shop/key`);
    cluster.access.grants = [];
    expect(status, text).toBe(200);
    expect(text).toContain('password: (hidden)');
    expect(text).not.toContain(value);
    expect(text).not.toContain('very-secret');
  });

  test.each([
    ['eve', 'eu/objects/Deployment/shop/web', /^403 CLUSTER_DENIES .*callboard:user:default\/eve.*cannot get/],
    ['ben', 'eu/objects/Deployment/shop/none', /^404 OBJECT_UNKNOWN/],
    ['ben', 'eu/objects/Gadget/shop/web', /^400 LIVE_QUERY_INVALID/],
    ['ben', 'eu/objects/Deployment/_/web', /^400 LIVE_QUERY_INVALID/],
    ['ben', 'closed/objects/Deployment/shop/web', /^409 ACTING_OFF .*acting: true/],
    ['ben', 'nowhere/objects/Deployment/shop/web', /^404 CLUSTER_UNKNOWN/],
    ['tom', 'eu/objects/Deployment/shop/web', /^403 ACTING_DENIED/],
    ['tom', 'nowhere/objects/Deployment/shop/web', /^403 ACTING_DENIED/],
  ])('is refused to %s at %s', async (person, place, expected) => {
    expect(await refusal(world.get(person, `/api/v1/fleet/clusters/${place}`))).toMatch(expected);
  });

  test('is compared between two clusters', async () => {
    const diff = async (name: string): Promise<ManifestDiff> => {
      const query = `kind=Deployment&namespace=shop&name=${name}&cluster=eu&cluster=us`;
      const { status, text } = await world.get('ben', `/api/v1/fleet/diff?${query}`);
      expect(status, text).toBe(200);
      return JSON.parse(text) as ManifestDiff;
    };
    expect(await diff('till')).toMatchObject({ same: true, hunks: [] });
    await done({ ...web, cluster: 'us', action: 'scale', replicas: 5 });
    const { same, hunks } = await diff('web');
    expect(same).toBe(false);
    expect(hunks.flatMap(({ lines }) => lines).filter(({ op }) => op !== ' ')).toEqual([
      { op: '-', text: '  replicas: 2' },
      { op: '+', text: '  replicas: 5' },
    ]);
  });
});

describe('a preview', () => {
  test('says the exact call, what rules and admission say, and changes nothing', async () => {
    const before = stored('eu');
    const answer = await seen({ ...web, action: 'scale', replicas: 7 });
    expect(answer).toEqual({
      call: {
        method: 'PATCH',
        path: '/apis/apps/v1/namespaces/shop/deployments/web/scale',
        contentType: 'application/merge-patch+json',
        body: { spec: { replicas: 7 } },
        kubectl: 'kubectl --context eu -n shop scale deployment/web --replicas=7',
      },
      uid: before.metadata.uid,
      review: { allowed: true, reason: 'a rule of the demo allows it' },
      dryRun: { ok: true, status: 200, warnings: [] },
      notes: [],
      asUser: BEN,
    });
    expect(stored('eu')).toEqual(before);
  });

  test('of a deletion deletes nothing', async () => {
    await until(() => podsOf('eu').length > 0);
    const [pod] = podsOf('eu');
    const name = pod?.metadata.name ?? '';
    const answer = await seen({ ...web, kind: 'Pod', name, action: 'delete-pod' });
    expect(answer.call).toMatchObject({ method: 'DELETE', body: { preconditions: { uid: pod?.metadata.uid } } });
    expect(answer.dryRun.ok).toBe(true);
    expect(podsOf('eu').find(({ metadata }) => metadata.name === name)?.metadata.deletionTimestamp).toBeUndefined();
  });

  test('shows that the cluster refuses, before anything is tried', async () => {
    const { cluster } = world.cluster('eu');
    const rules = [{ verbs: ['get'], groups: ['apps'], resources: ['deployments'] }];
    cluster.access.grants = [{ to: 'callboard:user:default/eve', rules }];
    const answer = await seen({ ...web, action: 'restart' }, 'eve');
    expect(answer.review.allowed).toBe(false);
    expect(answer.dryRun).toMatchObject({ ok: false, status: 403 });
    expect(answer.dryRun.message).toMatch(/callboard:user:default\/eve.*cannot patch/);
    expect(await refusal(act({ ...web, action: 'restart' }, 'eve'))).toMatch(/^403 CLUSTER_DENIES/);
    cluster.access.grants = [];
    expect(stored('eu').spec.template.metadata.annotations?.[RESTARTED]).toBeUndefined();
  });

  test('says what an autoscaler and a disruption budget will do', async () => {
    const { cluster } = world.cluster('us');
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'till' };
    const scaler = {
      metadata: { namespace: 'shop', name: 'till-scaler' },
      spec: { scaleTargetRef, minReplicas: 2, maxReplicas: 9 },
    };
    put(cluster, { group: 'autoscaling', plural: 'horizontalpodautoscalers', object: scaler });
    const budget = {
      metadata: { namespace: 'shop', name: 'till-budget' },
      spec: { maxUnavailable: 0, selector: { matchLabels: { app: 'till' } } },
    };
    put(cluster, { group: 'policy', plural: 'poddisruptionbudgets', object: budget });
    const till = { ...web, cluster: 'us', name: 'till' };
    const notes = async (body: object): Promise<string> => (await seen(body)).notes.join('\n');
    await expect
      .poll(() => notes({ ...till, action: 'scale', replicas: 1 }), { timeout: 15_000 })
      .toContain('The HorizontalPodAutoscaler till-scaler scales it (2 to 9)');
    const pod = podsOf('us').find(({ metadata }) => metadata.name.startsWith('till-'))?.metadata.name ?? '';
    await expect
      .poll(() => notes({ ...till, kind: 'Pod', name: pod, action: 'delete-pod' }), { timeout: 15_000 })
      .toContain('The PodDisruptionBudget till-budget protects it');
  }, 40_000);
});

describe('an action', () => {
  test('restarts', async () => {
    const { status, asUser, call } = await done({ ...web, action: 'restart', reason: 'stuck' });
    expect({ status, asUser }).toEqual({ status: 200, asUser: BEN });
    expect(call.kubectl).toBe('kubectl --context eu -n shop rollout restart deployment/web');
    expect(stored('eu').spec.template.metadata.annotations?.[RESTARTED]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  test('scales', async () => {
    await done({ ...web, action: 'scale', replicas: 3 });
    expect(stored('eu').spec.replicas).toBe(3);
  });

  test('pauses and resumes; what is paused is not restarted and does not go back', async () => {
    await done({ ...web, action: 'pause' });
    expect(stored('eu').spec.paused).toBe(true);
    for (const action of ['pause', 'restart', 'undo']) {
      expect(await refusal(act({ ...web, action }))).toMatch(/^409 ACTION_REFUSED .*paused/);
    }
    await done({ ...web, action: 'resume' });
    expect(stored('eu').spec.paused).toBeUndefined();
    expect(await refusal(act({ ...web, action: 'resume' }))).toMatch(/^409 ACTION_REFUSED/);
  });

  test('goes back to a revision, whole', async () => {
    const { cluster } = world.cluster('us');
    const resource = cluster.resource('apps', 'deployments');
    await until(() => revisionOf('us') === '1');
    const { object } = cluster.store.get(resource, 'shop', 'web');
    const next = JSON.parse(JSON.stringify(object).replace('web:1', 'web:2')) as typeof object;
    cluster.store.update(resource, next, {});
    await until(() => revisionOf('us') === '2');
    const asked = { ...web, cluster: 'us' };
    const { text } = await world.get(
      'ben',
      '/api/v1/fleet/revisions?cluster=us&kind=Deployment&namespace=shop&name=web',
    );
    expect((JSON.parse(text) as Revisions).items).toMatchObject([
      { revision: 2, images: ['registry.example.com/web:2'], isCurrent: true },
      { revision: 1, images: ['registry.example.com/web:1'], isCurrent: false },
    ]);
    expect(await refusal(act({ ...asked, action: 'undo', revision: 2 }))).toMatch(/^409 ACTION_REFUSED/);
    expect(await refusal(act({ ...asked, action: 'undo', revision: 9 }))).toMatch(/^409 ACTION_REFUSED/);
    const { call } = await done({ ...asked, action: 'undo' });
    expect(call.kubectl).toBe('kubectl --context us -n shop rollout undo deployment/web --to-revision=1');
    const { template } = stored('us').spec;
    expect(template.spec.containers.map(({ image }) => image)).toEqual(['registry.example.com/web:1']);
    expect(JSON.stringify(template)).not.toContain('pod-template-hash');
  }, 30_000);

  const revisionOf = (cluster: string): string | undefined =>
    stored(cluster).metadata.annotations?.['deployment.kubernetes.io/revision'];

  test('goes back to a revision of a StatefulSet', async () => {
    const { cluster } = world.cluster('eu');
    const labels = { app: 'books' };
    const template = (image: string) => ({ metadata: { labels }, spec: { containers: [{ name: 'main', image }] } });
    const spec = {
      replicas: 1,
      serviceName: 'books',
      selector: { matchLabels: labels },
      template: template('books:2'),
    };
    put(cluster, {
      group: 'apps',
      plural: 'statefulsets',
      object: { metadata: { namespace: 'shop', name: 'books' }, spec },
    });
    const { uid } = stored('eu', 'statefulsets', 'books').metadata;
    const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'books', uid, controller: true };
    for (const revision of [1, 2]) {
      const data = { spec: { template: { ...template(`books:${revision}`), $patch: 'replace' } } };
      const metadata = { namespace: 'shop', name: `books-${revision}`, labels, ownerReferences: [owner] };
      put(cluster, { group: 'apps', plural: 'controllerrevisions', object: { metadata, revision, data } as never });
    }
    await done({ ...web, kind: 'StatefulSet', name: 'books', action: 'undo' });
    expect(stored('eu', 'statefulsets', 'books').spec.template.spec.containers[0]?.image).toBe('books:1');
  });

  test('deletes a pod, that one and no other of its name', async () => {
    await until(() => podsOf('eu').some(({ metadata }) => metadata.name.startsWith('till-')));
    const pod = podsOf('eu').find(({ metadata }) => metadata.name.startsWith('till-'));
    const name = pod?.metadata.name ?? '';
    await done({ ...web, kind: 'Pod', name, action: 'delete-pod' });
    const left = podsOf('eu').find(({ metadata }) => metadata.uid === pod?.metadata.uid);
    expect(left === undefined || left.metadata.deletionTimestamp !== undefined).toBe(true);
  });

  test.each([
    [{ ...web, kind: 'Pod', action: 'restart' }, /^409 ACTION_REFUSED/],
    [{ ...web, action: 'delete-pod' }, /^409 ACTION_REFUSED/],
    [{ ...web, action: 'scale' }, /^409 ACTION_REFUSED .*replicas/],
    [{ ...web, action: 'scale', replicas: -1 }, /^400 /],
    [{ ...web, action: 'explode' }, /^400 /],
    [{ ...web, name: '../../x', action: 'restart' }, /^400 /],
    [{ ...web, name: 'none', action: 'restart' }, /^404 OBJECT_UNKNOWN/],
    [{ ...web, cluster: 'closed', action: 'restart' }, /^409 ACTING_OFF/],
    [{ ...web, namespace: 'kube-system', action: 'restart' }, /^403 CLUSTER_DENIES/],
  ])('%j is refused', async (body, expected) => {
    expect(await refusal(act(body))).toMatch(expected);
    expect(await refusal(preview(body))).toMatch(expected);
  });

  test('on a protected cluster is confirmed by its name, typed', async () => {
    const asked = { ...web, cluster: 'prod', action: 'scale', replicas: 4 };
    expect((await seen(asked)).confirm).toBe('prod');
    for (const confirm of [undefined, '', 'PROD', 'eu']) {
      expect(await refusal(act({ ...asked, ...(confirm !== undefined && { confirm }) }))).toMatch(
        /^409 ACTION_UNCONFIRMED/,
      );
    }
    expect(stored('prod').spec.replicas).toBe(2);
    await done({ ...asked, confirm: 'prod' });
    expect(stored('prod').spec.replicas).toBe(4);
  });
});

describe('who acts', () => {
  test('has the permission here, in that place', async () => {
    expect(await refusal(act({ ...web, action: 'restart' }, 'nat'))).toMatch(/^403 PERMISSION_DENIED/);
    expect(await refusal(act({ ...web, action: 'restart' }, 'tom'))).toMatch(/^403 ACTING_DENIED/);
    await role('no-pods', ['fleet.workload.act'], ['lou'], {});
    const pod = { ...web, kind: 'Pod', name: podsOf('eu')[0]?.metadata.name, action: 'delete-pod' };
    expect(await refusal(act(pod, 'lou'))).toMatch(/^403 ACTING_DENIED .*fleet\.pod\.delete/);
  });

  test('has no other rights than the person, whatever the account of the server may', async () => {
    const { cluster } = world.cluster('eu');
    const everything = [{ verbs: ['*'], groups: ['*'], resources: ['*'] }];
    cluster.access.grants = [{ to: 'system:serviceaccount:callboard:callboard-reader', rules: everything }];
    for (const answer of [
      act({ ...web, action: 'restart' }, 'eve'),
      world.get('eve', '/api/v1/fleet/clusters/eu/objects/Deployment/shop/web'),
      world.get('eve', '/api/v1/fleet/revisions?cluster=eu&kind=Deployment&namespace=shop&name=web'),
      world.get('ben', '/api/v1/fleet/clusters/eu/objects/Secret/shop/key'),
    ]) {
      expect(await refusal(answer)).toMatch(/^403 CLUSTER_DENIES/);
    }
    cluster.access.grants = [];
  });

  test('is a person: no service, and nobody who is not signed in', async () => {
    const { headers } = await world.session('ada');
    const made = await world.server.get('/api/v1/access/tokens', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ service: 'robot', name: 'robot', expiresInDays: 1 }),
    });
    const { token } = (await made.json()) as { token: string };
    await role('robots', ['fleet.*.*'], [], {}, ['service:default/robot']);
    const send = async (own: Record<string, string>): Promise<string> => {
      const init = { method: 'POST', headers: { 'content-type': 'application/json', ...own } };
      const body = JSON.stringify({ ...web, action: 'restart' });
      const response = await world.server.get('/api/v1/fleet/actions', { ...init, body });
      return refusal(response.text().then((text) => ({ status: response.status, text })));
    };
    expect(await send({ authorization: `Bearer ${token}` })).toMatch(/^403 ACTING_NOBODY/);
    expect(await send({})).toMatch(/^401 SIGN_IN_REQUIRED/);
  });

  test('is refused with what to do where the server may not act for others', async () => {
    const { cluster } = world.cluster('us');
    const resource = cluster.resource('rbac.authorization.k8s.io', 'clusterrolebindings');
    const binding = cluster.store.get(resource, undefined, 'callboard-acting');
    cluster.store.remove(resource, binding);
    expect(await refusal(act({ ...web, cluster: 'us', action: 'restart' }))).toMatch(
      /^502 IMPERSONATION_DENIED .*deploy\/rbac\/acting\.yaml/,
    );
    cluster.store.create(resource, binding.object as never);
  });
});

describe('the audit log', () => {
  test('has what was done to what, why, as whom and what came of it, and no more', async () => {
    await done({ ...web, action: 'scale', replicas: 2, reason: 'the show is over' });
    await refusal(act({ ...web, action: 'restart', reason: 'curious' }, 'eve'));
    const find = (records: readonly AuditRecord[], actor: string, why: string): AuditRecord | undefined =>
      records.findLast((record) => record.actor === `user:default/${actor}` && record.data?.['why'] === why);
    const records = await auditRecords(world.server, (all) => find(all, 'eve', 'curious')?.outcome === 'denied');
    expect(find(records, 'ben', 'the show is over')).toMatchObject({
      action: 'fleet.workload.scale',
      target: 'eu/shop/Deployment/web',
      outcome: 'success',
      data: {
        cluster: 'eu',
        replicas: 2,
        asUser: BEN,
        status: 200,
        call: 'PATCH /apis/apps/v1/namespaces/shop/deployments/web/scale',
        kubectl: 'kubectl --context eu -n shop scale deployment/web --replicas=2',
      },
    });
    const own = records.filter(({ data }) => data?.['why'] === 'the show is over');
    expect(own.map(({ outcome }) => outcome)).toEqual(['pending', 'success']);
    expect(own[0]).toMatchObject({ target: 'eu/shop/Deployment/web', data: { replicas: 2, asUser: BEN } });
    expect(find(records, 'eve', 'curious')).toMatchObject({
      action: 'fleet.workload.restart',
      target: 'eu/shop/Deployment/web',
      outcome: 'denied',
      data: { asUser: 'callboard:user:default/eve', reason: 'CLUSTER_DENIES' },
    });
    expect(
      records
        .filter(({ action }) => action.startsWith('fleet.'))
        .some(({ data }) => JSON.stringify(data).includes('containers')),
    ).toBe(false);
    expect(JSON.stringify(records)).not.toContain('token-of-the-reader');
  });
});

test('a cluster that goes away says so; what was asked of it is not known to be done', async () => {
  const slow = world.cluster('slow');
  await slow.setFault({ type: 'refuse' });
  expect(await refusal(act({ ...web, cluster: 'slow', action: 'restart' }))).toMatch(/^502 KUBE_UNREACHABLE/);
  await slow.setFault(undefined);
  await expect
    .poll(async () => (await act({ ...web, cluster: 'slow', action: 'restart' })).status, { timeout: 15_000 })
    .toBe(200);
}, 40_000);

test('a cluster that is lost while it does something leaves that nobody knows the outcome, in the answer and in the audit log', async () => {
  const slow = world.cluster('slow');
  let isArmed = true;
  slow.cluster.store.listen(({ plural }) => {
    if (plural === 'deployments' && isArmed) void slow.setFault({ type: 'refuse' });
    isArmed = false;
  });
  const asked = { ...web, cluster: 'slow', name: 'till', action: 'scale', replicas: 5, reason: 'crowd' };
  expect(await refusal(act(asked))).toMatch(/^504 ACTION_UNCERTAIN/);
  await slow.setFault(undefined);
  expect(stored('slow', 'deployments', 'till').spec.replicas).toBe(5);
  const own = (records: readonly AuditRecord[]) => records.filter(({ data }) => data?.['why'] === 'crowd');
  const records = own(await auditRecords(world.server, (all) => own(all).length === 2));
  expect(records.map(({ outcome, data }) => [outcome, data?.['reason']])).toEqual([
    ['pending', undefined],
    ['unknown', 'ACTION_UNCERTAIN'],
  ]);
});
