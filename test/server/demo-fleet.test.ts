import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BEHAVIOUR } from '../../demo/fleet/kubelet.ts';
import { type DemoFleet, kubeconfigText, openDemoFleet } from '../../demo/fleet/demo-fleet.ts';
import { builtinResources, apiVersionOf } from '../../demo/fleet/resources.ts';
import { kubectl, type KubectlAnswer, kubectlProgram, kubectlRunning } from '../support/kubectl.ts';
import { hasSharedInputs, sharedInputs } from '../support/shared-inputs.ts';

let fleet: DemoFleet;
let folder: string;
let kubeconfig: string;

beforeAll(async () => {
  kubectlProgram();
  fleet = await openDemoFleet({ names: ['stage', 'cellar'], version: '1.34.2', now: () => new Date() });
  folder = mkdtempSync(join(tmpdir(), 'callboard-fleet-'));
  kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigText(fleet, 'admin', await fleet.issue('admin', ['system:masters'])), {
    mode: 0o600,
  });
}, 180_000);
afterAll(async () => {
  await fleet.close();
  rmSync(folder, { recursive: true });
});

const ask = (...args: string[]): Promise<KubectlAnswer> => kubectl(kubeconfig, args);
/** What kubectl prints; it must have gone well. */
async function told(...args: string[]): Promise<string> {
  const { code, out, err } = await ask(...args);
  expect({ code, err }).toEqual({ code: 0, err: code === 0 ? err : '' });
  return out;
}
async function apply(text: string, ...args: string[]): Promise<KubectlAnswer> {
  return kubectl(kubeconfig, ['apply', '-f', '-', ...args], text);
}

function deployment(
  name: string,
  options: { readonly image?: string; readonly replicas?: number; readonly behaviour?: string } = {},
): string {
  const { image = 'lantern/desk:1', replicas = 2, behaviour } = options;
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: {
          labels: { app: name },
          ...(behaviour !== undefined && { annotations: { [BEHAVIOUR]: behaviour } }),
        },
        spec: { containers: [{ name: 'desk', image }] },
      },
    },
  });
}

