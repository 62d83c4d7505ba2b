import { describe, expect, test } from 'vitest';
import { compiled, contextOf, subjectOf } from '../../test/support/expressions.ts';
import type { Predicate, PrincipalContext } from '../model/predicate.ts';
import { compileExpression } from './expression.ts';

/** The tree without its functions, as text. */
function shape(source: string, principal?: PrincipalContext): unknown {
  const result = compileExpression(source, {}, principal);
  return result.ok ? plain(result.expression.predicate) : result.problem.message;
}

function plain(predicate: Predicate): unknown {
  switch (predicate.op) {
    case 'and':
    case 'or':
      return [predicate.op, ...predicate.args.map(plain)];
    case 'not':
      return ['not', plain(predicate.arg)];
    case 'constant':
      return predicate.value;
    case 'compare':
      return `${predicate.path.join('/')} ${predicate.cmp} ${JSON.stringify(predicate.value)}`;
    case 'oneOf':
      return `${predicate.path.join('/')} in ${JSON.stringify(predicate.values)}`;
    case 'member':
      return `${JSON.stringify(predicate.value)} in ${predicate.path.join('/')}`;
    case 'has':
      return `has ${predicate.path.join('/')}`;
    case 'text':
      return `${predicate.path.join('/')} ${predicate.fn} ${predicate.arg}`;
    case 'scan':
      return `scan ${predicate.source}`;
    default:
      return predicate.op;
  }
}

describe('what an index can answer becomes a leaf of its own', () => {
  test('comparisons with a constant, on either side, from any variable', () => {
    expect(shape('spec.type == "service"')).toBe('spec/type == "service"');
    expect(shape('entity.spec["type"] != "service"')).toBe('spec/type != "service"');
    expect(shape('3 < spec.replicas')).toBe('spec/replicas > 3');
    expect(shape('3.0 >= spec.replicas')).toBe('spec/replicas <= 3');
    expect(shape('spec.x == -2.5')).toBe('spec/x == -2.5');
    expect(shape('null == spec.x')).toBe('spec/x == null');
    expect(shape('kind == "Component"')).toBe('kind == "Component"');
    expect(shape('facts.kubernetes.image.age > 1 + 2')).toBe('facts/kubernetes/image/age > 3');
    expect(shape('metadata.annotations["a.b/c"] == "x" + "y"')).toBe('metadata/annotations/a.b/c == "xy"');
  });

  test('membership, presence, text and ownership', () => {
    expect(shape('spec.type in ["a", 1, 2.0, null, true]')).toBe('spec/type in ["a",1,2,null,true]');
    expect(shape('"x" in metadata.tags')).toBe('"x" in metadata/tags');
    expect(shape('"group:default/a" in relations.ownedBy')).toBe('"group:default/a" in relations/ownedBy');
    expect(shape('has(spec.owner)')).toBe('has spec/owner');
    expect(shape('has(entity.spec)')).toBe('has spec');
    expect(shape('metadata.name.startsWith("a")')).toBe('metadata/name startsWith a');
    expect(shape('metadata.name.endsWith("a")')).toBe('metadata/name endsWith a');
    expect(shape('metadata.name.contains("a")')).toBe('metadata/name contains a');
    expect(shape('metadata.name.matches("^a")')).toBe('metadata/name matches ^a');
    expect(shape('owns(principal, entity)')).toBe('owns');
  });

  test('a bare path is an order with true: text at the path is then unknown, not false', () => {
    expect(shape('spec.public')).toBe('spec/public >= true');
    expect(shape('!spec.public')).toEqual(['not', 'spec/public >= true']);
  });

  test('logic is a flat tree', () => {
    expect(shape('kind == "a" && kind == "b" && (kind == "c" || !has(spec.x))')).toEqual([
      'and',
      'kind == "a"',
      'kind == "b"',
      ['or', 'kind == "c"', ['not', 'has spec/x']],
    ]);
    expect(shape('!!(kind == "a")')).toBe('kind == "a"');
  });
});

describe('the rest is evaluated on each entity', () => {
  test.each([
    'spec.a == spec.b',
    'spec.a + 1 == 2',
    'spec.list[0] == 1',
    'metadata.tags.exists(t, t == "x")',
    'ref == "component:default/a"',
    'principal.ref == "user:default/a"',
    'spec.x in [[1]]',
    'spec.x == [1]',
    'spec.x == 1.0 / 0.0',
    'facts.kubernetes["image.age"] == 1',
    'spec.?x.orValue(1) == 1',
    'kind == "a" ? spec.x == 1 : spec.y == 1',
    'metadata.name.startsWith(kind)',
    'facts == {}',
  ])('%s', (source) => {
    expect(shape(source)).toBe(`scan ${source}`);
  });
});

describe('what depends on nothing is computed once', () => {
  test('constants fold, also through logic', () => {
    expect(shape('1 + 1 == 2')).toBe(true);
    expect(shape('[1, 2, 3].map(x, x * 2) == [2, 4, 6]')).toBe(true);
    expect(shape('1 / 0 == 1')).toBe('unknown');
    expect(shape('kind == "a" && 1 == 1')).toBe('kind == "a"');
    expect(shape('kind == "a" && 1 == 2')).toBe(false);
    expect(shape('kind == "a" || 1 == 1')).toBe(true);
    expect(shape('kind == "a" && 1 / 0 == 1')).toEqual(['and', 'kind == "a"', 'unknown']);
    expect(shape('!(1 == 2)')).toBe(true);
    expect(shape('1 / 0 == 1 && 2 / 0 == 1')).toEqual(['and', 'unknown', 'unknown']);
  });
});

describe('for one principal', () => {
  const { principal } = contextOf('group:default/a', 'group:default/b');

  test('what it is and belongs to are constants, which indexes look up', () => {
    expect(shape('spec.owner in principal.claims', principal)).toBe(
      'spec/owner in ["group:default/a","group:default/b"]',
    );
    expect(shape('principal.ref in spec.reviewers', principal)).toBe('"user:default/somebody" in spec/reviewers');
    expect(shape('"group:default/a" in principal.claims', principal)).toBe(true);
    expect(shape('principal.claims.exists(claim, claim.endsWith("/c")) || kind == "API"', principal)).toBe(
      'kind == "API"',
    );
    expect(shape('principal == {"ref": "user:default/nobody", "claims": []}', principal)).toBe(false);
    expect(shape('owns(principal, entity)', principal)).toBe('owns');
  });

  test('the outcome is that principal\u2019s, and the paths are told as ever', () => {
    const result = compileExpression('principal.ref == spec.lead', {}, principal);
    if (!result.ok) throw new Error(result.problem.message);
    const led = subjectOf({ spec: { lead: 'user:default/somebody' } });
    expect(result.expression.evaluate(led, { principal: { ref: 'user:default/other', claims: new Set() } })).toBe(true);
    expect(result.expression.fields).toEqual([
      ['principal', 'ref'],
      ['spec', 'lead'],
    ]);
  });
});

test('the test of a text leaf is what the leaf says of text', () => {
  const { predicate } = compiled('metadata.name.matches("^a.c$")');
  expect(predicate.op === 'text' && [predicate.test('abc'), predicate.test('abcd')]).toEqual([true, false]);
});
