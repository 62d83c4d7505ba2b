import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { builtinKinds } from '../model/builtin-kinds.ts';
import { entityRefOf } from '../model/ref.ts';
import { parseDocuments } from './document.ts';
import { formatPath } from './finding.ts';
import { compileSpecCheck } from './kind-schema.ts';
import { prepareKinds, validateEntity } from './validate.ts';

const kinds = prepareKinds(builtinKinds);

/** What is wrong with a document, as `severity code path`. */
function problems(text: string): string[] {
  return check(text).findings.map((finding) => `${finding.severity} ${finding.code} ${formatPath(finding.path ?? [])}`);
}

function check(text: string): ReturnType<typeof validateEntity> {
  const [parsed] = parseDocuments(text);
  if (!parsed?.ok) throw new Error('expected a readable document');
  return validateEntity(parsed.document, kinds);
}

/** A valid component with changed metadata. */
function withMetadata(metadata: object): string {
  return JSON.stringify({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'x', ...metadata },
    spec: { type: 'service', lifecycle: 'production', owner: 'team' },
  });
}

function withSpec(kind: string, spec: unknown, apiVersion = 'backstage.io/v1alpha1'): string {
  return JSON.stringify({ apiVersion, kind, metadata: { name: 'x' }, spec });
}

const long = (length: number): string => 'a'.repeat(length);

describe('names', () => {
  test.each(['a', 'A.b_c-D9', long(63), '9'])('%s is a name', (name) => {
    expect(problems(withMetadata({ name }))).toEqual([]);
  });
  test.each(['', '-a', 'a-', 'a b', 'ä', long(64), 'a/b', '.a'])('%j is no name', (name) => {
    expect(problems(withMetadata({ name }))).toEqual(['error entity-envelope metadata.name']);
  });
  test.each([null, 1, true, ['a'], { a: 1 }])('%j is no text', (name) => {
    expect(problems(withMetadata({ name }))).toEqual(['error entity-envelope metadata.name']);
  });
  test.each(['a', 'a-b', 'a--b', '0', long(63)])('%s is a namespace', (namespace) => {
    expect(problems(withMetadata({ namespace }))).toEqual([]);
  });
  test.each(['A', 'a_b', 'a.b', '-a', 'a-', '', long(64), null])('%j is no namespace', (namespace) => {
    expect(problems(withMetadata({ namespace }))).toEqual(['error entity-envelope metadata.namespace']);
  });
});

describe('labels and annotations', () => {
  test.each(['a', 'a.b/c', 'A_b', `${'a.'.repeat(126)}a/${long(63)}`])('%s is a key', (key) => {
    expect(problems(withMetadata({ labels: { [key]: '' }, annotations: { [key]: '' } }))).toEqual([]);
  });
  test.each(['', 'a/', '/a', 'A.b/c', 'a/b/c', 'a b', `${'a.'.repeat(127)}a/x`, long(64)])('%j is no key', (key) => {
    expect(problems(withMetadata({ annotations: { [key]: 'x' } }))).toHaveLength(1);
    expect(problems(withMetadata({ labels: { [key]: 'x' } }))).toHaveLength(1);
  });
  test('labels hold names or nothing, annotations any text', () => {
    expect(problems(withMetadata({ annotations: { a: 'any text\n at all' } }))).toEqual([]);
    expect(problems(withMetadata({ labels: { a: 'no spaces' } }))).toEqual(['error entity-envelope metadata.labels.a']);
  });
  test.each([1, true, null, ['x'], {}])('%j is no value', (value) => {
    expect(problems(withMetadata({ annotations: { 'a.b/c': value } }))).toEqual([
      'error entity-envelope metadata.annotations["a.b/c"]',
    ]);
  });
  test('numbers are shown in the quotes that they need', () => {
    expect(check(withMetadata({ labels: { tier: 1 } })).findings[0]).toMatchObject({
      message: 'metadata.labels "tier" must be text but is 1',
      fix: 'Write it in quotes: "1"',
    });
  });
  test.each([null, [], 'x'])('%j is no map', (map) => {
    expect(problems(withMetadata({ labels: map }))).toEqual(['error entity-envelope metadata.labels']);
  });
});

describe('tags', () => {
  test.each(['java', 'c++', 'c#', 'a:b', 'a-b-c', long(63)])('%s is a tag', (tag) => {
    expect(problems(withMetadata({ tags: [tag] }))).toEqual([]);
  });
  test.each(['Java', 'a.b', 'a_b', 'a--b', '-a', '', long(64), 1, null])('%j is no tag', (tag) => {
    expect(problems(withMetadata({ tags: ['ok', tag] }))).toEqual(['error entity-envelope metadata.tags[1]']);
  });
  test('a tag that is nearly right is corrected', () => {
    expect(check(withMetadata({ tags: ['Spring Boot'] })).findings[0]?.fix).toMatch(/^Use "spring-boot"/);
  });
  test.each([null, 'java', {}])('%j is no list', (tags) => {
    expect(problems(withMetadata({ tags }))).toEqual(['error entity-envelope metadata.tags']);
  });
});

