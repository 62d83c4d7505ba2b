import { describe, expect, test } from 'vitest';
import { compiled, contextOf, fresh, outcomeOf, stale, subjectOf } from '../../test/support/expressions.ts';
import { compileExpression } from './expression.ts';

const service = subjectOf({
  metadata: { tags: ['go', 'grpc'], annotations: { 'backstage.io/techdocs-ref': 'dir:.' }, labels: {} },
  spec: { type: 'service', replicas: 3, ratio: 2.5, public: true, limits: { memory: '2Gi' }, ports: [80, 443] },
  relations: { ownedBy: ['group:default/payments'] },
  facts: {
    kubernetes: { 'image.age': fresh(12), 'image.tag': stale('v1'), ready: fresh(true) },
    completeness: { score: fresh(0.75), parts: fresh({ owner: true, docs: false, 'a.b': 1 }) },
  },
});

function expectAll(rows: readonly (readonly [source: string, outcome: true | false | 'unknown'])[]): void {
  const wrong = rows.filter(([source, outcome]) => outcomeOf(source, service) !== outcome);
  expect(wrong).toEqual([]);
}

describe('variables', () => {
  test('the entity, its shorthands, relations, facts, the ref and the principal can be read', () => {
    const context = contextOf('group:default/payments');
    const rows = [
      'kind == "Component" && entity.kind == kind',
      'apiVersion == "backstage.io/v1alpha1"',
      'metadata.name == "sample" && entity.metadata["name"] == metadata.name',
      'spec.type == "service" && entity.spec == spec',
      '"group:default/payments" in relations.ownedBy',
      'facts.kubernetes.image.age == 12 && facts["kubernetes"]["image"]["age"] == 12',
      'ref == "component:default/sample"',
      'principal.ref == "user:default/somebody" && "group:default/payments" in principal.claims',
    ];
    expect(rows.filter((source) => outcomeOf(source, service, context) !== true)).toEqual([]);
  });

  test('keys are own keys: nothing is read of what JavaScript adds to objects', () => {
    expectAll([
      ['spec.constructor == 1', 'unknown'],
      ['has(spec.toString)', false],
      ['"__proto__" in metadata.labels', false],
      ['has(facts.constructor)', false],
      ['has(relations.constructor)', false],
      ['facts.kubernetes.constructor == 1', 'unknown'],
    ]);
  });
});