describe('the clusters of the demo, asked by kubectl', () => {
  test('tell what they are and what they have', async () => {
    expect(await told('version')).toContain('Server Version: v1.34.2');
    const resources = await told('api-resources', '--no-headers');
    for (const { plural } of builtinResources) expect(resources).toContain(plural);
    expect(await told('api-versions')).toContain('autoscaling/v2');
    expect(await told('get', 'nodes')).toMatch(/node-1 +Ready/);
    expect(await told('get', '--raw', '/readyz')).toBe('ok');
    expect(await told('explain', 'deployment.spec.template.spec.containers')).toContain('image\t<string>');
    expect(await told('--context', 'cellar', 'get', 'namespaces', '-o', 'name')).toBe(
      'namespace/default\nnamespace/kube-system\n',
    );
  });

  test('roll a deployment out, on, back and up', async () => {
    await told('create', 'deployment', 'lamp', '--image=lantern/lamp:1', '--replicas=3');
    expect(await told('rollout', 'status', 'deployment/lamp')).toContain('successfully rolled out');
    await told('set', 'image', 'deployment/lamp', 'lamp=lantern/lamp:2');
    expect(await told('rollout', 'status', 'deployment/lamp')).toContain('successfully rolled out');
    expect(await told('rollout', 'history', 'deployment/lamp')).toMatch(/^2 /m);
    await told('rollout', 'undo', 'deployment/lamp');
    await told('rollout', 'status', 'deployment/lamp');
    expect(await told('get', 'deployment', 'lamp', '-o', 'jsonpath={.spec.template.spec.containers[0].image}')).toBe(
      'lantern/lamp:1',
    );
    await told('rollout', 'restart', 'deployment/lamp');
    await told('scale', 'deployment/lamp', '--replicas=4');
    await told('rollout', 'status', 'deployment/lamp');
    expect(await told('get', 'deployment', 'lamp', '--no-headers')).toMatch(/^lamp +4\/4 +4 +4 /);
    expect(await told('describe', 'deployment', 'lamp')).toContain('ScalingReplicaSet');
    await told('rollout', 'pause', 'deployment/lamp');
    await told('set', 'image', 'deployment/lamp', 'lamp=lantern/lamp:3');
    expect(await told('get', 'replicasets', '-l', 'app=lamp', '-o', 'name')).not.toContain('lamp:3');
    await told('rollout', 'resume', 'deployment/lamp');
    await told('rollout', 'status', 'deployment/lamp');
    await told('delete', 'deployment', 'lamp');
    await expect.poll(() => told('get', 'pods', '-l', 'app=lamp', '-o', 'name'), { timeout: 10_000 }).toBe('');
  });

  test('show objects in every output, in pages too', async () => {
    await apply(deployment('desk', { replicas: 5 }));
    await told('rollout', 'status', 'deployment/desk');
    const names = (await told('get', 'pods', '-l', 'app=desk', '-o', 'name')).trim().split('\n');
    expect(names).toHaveLength(5);
    expect(
      (await told('get', 'pods', '-l', 'app=desk', '--no-headers', '--chunk-size=2')).trim().split('\n'),
    ).toHaveLength(5);
    expect(await told('get', 'pods', '-l', 'app in (desk)', '-o', 'wide')).toMatch(
      /desk-\S+ +1\/1 +Running +0 +\S+ +10\.244\.\S+ +node-\d/,
    );
    const list = JSON.parse(await told('get', 'pods', '-l', 'app=desk', '-o', 'json')) as {
      readonly items: readonly { readonly kind: string }[];
    };
    expect(list.items.map(({ kind }) => kind)).toEqual(Array.from({ length: 5 }, () => 'Pod'));
    expect(await told('get', 'deployment', 'desk', '-o', 'yaml')).toContain('availableReplicas: 5');
    expect(
      await told('get', 'pods', '-l', 'app=desk', '-o', 'custom-columns=PHASE:.status.phase', '--no-headers'),
    ).toBe('Running\n'.repeat(5));
    expect(await told('get', 'pods', '--field-selector=status.phase=Failed', '-o', 'name')).toBe('');
    expect((await ask('get', 'pods', '--field-selector=spec.colour=red')).err).toContain('field label not supported');
    expect(await told('get', 'all', '-l', 'app=desk')).toContain('replicaset.apps/desk-');
    expect((await ask('get', 'pod', 'nobody')).err).toContain('Error from server (NotFound): pods "nobody" not found');
  });

  test('apply, compare, label, patch and refuse', async () => {
    expect((await apply(deployment('board'))).out).toBe('deployment.apps/board created\n');
    expect((await apply(deployment('board'))).out).toBe('deployment.apps/board unchanged\n');
    const changed = await kubectl(kubeconfig, ['diff', '-f', '-'], deployment('board', { image: 'lantern/desk:2' }));
    expect(changed.code).toBe(1);
    expect(changed.out).toContain('+      - image: lantern/desk:2');
    const dry = await apply(deployment('board', { replicas: 9 }), '--dry-run=server');
    expect(dry.out).toContain('(server dry run)');
    expect(await told('get', 'deployment', 'board', '-o', 'jsonpath={.spec.replicas}')).toBe('2');
    await told('label', 'deployment', 'board', 'tier=one');
    await told('annotate', 'deployment', 'board', 'note=kept');
    await told(
      'patch',
      'deployment',
      'board',
      '--type=json',
      '-p',
      '[{"op":"remove","path":"/metadata/annotations/note"}]',
    );
    await told('patch', 'deployment', 'board', '--type=merge', '-p', '{"spec":{"replicas":1}}');
    await told(
      'patch',
      'deployment',
      'board',
      '-p',
      '{"spec":{"template":{"spec":{"containers":[{"name":"side","image":"lantern/side:1"}]}}}}',
    );
    const board = JSON.parse(await told('get', 'deployment', 'board', '-o', 'json')) as {
      metadata: { labels: Record<string, string>; annotations: Record<string, string>; generation: number };
      spec: { replicas: number; template: { spec: { containers: { name: string }[] } } };
    };
    expect(board.metadata.labels).toEqual({ tier: 'one' });
    expect(board.metadata.annotations['note']).toBeUndefined();
    expect(board.spec.replicas).toBe(1);
    expect(board.spec.template.spec.containers.map(({ name }) => name).sort()).toEqual(['desk', 'side']);
    const wrong = deployment('wrong').replace('"app":"wrong"}},"template"', '"app":"other"}},"template"');
    expect((await apply(wrong)).err).toContain('`selector` does not match template `labels`');
  });

  test('keep the fields of each who applies on the server', async () => {
    const map = (data: object): string =>
      JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cues' }, data });
    expect((await apply(map({ one: 'a', two: 'b' }), '--server-side', '--field-manager=first')).out).toContain(
      'serverside-applied',
    );
    const clash = await apply(map({ one: 'z' }), '--server-side', '--field-manager=second');
    expect(clash.err).toContain('conflict with "first": .data.one');
    await apply(map({ one: 'z' }), '--server-side', '--field-manager=second', '--force-conflicts');
    await apply(map({}), '--server-side', '--field-manager=first');
    expect(JSON.parse(await told('get', 'configmap', 'cues', '-o', 'jsonpath={.data}'))).toEqual({ one: 'z' });
  });

  test('print what containers print, also while it goes on, and what one printed before it died', async () => {
    await apply(deployment('talker', { replicas: 1 }));
    await told('rollout', 'status', 'deployment/talker');
    const { child, text } = kubectlRunning(kubeconfig, ['logs', '-f', 'deployment/talker']);
    await expect.poll(() => text().trim().split('\n').length, { timeout: 15_000 }).toBeGreaterThan(2);
    child.kill();
    expect(await told('logs', 'deployment/talker', '--tail=1', '--timestamps')).toMatch(
      /^\d{4}-\d\d-\d\dT\S+ level=info/,
    );
    await apply(deployment('stumbler', { replicas: 1, behaviour: 'crash' }));
    await expect
      .poll(async () => (await ask('logs', 'deployment/stumbler', '--previous')).out, { timeout: 20_000 })
      .toContain('DATABASE_URL is missing');
    expect(await told('get', 'pods', '-l', 'app=stumbler')).toMatch(/0\/1 +CrashLoopBackOff +\d+ \(\d+s ago\)/);
    expect(await told('get', 'events', '--field-selector=type=Warning')).toContain(
      'Back-off restarting failed container',
    );
  });

  test('are watched: what changes is printed as it happens', async () => {
    const { child, text } = kubectlRunning(kubeconfig, [
      'get',
      'configmaps',
      '-w',
      '--no-headers',
      '-l',
      'watched=yes',
    ]);
    await told('create', 'configmap', 'seen');
    await told('label', 'configmap', 'seen', 'watched=yes');
    await expect.poll(text, { timeout: 10_000 }).toMatch(/seen +0/);
    await told('label', 'configmap', 'seen', 'watched-');
    child.kill();
  });

  test('run stateful sets, daemon sets and jobs', async () => {
    const template = (name: string, restartPolicy: string): object => ({
      metadata: { labels: { app: name } },
      spec: { restartPolicy, containers: [{ name: 'one', image: 'lantern/one:1' }] },
    });
    const selector = (name: string): object => ({ matchLabels: { app: name } });
    await apply(
      JSON.stringify({
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'ledger' },
        spec: {
          replicas: 2,
          serviceName: 'ledger',
          selector: selector('ledger'),
          template: template('ledger', 'Always'),
        },
      }),
    );
    await apply(
      JSON.stringify({
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'usher' },
        spec: { selector: selector('usher'), template: template('usher', 'Always') },
      }),
    );
    await apply(
      JSON.stringify({
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'count' },
        spec: { completions: 2, template: template('count', 'Never') },
      }),
    );
    await told('rollout', 'status', 'statefulset/ledger');
    expect(await told('get', 'pods', '-l', 'app=ledger', '-o', 'name')).toBe('pod/ledger-0\npod/ledger-1\n');
    expect(await told('rollout', 'status', 'daemonset/usher')).toContain('successfully rolled out');
    await told('wait', '--for=condition=complete', 'job/count', '--timeout=30s');
    expect(await told('get', 'job', 'count', '--no-headers')).toMatch(/count +Complete +2\/2/);
  });

  test('know who asks: certificates, tokens, rules, and who acts for whom', async () => {
    const [cluster] = fleet.servers.map((server) => server.cluster);
    if (!cluster) throw new Error('no cluster');
    cluster.access.grants = [
      {
        to: 'group:readers',
        rules: [{ verbs: ['get', 'list', 'watch'], groups: [''], resources: ['pods'], namespaces: ['default'] }],
      },
    ];
    cluster.access.tokens.set('secret-of-reader', { user: { name: 'reader', groups: ['readers'] } });
    expect(await told('auth', 'whoami')).toContain('system:masters');
    expect((await ask('auth', 'can-i', 'list', 'pods', '--as=reader', '--as-group=readers')).out).toBe('yes\n');
    expect((await ask('auth', 'can-i', 'list', 'secrets', '--as=reader', '--as-group=readers')).out).toBe('no\n');
    expect(
      (await ask('auth', 'can-i', 'list', 'pods', '-n', 'kube-system', '--as=reader', '--as-group=readers')).out,
    ).toBe('no\n');
    const asReader = join(folder, 'reader');
    const config = JSON.parse(readFileSync(kubeconfig, 'utf8')) as { users: unknown[] };
    writeFileSync(
      asReader,
      JSON.stringify({ ...config, users: [{ name: 'admin', user: { token: 'secret-of-reader' } }] }),
      { mode: 0o600 },
    );
    expect((await kubectl(asReader, ['get', 'pods', '-o', 'name'])).code).toBe(0);
    expect((await kubectl(asReader, ['get', 'secrets'])).err).toContain(
      'secrets is forbidden: User "reader" cannot list resource "secrets" in API group "" in the namespace "default"',
    );
    cluster.access.tokens.clear();
    expect((await kubectl(asReader, ['get', 'pods'])).err).toContain('You must be logged in to the server');
  });

  test('empty a namespace that goes', async () => {
    await told('create', 'namespace', 'wing');
    await kubectl(kubeconfig, ['apply', '-n', 'wing', '-f', '-'], deployment('curtain'));
    expect((await kubectl(kubeconfig, ['apply', '-n', 'nowhere', '-f', '-'], deployment('curtain'))).err).toContain(
      'namespaces "nowhere" not found',
    );
    await told('delete', 'namespace', 'wing', '--timeout=20s');
    expect(await told('get', 'deployments', '-A', '-o', 'name')).not.toContain('curtain');
  });
});

