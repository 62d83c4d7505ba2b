import { describe, expect, test } from 'vitest';
import { imageDifference, isConfigOnly, templateDifference } from './template-difference.ts';

interface Parts {
  readonly container?: object;
  readonly spec?: object;
  readonly metadata?: object;
}

const template = ({ container = {}, spec = {}, metadata = {} }: Parts = {}): string =>
  JSON.stringify({ metadata, spec: { containers: [{ name: 'app', image: 'shop:1', ...container }], ...spec } });

const between = (before: Parts, after: Parts) => templateDifference(template(before), template(after));

describe('what differs between two templates', () => {
  test('is nothing where they are the same, in whatever order', () => {
    expect(between({}, {})).toEqual([]);
    expect(templateDifference('{"spec":{"a":1,"b":2}}', '{"spec":{"b":2,"a":1}}')).toEqual([]);
    expect(templateDifference('', '')).toEqual([]);
  });

  test('is told part by part, with values of what is no secret', () => {
    const limits = (memory: string) => ({ container: { resources: { limits: { memory }, requests: { cpu: '1' } } } });
    expect(between(limits('1Gi'), limits('512Mi'))).toEqual([
      { what: 'memory limit of app', from: '1Gi', to: '512Mi' },
    ]);
    expect(between({}, limits('1Gi'))).toEqual([
      { what: 'memory limit of app', from: undefined, to: '1Gi' },
      { what: 'cpu request of app', from: undefined, to: '1' },
    ]);
    const env = (value: string) => ({ container: { env: [{ name: 'GOMEMLIMIT', value }] } });
    expect(between(env('1GiB'), env('2GiB'))).toEqual([
      { what: 'variable GOMEMLIMIT of app', from: '1GiB', to: '2GiB' },
    ]);
    expect(between({}, { container: { image: 'shop:2' } })).toEqual([
      { what: 'image of app', from: 'shop:1', to: 'shop:2' },
    ]);
  });

  test('names all else without its values', () => {
    const probe = (path: string) => ({ container: { readinessProbe: { httpGet: { path } } } });
    expect(between(probe('/a'), probe('/b'))).toEqual([{ what: 'readiness probe of app' }]);
    const args = (...values: readonly string[]) => ({ container: { args: values } });
    expect(between(args('--password=one'), args('--password=two'))).toEqual([{ what: 'args of app' }]);
    expect(between({}, { spec: { serviceAccountName: 'till' } })).toEqual([{ what: 'service account name' }]);
    const marked = (value: string) => ({ metadata: { annotations: { team: value }, labels: { tier: value } } });
    expect(between(marked('a'), marked('b'))).toEqual([{ what: 'annotation team' }, { what: 'label tier' }]);
    const volume = (name: string) => ({ spec: { volumes: [{ name: 'keys', secret: { secretName: name } }] } });
    expect(between(volume('one'), volume('two'))).toEqual([{ what: 'volume keys' }]);
  });

  test('a container or a volume that comes is one thing', () => {
    const containers = [
      { name: 'app', image: 'shop:1' },
      { name: 'side', image: 'proxy:3', env: [{ name: 'A', value: 'b' }], args: ['x'] },
    ];
    expect(between({}, { spec: { containers } })).toEqual([{ what: 'container side' }]);
  });

  test('of very much only the first things are told, and of long values the beginning', () => {
    const env = (value: string) => ({
      container: { env: Array.from({ length: 30 }, (_, at) => ({ name: `V${at}`, value })) },
    });
    const changes = between(env('a'), env('b'.repeat(1000)));
    expect(changes).toHaveLength(8);
    expect(changes[0]).toEqual({ what: 'variable V0 of app', from: 'a', to: `${'b'.repeat(120)}…` });
  });

  test('a list whose items have no names, or one name twice, is compared as a whole', () => {
    const ports = (...numbers: readonly number[]) => ({
      container: { ports: numbers.map((containerPort) => ({ name: 'web', containerPort })) },
    });
    expect(between(ports(1, 2), ports(1, 3))).toEqual([{ what: 'ports of app' }]);
  });

  test('however deep, it ends', () => {
    const deep = (leaf: number): string => `${'{"a":'.repeat(40)}${leaf}${'}'.repeat(40)}`;
    expect(templateDifference(deep(1), deep(2))).toEqual([{ what: 'a' }]);
  });
});

describe('whether only configuration changed', () => {
  test.each([
    [true, ['annotation checksum/config']],
    [true, ['annotation example.com/config-hash', 'volume settings', 'configuration of app']],
    [false, ['annotation checksum/config', 'image of app']],
    [false, ['annotation kubectl.kubernetes.io/restartedAt']],
    [false, []],
  ])('%s: %j', (expected, names) => {
    expect(isConfigOnly(names.map((what) => ({ what })))).toBe(expected);
  });
});

describe('what of images differs', () => {
  test.each([
    ['shop:1', 'shop:2', '1', '2'],
    ['r.example:5000/shop', 'r.example:5000/shop:2', 'latest', '2'],
    ['shop:1\nproxy:3', 'shop:2\nproxy:3', '1', '2'],
    ['shop:1', 'store:1', 'shop:1', 'store:1'],
    ['shop:1', 'shop:1\nproxy:3', '', 'proxy:3'],
    [
      `shop@sha256:${'a'.repeat(64)}`,
      `shop@sha256:${'b'.repeat(64)}`,
      `sha256:${'a'.repeat(12)}`,
      `sha256:${'b'.repeat(12)}`,
    ],
  ])('%j and %j', (before, after, from, to) => {
    expect(imageDifference(before, after)).toEqual({ from, to });
  });
});
