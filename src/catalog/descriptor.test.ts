import { describe, expect, test } from 'vitest';
import type { Entity } from '../model/entity.ts';
import { builtinKinds } from '../model/builtin-kinds.ts';
import type { ReadMode } from './descriptor-search.ts';
import { readDescriptor, type Descriptor } from './descriptor.ts';
import type { Included } from './placeholders.ts';
import { prepareKinds } from './validate.ts';

const kinds = prepareKinds(builtinKinds);
const group = (name: string, more = ''): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: ${name}\n${more}spec:\n  type: team\n  children: []\n`;

const include = (): Included => ({ status: 'failed', message: 'there is no such file' });

function read(text: string, mode: ReadMode = 'named'): Descriptor {
  return readDescriptor(text, { location: 'file:/srv/a.yaml', origin: 'file:/srv', mode, include }, kinds);
}

function codes(text: string, mode: ReadMode): readonly string[] {
  return read(text, mode).findings.map((finding) => finding.code);
}

describe('a declared entity', () => {
  test('has no view or edit link that would run a script', () => {
    const annotations = `{backstage.io/view-url: 'javascript:alert(1)', backstage.io/edit-url: 'https://example.org/e'}`;
    const [entity] = read(group('a', `  annotations: ${annotations}\n`)).entities;
    expect((JSON.parse(entity?.body ?? '{}') as Entity).metadata.annotations).toMatchObject({
      'backstage.io/view-url': 'https://backstage.io/annotation-rejected-for-security-reasons',
      'backstage.io/edit-url': 'https://example.org/e',
    });
  });

  test('has namespace and origin, unordered refs sorted, and no uid of its own', () => {
    const text = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: Lamp
  uid: mine
  etag: kept
  annotations: {a: b, backstage.io/managed-by-location: 'url:elsewhere'}
spec:
  type: service
  lifecycle: production
  owner: light
  dependsOn: [resource:z, resource:a]
  custom: [z, a]
`;
    const [entity] = read(text).entities;
    expect(entity).toMatchObject({ ref: 'component:default/lamp', line: 1 });
    expect(JSON.parse(entity?.body ?? '')).toEqual({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: 'Lamp',
        namespace: 'default',
        etag: 'kept',
        annotations: {
          a: 'b',
          'backstage.io/managed-by-location': 'file:/srv/a.yaml',
          'backstage.io/managed-by-origin-location': 'file:/srv',
        },
      },
      spec: {
        type: 'service',
        lifecycle: 'production',
        owner: 'light',
        dependsOn: ['resource:a', 'resource:z'],
        custom: ['z', 'a'],
      },
    });
  });

  test('has a hash that changes with its content only', () => {
    const hash = (text: string): string | undefined => read(text).entities[0]?.hash;
    expect(hash(group('a'))).toBe(hash(`# moved\n\n${group('a')}`));
    expect(hash(group('a'))).not.toBe(hash(group('a', '  title: A\n')));
  });
});

test('a second declaration in the same file is named with the place of the first', () => {
  const { entities, findings } = read(`${group('a')}---\n${group('A')}`);
  expect(entities).toHaveLength(1);
  expect(findings).toMatchObject([
    {
      code: 'duplicate-ref',
      entityRef: 'group:default/a',
      message: expect.stringContaining('/srv/a.yaml:1'),
      place: { line: 9, column: 1 },
    },
  ]);
});

test('invalid documents say which entity they meant, unreadable ones that nobody knows', () => {
  const { entities, invalidRefs, hasUnreadable } = read(`${group('a')}---\n${group('b').replace('children', 'kids')}`);
  expect(entities.map((entity) => entity.ref)).toEqual(['group:default/a']);
  expect(invalidRefs).toEqual(['group:default/b']);
  expect(hasUnreadable).toBe(false);
  expect(read(`${group('a')}---\n{`).hasUnreadable).toBe(true);
});

test('Locations give their targets with place and type', () => {
  const text = `apiVersion: backstage.io/v1alpha1
kind: Location
metadata: {name: all}
spec:
  target: ./one.yaml
  targets:
    - ./two.yaml
  presence: optional
`;
  expect(read(text).targets).toMatchObject([
    { type: 'file', target: './one.yaml', optional: true, place: { line: 5 }, entityRef: 'location:default/all' },
    { type: 'file', target: './two.yaml', optional: true, place: { line: 7 } },
  ]);
});

describe('in a folder search', () => {
  const manifest = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n';
  const foreign = 'apiVersion: extensions.backstage.io/v1alpha1\nkind: Plugin\nmetadata: {name: x}\nspec: {}\n';

  test('Kubernetes manifests and plain data are ignored and counted', () => {
    const descriptor = read(`${manifest}---\nreplicas: 3\n---\n- list\n---\n${group('a')}`, 'search');
    expect(descriptor).toMatchObject({ ignored: 3, findings: [] });
    expect(descriptor.entities).toHaveLength(1);
  });

  test('broken text counts only where it was meant for the catalog', () => {
    expect(codes('replicas: {{ .Values.replicas }\n', 'search')).toEqual([]);
    expect(codes('apiVersion: v1\nkind: [\n', 'search')).toEqual([]);
    expect(codes('apiVersion: backstage.io/v1alpha1\nkind: [\n', 'search')).toEqual(['yaml-syntax']);
    expect(codes('kind: [\n', 'catalog-info')).toEqual(['yaml-syntax']);
  });

  test('kinds that nobody knows in a group of the catalog are told', () => {
    expect(codes(foreign, 'search')).toEqual(['unknown-kind']);
  });

  test('skeletons of templates are ignored', () => {
    for (const mode of ['search', 'catalog-info'] as const) {
      expect(read(group('${{ values.name }}'), mode)).toMatchObject({ entities: [], findings: [], ignored: 1 });
      expect(read(group('{{cookiecutter.name}}'), mode)).toMatchObject({ entities: [], findings: [], ignored: 1 });
      expect(codes(`{% if x %}\n${group('a')}{% endif %}\n`, mode)).toEqual([]);
    }
  });

  test('a file called catalog-info is a descriptor, whatever it holds', () => {
    expect(codes(manifest, 'catalog-info')).toEqual(['unknown-kind']);
    expect(codes('some: thing\n', 'catalog-info').length).toBeGreaterThan(0);
  });

  test('a file that is named is a descriptor, also a skeleton', () => {
    expect(codes(group('${{ values.name }}'), 'named')).toEqual(['entity-envelope']);
  });
});
