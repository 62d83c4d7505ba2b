import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { liveObject, memoryFleet, type MemoryFleet } from '../support/memory-fleet.ts';
import { until } from '../support/running-catalog.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { runCommand, testSurroundings, type CommandOutcome } from '../support/surroundings.ts';

// `callboard fleet`, against a real server over live objects that the test says.

let fleet: MemoryFleet;
let server: TestServer;

beforeAll(async () => {
  fleet = memoryFleet();
  fleet.putCluster('eu-1', { labels: { environment: 'prod', region: 'eu' } });
  fleet.putCluster('us-1', { labels: { environment: 'test' } });
  fleet.putCluster('dark', {});
  for (const [cluster, restarts] of [
    ['eu-1', 7],
    ['us-1', 0],
  ] as const) {
    fleet.store.setConnection(cluster, 1, { version: 'v1.34.2', identity: cluster });
    fleet.watchAll(cluster);
    const pod = {
      namespace: 'shop',
      phase: 'Running',
      node: 'node-a',
      ready: 1,
      containers: 2,
      restarts,
      images: 'registry.example.com/till:1.4.2',
      labels: `app=till\ncluster=${cluster}`,
    };
    fleet.list(cluster, 'Pod', [liveObject('till', restarts > 0 ? { ...pod, reason: 'CrashLoopBackOff' } : pod)]);
    fleet.list(cluster, 'Deployment', [liveObject('till', { namespace: 'shop', ready: 1, desired: 2, updated: 2 })]);
    fleet.list(cluster, 'Node', [liveObject('node-a', { ready: 1, unschedulable: 1, version: 'v1.34.2' })]);
    fleet.list(cluster, 'Namespace', [liveObject('shop', { phase: 'Active' })]);
  }
  fleet.setState('us-1', { state: 'denied', reason: { code: 'Forbidden', message: 'may not list jobs' } }, ['Job']);
  fleet.setState('dark', { state: 'unreachable', reason: { code: 'ConnectionRefused', message: 'it is refused' } });
  server = await startTestServer({ live: fleet.live });
});
afterAll(() => server.close());

const run = (...args: readonly string[]): Promise<CommandOutcome> =>
  runCommand(tmpdir(), ['fleet', ...args, '--server', server.url]);

const lines = (text: string): readonly string[] => text.split('\n').map((line) => line.replace(/ {2,}/g, '  ').trim());

test('status shows each cluster, the worst first, with what is behind and the reason', async () => {
  const { code, out, err } = await run('status');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(lines(out)).toEqual([
    'STATE  CLUSTER  ENVIRONMENT  REGION  VERSION  BEHIND  AS OF  REASON',
    'unreachable  dark  -  -  -  -  never  it is refused',
    'ok  us-1  test  -  v1.34.2  Job  now  jobs are not shown: may not list jobs',
    'ok  eu-1  prod  eu  v1.34.2  -  now',
  ]);
});

test('status is a document or names where those are asked for', async () => {
  expect((await run('status', '-o', 'name')).out).toBe('dark\nus-1\neu-1');
  const json = JSON.parse((await run('status', '-o', 'json')).out) as { items: { name: string; state: string }[] };
  expect(json.items.map(({ name, state }) => `${name} ${state}`)).toEqual(['dark unreachable', 'us-1 ok', 'eu-1 ok']);
  expect(parse((await run('status', '-o', 'yaml')).out)).toEqual(json);
});

test('status --watch goes on with what changes, until interrupted', async () => {
  fleet.putCluster('new', { labels: { environment: 'test' } });
  const surroundings = testSurroundings(tmpdir());
  const running = runCommandLine(['fleet', 'status', '--watch', '-o', 'name', '--server', server.url], surroundings);
  await until(() => surroundings.printed.includes('new') && surroundings.listening() > 0);
  const before = surroundings.printed.length;
  await until(() => {
    fleet.setState('new', {
      state: 'unreachable',
      reason: { code: 'Timeout', message: `${surroundings.clock.now()}` },
    });
    return surroundings.printed.length > before;
  });
  expect(new Set(surroundings.printed.slice(before))).toEqual(new Set(['new']));
  surroundings.send('SIGINT');
  expect(await running).toBe(0);
  fleet.store.dropCluster('new');
});