describe('the wire of a cluster', () => {
  const map = (name: string): string =>
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { at: name } });
  const path = '/api/v1/namespaces/default/configmaps';

  test('pages of a list show one state, and expire when the past is cut', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) await apply(map(name));
    const [server] = fleet.servers;
    const wire = await openWire(server?.url ?? '', kubeconfig);
    const first = (await wire.json(`${path}?limit=1`)).body as Page;
    expect(first.items.map(({ metadata }) => metadata.name)).toEqual(['cues']);
    expect(first.metadata.remainingItemCount).toBeGreaterThan(2);
    await told('delete', 'configmap', 'page-c');
    const second = (await wire.json(`${path}?limit=500&continue=${first.metadata.continue ?? ''}`)).body as Page;
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    expect(second.items.map(({ metadata }) => metadata.name)).toContain('page-c');
    server?.cluster.store.compact();
    const late = await wire.json(`${path}?limit=1&continue=${first.metadata.continue ?? ''}`);
    expect(late).toMatchObject({
      status: 410,
      body: { reason: 'Expired', metadata: { continue: expect.any(String) as string } },
    });
    const rest = (await wire.json(`${path}?limit=500&continue=${(late.body as Page).metadata.continue ?? ''}`))
      .body as Page;
    expect(rest.items.map(({ metadata }) => metadata.name)).not.toContain('page-c');
    expect((await wire.json(`${path}?resourceVersion=1&continue=${first.metadata.continue ?? ''}`)).status).toBe(400);
    expect((await wire.json(`${path}?resourceVersion=999999999`)).status).toBe(504);
    expect((await wire.json(`${path}?sendInitialEvents=true`)).status).toBe(422);
    wire.close();
  });

  test('watches resume, see selections change, stream lists, and expire', async () => {
    const [server] = fleet.servers;
    const wire = await openWire(server?.url ?? '', kubeconfig);
    const { metadata } = (await wire.json(path)).body as Page;
    await apply(map('watch-a'));
    await told('label', 'configmap', 'watch-a', 'in=yes');
    const chosen = wire.lines(`${path}?watch=1&resourceVersion=${metadata.resourceVersion}&labelSelector=in%3Dyes`);
    await expect.poll(() => chosen().map(({ type }) => type)).toEqual(['ADDED']);
    await told('label', 'configmap', 'watch-a', 'in-');
    await expect.poll(() => chosen().map(({ type }) => type)).toEqual(['ADDED', 'DELETED']);
    const listed = wire.lines(
      `${path}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
    );
    await expect
      .poll(() => listed().at(-1)?.object.metadata.annotations)
      .toEqual({ 'k8s.io/initial-events-end': 'true' });
    expect(listed().filter(({ type }) => type === 'ADDED').length).toBe(
      ((await wire.json(path)).body as Page).items.length,
    );
    const short = wire.lines(
      `${path}?watch=1&resourceVersion=${listed().at(-1)?.object.metadata.resourceVersion ?? ''}&allowWatchBookmarks=true&timeoutSeconds=1`,
    );
    await expect.poll(() => short().map(({ type }) => type), { timeout: 5_000 }).toEqual(['BOOKMARK']);
    server?.cluster.store.compact();
    const old = wire.lines(`${path}?watch=1&resourceVersion=${metadata.resourceVersion}`);
    await expect.poll(() => old()[0]).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
    wire.close();
  });
});

describe.skipIf(!hasSharedInputs)('the clusters of the demo, given real manifests', () => {
  test('take what a Kubernetes 1.34 takes', async () => {
    const known = new Set(builtinResources.map((resource) => `${apiVersionOf(resource)} ${resource.kind}`));
    // An apps/v1 workload without a selector is a piece for kustomize.
    const objects = manifestsUnder(join(sharedInputs, 'k8s-apps')).filter(
      ({ apiVersion, kind, object }) =>
        known.has(`${apiVersion} ${kind}`) && (!apiVersion.startsWith('apps/') || hasSelector(object)),
    );
    expect(objects.length).toBeGreaterThan(200);
    const list = { apiVersion: 'v1', kind: 'List', items: objects.map(({ object }) => object) };
    await told('create', 'namespace', 'real');
    const { out, err } = await kubectl(
      kubeconfig,
      ['apply', '-n', 'real', '--validate=false', '-f', '-'],
      JSON.stringify(list),
    );
    const applied = out.split('\n').filter((line) => / (created|configured|unchanged)$/.test(line)).length;
    expect(err.split('\n').filter((line) => line.includes('Error') || line.includes('error'))).toEqual([]);
    expect(applied).toBe(objects.length);
  });
});

interface Page {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}

interface WatchLine {
  readonly type: string;
  readonly object: { readonly metadata: { readonly resourceVersion?: string; readonly annotations?: object } };
}

/** One HTTP/2 connection to a cluster, with the certificate of a kubeconfig. */
async function openWire(url: string, file: string) {
  const config = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly clusters: readonly { readonly cluster: { readonly 'certificate-authority-data': string } }[];
    readonly users: readonly {
      readonly user: { readonly 'client-certificate-data': string; readonly 'client-key-data': string };
    }[];
  };
  const text = (base64 = ''): string => Buffer.from(base64, 'base64').toString();
  const user = config.users[0]?.user;
  const session = connect(url, {
    ca: text(config.clusters[0]?.cluster['certificate-authority-data']),
    cert: text(user?.['client-certificate-data']),
    key: text(user?.['client-key-data']),
  });
  await once(session, 'connect');
  return {
    async json(path: string): Promise<{ readonly status: number; readonly body: unknown }> {
      const stream = session.request({ ':path': path });
      const [headers] = (await once(stream, 'response')) as [{ readonly ':status': number }];
      const chunks: Buffer[] = [];
      for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
      return { status: headers[':status'], body: JSON.parse(Buffer.concat(chunks).toString()) };
    },
    /** Watches, and gives the lines that came so far. */
    lines(path: string): () => readonly WatchLine[] {
      let received = '';
      session.request({ ':path': path }).on('data', (chunk: Buffer) => (received += chunk.toString()));
      return () =>
        received
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as WatchLine);
    },
    close: () => session.destroy(),
  };
}

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly object: unknown;
}

function hasSelector(object: unknown): boolean {
  return (object as { readonly spec?: { readonly selector?: unknown } }).spec?.selector !== undefined;
}

/** Objects of all readable YAML files, without the namespace they name. */
function manifestsUnder(root: string): readonly Manifest[] {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && /\.ya?ml$/.test(entry.name),
  );
  return files.flatMap((entry) => {
    const documents = parseAllDocuments(readFileSync(join(entry.parentPath, entry.name), 'utf8'), {
      logLevel: 'silent',
    });
    return documents.flatMap((document): Manifest[] => {
      if (document.errors.length > 0) return [];
      const object = document.toJS() as {
        apiVersion?: unknown;
        kind?: unknown;
        metadata?: { name?: unknown; namespace?: unknown; resourceVersion?: unknown };
      } | null;
      const { apiVersion, kind, metadata } = object ?? {};
      if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof metadata?.name !== 'string') return [];
      const { namespace: _, resourceVersion: _version, ...rest } = metadata;
      return [{ apiVersion, kind, object: { ...object, metadata: rest } }];
    });
  });
}