describe('unknown', () => {
  test('what is absent, stale or has no meaning is unknown, and so is its opposite', () => {
    expectAll([
      ['spec.lifecycle == "production"', 'unknown'],
      ['!(spec.lifecycle == "production")', 'unknown'],
      ['spec.lifecycle != "production"', 'unknown'],
      ['spec.type.size.deeper == 1', 'unknown'],
      ['facts.kubernetes.image.tag == "v1"', 'unknown'],
      ['facts.prometheus.up == true', 'unknown'],
      ['spec.type < 3', 'unknown'],
      ['spec.replicas.startsWith("3")', 'unknown'],
      ['spec.ports[2] == 1', 'unknown'],
      ['spec.replicas / 0 == 1', 'unknown'],
      ['spec.type', 'unknown'],
      ['int(spec.type) == 1', 'unknown'],
      ['spec.type in spec.type', 'unknown'],
    ]);
  });

  test('values of different kinds are known not to be equal', () => {
    expectAll([
      ['spec.replicas == "3"', false],
      ['spec.replicas != "3"', true],
      ['spec.replicas == 3.0', true],
      ['spec.ratio == 2.5', true],
      ['spec.type == null', false],
      ['spec.ports == [80.0, 443]', true],
      ['spec.ports == [443, 80]', false],
      ['spec.limits == {"memory": "2Gi"}', true],
      ['spec.public == 1', false],
      ['spec.type in ["service", 3]', true],
      ['spec.replicas in ["3", 3.0]', true],
      ['443.0 in spec.ports', true],
      ['spec.lifecycle in []', 'unknown'],
    ]);
  });

  test('logic follows Kleene, whichever side is unknown', () => {
    expectAll([
      ['spec.no == 1 && kind == "API"', false],
      ['kind == "API" && spec.no == 1', false],
      ['spec.no == 1 && kind == "Component"', 'unknown'],
      ['spec.no == 1 || kind == "Component"', true],
      ['kind == "Component" || spec.no == 1', true],
      ['spec.no == 1 || kind == "API"', 'unknown'],
      ['spec.no == 1 ? true : true', 'unknown'],
      ['kind == "API" ? spec.no == 1 : true', true],
      ['(spec.type ? true : false) || true', true],
      ['spec.type && false', false],
      ['spec.type && true', 'unknown'],
    ]);
  });

  test('quantifiers absorb unknown where an element decides, the others do not', () => {
    expectAll([
      ['spec.ports.exists(p, p == 80 || p.no == 1)', true],
      ['spec.ports.exists(p, p == 443 && true || p / 0 == 1)', true],
      ['spec.ports.exists(p, p == 1 || p.no == 1)', 'unknown'],
      ['spec.ports.all(p, p == 80 && p.no == 1)', false],
      ['spec.ports.all(p, p > 0 || p.no == 1)', true],
      ['spec.ports.all(p, p > 80 || p.no == 1)', 'unknown'],
      ['spec.ports.exists_one(p, p == 80)', true],
      ['spec.ports.exists_one(p, p > 0)', false],
      ['spec.ports.exists_one(p, p == 80 || p.no == 1)', 'unknown'],
      ['spec.ports.filter(p, p > 80 || p.no == 1).size() == 1', 'unknown'],
      ['spec.ports.map(p, p.no).size() == 2', 'unknown'],
      ['spec.no.exists(p, true)', 'unknown'],
      ['[].all(p, p.no == 1)', true],
    ]);
  });

  test('has is known where the parent is a map, and not for stale facts', () => {
    expectAll([
      ['has(spec.type)', true],
      ['has(spec.lifecycle)', false],
      ['!has(spec.lifecycle)', true],
      ['has(spec.limits.memory)', true],
      ['has(spec.nothing.memory)', 'unknown'],
      ['has(spec.type.memory)', 'unknown'],
      ['has(relations.ownedBy)', true],
      ['has(relations.dependsOn)', false],
      ['has(facts.kubernetes)', true],
      ['has(facts.prometheus)', false],
      ['has(facts.prometheus.up)', 'unknown'],
      ['has(facts.kubernetes.image.age)', true],
      ['has(facts.kubernetes.image.digest)', false],
      ['has(facts.kubernetes.image.tag)', 'unknown'],
      ['has(facts.completeness.parts.owner)', true],
    ]);
    expect(outcomeOf('has(spec.type)', subjectOf())).toBe('unknown');
    expect(outcomeOf('has(entity.spec)', subjectOf())).toBe(false);
  });

  test('the reason is told', () => {
    const reason = (source: string): unknown => compiled(source).explain(service, contextOf());
    expect(reason('spec.lifecycle == "x"')).toEqual({ outcome: 'unknown', reason: 'spec.lifecycle is absent' });
    expect(reason('facts.kubernetes.image.tag == "x"')).toEqual({
      outcome: 'unknown',
      reason: 'facts.kubernetes.image.tag is stale or failed',
    });
    expect(reason('spec.replicas / 0 == 1')).toEqual({ outcome: 'unknown', reason: 'division by zero' });
    expect(reason('spec.type')).toEqual({ outcome: 'unknown', reason: 'the result is neither true nor false' });
    expect(reason('spec.type == "service"')).toEqual({ outcome: true });
  });

  test('optionals say what absence counts as; stale stays unknown', () => {
    expectAll([
      ['spec.?lifecycle.orValue("production") == "production"', true],
      ['spec[?"lifecycle"].hasValue()', false],
      ['spec.?type.value() == "service"', true],
      ['spec.?lifecycle.value() == "x"', 'unknown'],
      ['spec.?limits.?memory.orValue("") == "2Gi"', true],
      ['spec.?limits.memory.orValue("") == "2Gi"', true],
      ['spec.?nothing.?memory.orValue("none") == "none"', true],
      ['spec.?type.optMap(t, t + "!").orValue("") == "service!"', true],
      ['facts.?prometheus.?up.orValue(false)', false],
      ['facts.?kubernetes.?image.?tag.orValue("v0") == "v0"', 'unknown'],
      ['spec.?type.or(optional.of("x")).value() == "service"', true],
      ['optional.ofNonZeroValue("").hasValue()', false],
    ]);
  });
});