test('get lists objects of all clusters as kubectl does, and says on standard error what may be missing', async () => {
  const { code, out, err } = await run('get', 'po');
  expect(code).toBe(0);
  expect(lines(out)[0]).toBe('CLUSTER  NAMESPACE  NAME  READY  STATUS  RESTARTS  AGE');
  expect(lines(out)[1]).toMatch(/^eu-1 {2}shop {2}till {2}1\/2 {2}CrashLoopBackOff {2}7 {2}\d+ d$/);
  expect(lines(out)[2]).toMatch(/^us-1 {2}shop {2}till {2}1\/2 {2}Running {2}0 {2}\d+ d$/);
  expect(err).toMatch(/^dark(, Pod)? is unreachable: it is refused; nothing is known$/);
});

test.each([
  [['get', 'pods', '--field-selector', 'restarts>5', '-o', 'name'], ['eu-1/Pod/shop/till']],
  [['get', 'pods', '-l', 'app=till,cluster!=eu-1', '-o', 'name'], ['us-1/Pod/shop/till']],
  [
    ['get', 'pods,deploy', 'till', '-n', 'shop', '-c', 'eu-1', '-o', 'name'],
    ['eu-1/Deployment/shop/till', 'eu-1/Pod/shop/till'],
  ],
  [['get', 'pods', '--cluster-selector', 'environment=test', '-o', 'name'], ['us-1/Pod/shop/till']],
  [
    ['get', 'pods', '--sort', 'restarts', '-o', 'name'],
    ['us-1/Pod/shop/till', 'eu-1/Pod/shop/till'],
  ],
  [['get', 'nodes', '-c', 'us-1', '-o', 'name'], ['us-1/Node/node-a']],
  [['get', 'deployments.apps', 'none'], ['Nothing was found.']],
  [
    ['search', 'till:1.4', '--kind', 'po', '-o', 'name'],
    ['eu-1/Pod/shop/till', 'us-1/Pod/shop/till'],
  ],
])('%j', async (args, expected) => {
  const { code, out } = await run(...args);
  expect({ code, out: out.split('\n') }).toEqual({ code: 0, out: expected });
});

test('get is wide, or a document', async () => {
  expect((await run('get', 'pods', '-o', 'wide')).out).toMatch(
    /NODE +IMAGES[^]*node-a +registry.example.com\/till:1.4.2/,
  );
  expect((await run('get', 'nodes')).out).toContain('Ready,SchedulingDisabled');
  const json = JSON.parse((await run('get', 'pods', '-o', 'json')).out) as { total: number; incomplete: object[] };
  expect(json).toMatchObject({ total: 2, incomplete: [{ cluster: 'dark', state: 'unreachable' }] });
  expect(parse((await run('get', 'pods', '-o', 'yaml')).out)).toEqual(json);
  const part = await run('get', 'pods', '--limit', '1');
  expect(part.err).toContain('1 of 2 are shown');
});

test('search says where the text was found', async () => {
  const { out, err } = await run('search', 'crashloop');
  expect(lines(out)).toEqual([
    'CLUSTER  KIND  NAMESPACE  NAME  FOUND IN',
    'eu-1  Pod  shop  till  reason: CrashLoopBackOff',
    '1 found',
  ]);
  expect(err).toMatch(/^dark.* is unreachable/m);
});

test('what cannot be asked is a usage error', async () => {
  for (const args of [
    ['get', 'pods', '--sort', 'colour'],
    ['get', 'pods', '--field-selector', 'colour=red'],
    ['get', 'pods', '--limit', 'many'],
    ['search', 'x', '--limit', '1001'],
  ]) {
    const { code, out, err } = await run(...args);
    expect({ args, code, out }).toEqual({ args, code: 2, out: '' });
    expect(err).not.toBe('');
  }
});