describe('links', () => {
  test('have a full URL; title, icon and type are optional', () => {
    expect(problems(withMetadata({ links: [{ url: 'https://example.org', icon: 'kind:api', other: 1 }] }))).toEqual([]);
  });
  test.each([
    [[{ url: 'example.org/x' }], 'metadata.links[0].url'],
    [[{ title: 'x' }], 'metadata.links[0].url'],
    [[{ url: 'https://example.org', title: '' }], 'metadata.links[0].title'],
    [['https://example.org'], 'metadata.links[0]'],
    [null, 'metadata.links'],
  ])('%j is refused', (links, path) => {
    expect(problems(withMetadata({ links }))).toEqual([`error entity-envelope ${path}`]);
  });
});

describe('the rest of the envelope', () => {
  test('unknown fields beside spec are refused, in metadata and spec they are free', () => {
    const entity = { ...(JSON.parse(withMetadata({ extra: 1 })) as object), sepc: {}, relations: [] };
    expect(problems(JSON.stringify(entity))).toEqual(['error entity-envelope sepc', 'error entity-envelope relations']);
    expect(check(JSON.stringify(entity)).findings[0]?.fix).toBe('Did you mean spec?');
  });
  test.each(['v1', 'a.b/v1', 'backstage.io/v1alpha1'])('%s has the form of a version', (apiVersion) => {
    expect(problems(withSpec('Component', {}, apiVersion)).join()).not.toContain('entity-envelope');
  });
  test.each(['', '/v1', 'a/', 'A.b/v1', 'a/v-1', 'a/b/c', `a/${long(64)}`])('%j has not', (apiVersion) => {
    expect(problems(withSpec('Component', {}, apiVersion))[0]).toBe('error entity-envelope apiVersion');
  });
  test.each([[['x']], ['text'], [1]])('%j is not an entity', (value) => {
    expect(problems(JSON.stringify(value))).toEqual(['error not-an-entity ']);
  });
  test('missing metadata is said once', () => {
    expect(problems('apiVersion: backstage.io/v1alpha1\nkind: Group\nspec: {type: team, children: []}')).toEqual([
      'error entity-envelope metadata',
    ]);
  });
});