describe('facts', () => {
  test('dotted paths nest, and a key with a dot is found in either way', () => {
    expectAll([
      ['facts.kubernetes["image.age"] == 12', true],
      ['facts.completeness.parts["a.b"] == 1', true],
      ['facts[metadata.name == "sample" ? "kubernetes" : "x"].image.age == 12', true],
    ]);
  });

  test('a map of facts is unknown as a whole where any part of it is', () => {
    expectAll([
      ['facts.completeness.size() == 2', true],
      ['facts.completeness.all(name, name.size() > 3)', true],
      ['facts.completeness == {"score": 0.75, "parts": {"owner": true, "docs": false, "a.b": 1}}', true],
      ['facts.kubernetes.image == {"age": 12}', 'unknown'],
      ['facts.kubernetes.size() == 2', 'unknown'],
      ['"ready" in facts.kubernetes', true],
      ['"tag" in facts.kubernetes.image', 'unknown'],
      ['facts.size() == 2', 'unknown'],
      ['cel.bind(k, facts.kubernetes, k.ready && k.image.age > 10)', true],
    ]);
  });
});

describe('owns', () => {
  const owned = subjectOf({ relations: { ownedBy: ['group:default/payments'] } });

  test('is true where an owner is among the claims, false where none is, also where nobody owns', () => {
    expect(outcomeOf('owns(principal, entity)', owned, contextOf('group:default/payments'))).toBe(true);
    expect(outcomeOf('owns(principal, entity)', owned, contextOf('group:default/search'))).toBe(false);
    expect(outcomeOf('owns(principal, entity)', subjectOf(), contextOf('group:default/payments'))).toBe(false);
    expect(outcomeOf('!owns(principal, entity)', subjectOf(), contextOf())).toBe(true);
  });

  test('works inside other operators too', () => {
    expect(
      outcomeOf('owns(principal, entity) ? kind == "Component" : false', owned, contextOf('group:default/payments')),
    ).toBe(true);
  });
});

test('fields are the paths that an expression reads', () => {
  const fields = (source: string): unknown => compiled(source).fields;
  expect(fields('spec.type == "x" && entity.spec["type"] != "y"')).toEqual([['spec', 'type']]);
  expect(fields('has(metadata.annotations) && "a/b" in metadata.annotations')).toEqual([['metadata', 'annotations']]);
  expect(fields('owns(principal, entity)')).toEqual([['relations', 'ownedBy']]);
  expect(fields('metadata.tags.exists(spec, spec == kind)')).toEqual([['metadata', 'tags'], ['kind']]);
  expect(fields('entity == entity')).toEqual([[]]);
  expect(fields('1 == 1')).toEqual([]);
});

test('one expression evaluates many subjects without keeping anything of them', () => {
  const { evaluate } = compiled('spec.ports.exists(p, cel.bind(q, p * 2, q == n(0)))'.replace('n(0)', '160'));
  expect(
    [service, subjectOf({ spec: { ports: [1] } }), subjectOf(), service].map((each) => evaluate(each, contextOf())),
  ).toEqual([true, false, 'unknown', true]);
});

test('options tighten the limits', () => {
  expect(compileExpression('kind == "x"', { sourceBytes: 5 })).toMatchObject({
    ok: false,
    problem: { message: 'The expression is 11 bytes long; at most 5 are allowed.' },
  });
});
