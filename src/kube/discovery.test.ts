import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Authority, type KeyPair } from '../../demo/fleet/certificates.ts';
import { type Script, ScriptServer, sendJson } from '../../test/support/kube-script-server.ts';
import { systemClock } from '../base/clock.ts';
import { discover } from './discovery.ts';
import { type ClusterTransport, openTransport } from './transport.ts';

let authority: Authority;
let identity: KeyPair;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  authority = await Authority.make('the cluster', new Date());
  identity = await authority.server(new Date());
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function serve(script: Script): Promise<ClusterTransport> {
  const server = await ScriptServer.open({ identity, script });
  const transport = openTransport(
    {
      name: 'prod-eu-1',
      server: server.url,
      authority: authority.certificate,
      isInsecure: false,
      disableCompression: false,
      credential: { type: 'none' },
    },
    { proof: () => Promise.resolve({}), refuse: () => false },
    { clock: systemClock },
  );
  opened.push(transport, server);
  return transport;
}

/** A server that answers these paths, and 404 to others. */
function answering(answers: Readonly<Record<string, unknown>>): Script {
  return (_request, response, { pathname }) => {
    const answer = answers[pathname];
    if (answer === undefined) sendJson(response, 404, { kind: 'Status', code: 404, message: 'not found' });
    else if (typeof answer === 'number')
      sendJson(response, answer, { kind: 'Status', code: answer, message: 'refused' });
    else sendJson(response, 200, answer);
  };
}

const resource = (name: string, kind: string, namespaced = true): object => ({
  name,
  kind,
  namespaced,
  verbs: ['list', 'watch'],
});

describe('discovery', () => {
  test('asks group by group where a server does not tell of all at once; one that is down hides no other', async () => {
    const transport = await serve(
      answering({
        '/version': { gitVersion: 'v1.24.17-eks-1' },
        '/api': { kind: 'APIVersions', versions: ['v1'] },
        '/api/v1': {
          resources: [resource('pods', 'Pod'), resource('pods/log', 'Pod'), resource('nodes', 'Node', false)],
        },
        '/apis': {
          kind: 'APIGroupList',
          groups: [
            {
              name: 'autoscaling',
              versions: [{ version: 'v1' }, { version: 'v2' }],
              preferredVersion: { version: 'v2' },
            },
            { name: 'metrics.k8s.io', versions: [{ version: 'v1beta1' }], preferredVersion: { version: 'v1beta1' } },
          ],
        },
        '/apis/autoscaling/v1': { resources: [resource('horizontalpodautoscalers', 'HorizontalPodAutoscaler')] },
        '/apis/autoscaling/v2': { resources: [resource('horizontalpodautoscalers', 'HorizontalPodAutoscaler')] },
        '/apis/metrics.k8s.io/v1beta1': 503,
        '/api/v1/namespaces/kube-system': { metadata: { name: 'kube-system', uid: 'abc' } },
      }),
    );
    const found = await discover(transport);
    expect(found).toMatchObject({ version: 'v1.24.17-eks-1', identity: 'abc', incomplete: ['metrics.k8s.io'] });
    expect(found.resources.map(({ group, version, plural }) => `${group}/${version}/${plural}`)).toEqual([
      '/v1/pods',
      '/v1/nodes',
      'autoscaling/v2/horizontalpodautoscalers',
      'autoscaling/v1/horizontalpodautoscalers',
    ]);
    expect(found.resources[1]).toMatchObject({ kind: 'Node', isNamespaced: false, verbs: ['list', 'watch'] });
  });

  test('reads what is aggregated, and which groups are not fresh', async () => {
    const version = (name: string, freshness: string, ...kinds: string[]): object => ({
      version: name,
      freshness,
      resources: kinds.map((kind) => ({
        resource: `${kind.toLowerCase()}s`,
        responseKind: { kind },
        scope: 'Namespaced',
        verbs: ['get'],
      })),
    });
    const list = (name: string, ...versions: object[]): object => ({
      kind: 'APIGroupDiscoveryList',
      items: [{ metadata: { name }, versions }],
    });
    const transport = await serve(
      answering({
        '/version': {},
        '/api': list('', version('v1', 'Current', 'Pod')),
        '/apis': list('apps', version('v1', 'Stale', 'Deployment')),
        '/api/v1/namespaces/kube-system': 403,
      }),
    );
    expect(await discover(transport)).toEqual({
      version: '',
      incomplete: ['apps'],
      resources: [
        { group: '', version: 'v1', plural: 'pods', kind: 'Pod', isNamespaced: true, verbs: ['get'] },
        { group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment', isNamespaced: true, verbs: ['get'] },
      ],
    });
  });

  test('survives answers that are laid out in no known way', async () => {
    const transport = await serve(
      answering({ '/version': [], '/api': { versions: 5 }, '/apis': { groups: [null, { versions: [7] }] } }),
    );
    expect(await discover(transport)).toEqual({ version: '', resources: [], incomplete: [] });
  });

  test('tells what refuses it', async () => {
    const denied = await serve(answering({ '/version': 401, '/api': 401, '/apis': 401 }));
    await expect(discover(denied)).rejects.toMatchObject({
      code: 'KUBE_REFUSED',
      details: { cluster: 'prod-eu-1', status: 401, code: 'Unauthorized', reason: 'refused' },
    });
    const odd = await serve((_request, response) => response.end('<html>'));
    await expect(discover(odd)).rejects.toMatchObject({ code: 'KUBE_ANSWER_INVALID' });
  });
});