describe('kinds', () => {
  test.each([
    ['Component', { type: 'a', lifecycle: 'b', owner: 'c' }],
    ['API', { type: 'openapi', lifecycle: 'b', owner: 'c', definition: 'x' }],
    ['API', { type: 'openapi', lifecycle: 'b', owner: 'c', definition: { $text: './x.yaml' } }],
    ['API', { type: 'mcp-server', lifecycle: 'b', owner: 'c', remotes: [{ type: 'http', url: 'https://x.example' }] }],
    ['Resource', { type: 'a', owner: 'c' }],
    ['System', { owner: 'c' }],
    ['Domain', { owner: 'c', subdomainOf: 'd' }],
    ['Group', { type: 'team', children: [] }],
    ['User', { memberOf: [] }],
    ['Location', { targets: ['./x.yaml'], presence: 'optional' }],
    ['AiResource', { type: 'rule', lifecycle: 'b', owner: 'c', category: 'x', rationale: 'y' }],
    ['AiResource', { type: 'something-new', lifecycle: 'b', owner: 'c' }],
  ])('a right %s is valid', (kind, spec) => {
    const { entity, findings } = check(withSpec(kind, spec));
    expect(findings.filter((finding) => finding.severity === 'error')).toEqual([]);
    expect(entity).toBeDefined();
  });

  test.each([
    ['Component', { type: 'a', owner: 'c' }, 'spec.lifecycle'],
    ['Component', { type: 'a', lifecycle: 'b', owner: '' }, 'spec.owner'],
    ['Component', { type: 'a', lifecycle: 'b', owner: 'c', providesApis: 'x' }, 'spec.providesApis'],
    ['Component', { type: 'a', lifecycle: 'b', owner: 'c', dependsOn: [1] }, 'spec.dependsOn[0]'],
    ['API', { type: 'openapi', lifecycle: 'b', owner: 'c' }, 'spec.definition'],
    ['API', { type: 'mcp-server', lifecycle: 'b', owner: 'c' }, 'spec.remotes'],
    ['API', { type: 'mcp-server', lifecycle: 'b', owner: 'c', remotes: [] }, 'spec.remotes'],
    ['Group', { type: 'team' }, 'spec.children'],
    ['User', {}, 'spec.memberOf'],
    ['Location', { presence: 'sometimes' }, 'spec.presence'],
    ['AiResource', { type: 'plugin', lifecycle: 'b', owner: 'c' }, 'spec.skills'],
    ['Location', undefined, 'spec'],
  ])('a wrong %s names the field: %j', (kind, spec, path) => {
    expect(problems(withSpec(kind, spec))).toEqual([`error entity-schema ${path}`]);
  });

  test('templates have their own version', () => {
    const spec = { type: 'service', steps: [{ action: 'x' }], parameters: [] };
    expect(problems(withSpec('Template', spec, 'scaffolder.backstage.io/v1beta3'))).toEqual([]);
    expect(problems(withSpec('Template', spec))).toEqual(['error unknown-kind apiVersion']);
    expect(problems(withSpec('Template', { ...spec, parameters: null }, 'scaffolder.backstage.io/v1beta3'))).toEqual([
      'error entity-schema spec.parameters',
    ]);
  });

  test('kinds are matched by letter case, with a suggestion', () => {
    expect(check(withSpec('component', {})).findings[0]).toMatchObject({
      code: 'unknown-kind',
      fix: 'Did you mean Component?',
    });
  });

  test('a misspelt required field is recognised', () => {
    expect(check(withSpec('Component', { type: 'a', lifecylce: 'b', owner: 'c' })).findings[0]?.fix).toBe(
      'Did you mean lifecycle where lifecylce stands?',
    );
  });

  test('a foreign schema that is none is a fault', () => {
    const kind = { kind: 'Prop', apiVersions: ['theatre.example/v1'], description: '', relations: [] };
    expect(() => compileSpecCheck({ ...kind, spec: { type: 'thing' } })).toThrow();
    expect(() => compileSpecCheck({ ...kind, spec: { required: 'name' } })).toThrow();
  });

  test('a foreign kind may do without spec', () => {
    const own = prepareKinds([
      ...builtinKinds,
      { kind: 'Prop', apiVersions: ['theatre.example/v1'], description: 'A thing on stage.', spec: {}, relations: [] },
    ]);
    const [parsed] = parseDocuments('apiVersion: theatre.example/v1\nkind: Prop\nmetadata: {name: x}\n');
    expect(parsed?.ok && validateEntity(parsed.document, own)).toMatchObject({ findings: [], ref: 'prop:default/x' });
  });
});

test('a reference without a kind where none is assumed is a warning, not a loss', () => {
  const { entity, findings } = check(
    withSpec('Component', { type: 'a', lifecycle: 'b', owner: 'c', dependsOn: ['database', 'resource:ok'] }),
  );
  expect(entity).toBeDefined();
  expect(findings).toMatchObject([{ code: 'ref-unreadable', severity: 'warning', path: ['spec', 'dependsOn'] }]);
});

test('findings carry the ref and the place of the field', () => {
  const text = 'apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: Crew\nspec:\n  type: team\n';
  expect(check(text).findings).toMatchObject([
    { entityRef: 'group:default/crew', place: { line: 5, column: 1 }, message: 'spec.children is missing' },
  ]);
});

test('any document is judged without a fault, and judged valid only with a name and a kind', () => {
  const word = fc.constantFrom('Component', 'Group', 'backstage.io/v1alpha1', 'x', 'a:b/c', '', 'team');
  const field = fc.constantFrom(
    'apiVersion',
    'kind',
    'metadata',
    'spec',
    'name',
    'tags',
    'links',
    'owner',
    'type',
    '$text',
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      word,
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(field, tie('value'), { maxKeys: 5, noNullPrototype: true }),
    ),
  }));
  const entity = fc.record({
    apiVersion: fc.oneof({ weight: 5, arbitrary: fc.constant('backstage.io/v1alpha1') }, value),
    kind: fc.oneof({ weight: 5, arbitrary: fc.constantFrom('Group', 'User', 'Location') }, value),
    metadata: fc.oneof({ weight: 5, arbitrary: fc.record({ name: fc.oneof(word, value) }) }, value),
    spec: fc.oneof({ weight: 2, arbitrary: fc.constant({ type: 'team', children: [], memberOf: [] }) }, value),
  });
  fc.assert(
    fc.property(fc.oneof(entity, value), (document) => {
      const [parsed] = parseDocuments(JSON.stringify(document));
      if (!parsed?.ok) return;
      const checked = validateEntity(parsed.document, kinds);
      const hasErrors = checked.findings.some((finding) => finding.severity === 'error');
      expect(checked.entity === undefined).toBe(hasErrors);
      if (checked.entity) expect(checked.ref).toBe(entityRefOf(checked.entity));
    }),
    { numRuns: 1_000 },
  );
});
