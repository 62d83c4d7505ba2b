import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileExpression } from '../../cel/expression.ts';
import { testSubject } from '../../graph/predicate-test.ts';
import type { EvaluationContext, Predicate, Subject } from '../../model/predicate.ts';
import { criteriaOf } from './decision-conditions.ts';
import type { Criteria } from './permission-contracts.ts';
import { predicateOf } from './permission-rules.ts';

const principal = { ref: 'user:default/jo', claims: new Set(['user:default/jo', 'group:default/team']) };
const context: EvaluationContext = { principal };
const always: Predicate = { op: 'constant', value: true };

function compiled(source: string): Predicate {
  const result = compileExpression(source, {}, principal);
  if (!result.ok) throw new Error(`${source}: ${result.problem.message}`);
  return result.expression.predicate;
}

const tell = (source: string): Criteria => criteriaOf(compiled(source), principal, 'catalog.entity.delete');
const rule = (name: string, params: object): object => ({ rule: name, resourceType: 'catalog-entity', params });
const decision = rule('CALLBOARD_PERMISSION', { permission: 'catalog.entity.delete' });
const owner = rule('IS_ENTITY_OWNER', { claims: [...principal.claims] });

describe('a condition', () => {
  test.each([
    ['owns(principal, entity)', owner],
    ['!owns(principal, entity)', { not: owner }],
  ])('%s is told whole', (source, criteria) => {
    expect(tell(source)).toEqual(criteria);
  });

  test.each([
    ['kind == "API"', rule('IS_ENTITY_KIND', { kinds: ['API'] })],
    ['kind in ["API", "System"]', rule('IS_ENTITY_KIND', { kinds: ['API', 'System'] })],
    ['metadata.labels["a.b/c"] == "x"', rule('HAS_LABEL', { label: 'a.b/c', value: 'x' })],
    ['metadata.annotations.note == "x"', rule('HAS_ANNOTATION', { annotation: 'note', value: 'x' })],
    ['metadata.namespace == "x"', rule('HAS_METADATA', { key: 'namespace', value: 'x' })],
    [
      'spec.type in ["a", "b"]',
      { anyOf: [rule('HAS_SPEC', { key: 'type', value: 'a' }), rule('HAS_SPEC', { key: 'type', value: 'b' })] },
    ],
    ['owns(principal, entity) && spec.score > 3', { allOf: [owner] }],
  ])('%s is told as far as it goes, beside the decision', (source, criteria) => {
    expect(tell(source)).toEqual({ allOf: [criteria, decision] });
  });

  test.each([
    'spec.score > 3',
    'kind != "API"',
    '!(kind == "API")',
    'owns(principal, entity) || spec.score > 3',
    'spec.score == 3',
    `spec.type == "${'x'.repeat(201)}"`,
  ])('%s is the decision alone', (source) => {
    expect(tell(source)).toEqual(decision);
  });
});

const leaf = fc.constantFrom(
  'kind == "Component"',
  'kind in ["api", "API"]',
  'owns(principal, entity)',
  'spec.lifecycle == "production"',
  'spec.lifecycle != "production"',
  'spec.type in ["a", "B"]',
  'spec.nested.deep == "x"',
  'spec.score > 1',
  'has(spec.type)',
  'metadata.labels.tier == "low"',
  'metadata.annotations["a.b/c"] == "Yes"',
  '"x" in metadata.tags',
);
const { source: sources } = fc.letrec<{ source: string }>((tie) => ({
  source: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.tuple(tie('source'), tie('source')).map(([a, b]) => `(${a} && ${b})`),
    fc.tuple(tie('source'), tie('source')).map(([a, b]) => `(${a} || ${b})`),
    tie('source').map((a) => `!(${a})`),
  ),
}));

const maybe = <Value>(...values: readonly Value[]): fc.Arbitrary<Value | undefined> =>
  fc.constantFrom<(Value | undefined)[]>(undefined, ...values);
const subjects: fc.Arbitrary<Subject> = fc
  .record({
    kind: fc.constantFrom('Component', 'API', 'component'),
    owner: fc.constantFrom<string[][]>([], ['group:default/team'], ['group:default/other']),
    lifecycle: maybe('production', 'Production', 'old'),
    type: maybe('a', 'A', 'b', 'B'),
    nested: maybe({ deep: 'x' }, { deep: 'X' }, { Deep: 'x' }),
    score: maybe<number | string>(1, 2, 'x'),
    labels: maybe({ tier: 'low' }, { tier: 'LOW' }, { Tier: 'low' }),
    annotations: maybe({ 'a.b/c': 'Yes' }, { 'A.b/c': 'yes' }),
    tags: maybe(['x'], ['y']),
  })
  .map(({ kind, owner, labels, annotations, tags, ...spec }) => {
    const metadata = { name: 'n', namespace: 'default', ...defined({ labels, annotations, tags }) };
    const entity = { apiVersion: 'v1', kind, metadata, spec: defined(spec) };
    return { ref: 'component:default/n', entity, relations: owner.length > 0 ? { ownedBy: owner } : {}, facts: {} };
  });

function defined(values: Readonly<Record<string, unknown>>): Record<string, never> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Record<string, never>;
}

test('whatever the condition: with the decision it says the same, and its Backstage rules leave nothing out', () => {
  fc.assert(
    fc.property(sources, subjects, (source, subject) => {
      const condition = compiled(source);
      const isTrue = testSubject(condition, subject, context) === true;
      const criteria = criteriaOf(condition, principal, 'catalog.entity.delete');
      const exact = predicateOf(criteria, () => condition);
      expect(testSubject(exact, subject, context) === true).toBe(isTrue);
      const wide = predicateOf(criteria, () => always);
      if (isTrue) expect(testSubject(wide, subject, context)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
