import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/model/json.ts';
import type { Predicate } from '../../src/model/predicate.ts';
import type { Write } from '../../src/store/store.ts';
import type { SortOrder, VolatileFact } from '../../src/graph/view.ts';
import { compiled } from './expressions.ts';

/** One step of a random history of a catalog. */
export type ScriptStep =
  | { readonly do: 'commit'; readonly writes: readonly Write[] }
  | {
      readonly do: 'volatile';
      readonly collector: string;
      readonly source: string;
      readonly lastsMs: number;
      readonly facts: readonly VolatileFact[];
    }
  | { readonly do: 'wait'; readonly ms: number };

/** The moment at which a script starts, ms. */
export const SCRIPT_START = 1_000_000;

const long = 'x'.repeat(250);
const names = ['ada', 'bob', 'Cy', 'dee', 'e-1'];
const kinds = ['Component', 'Group', 'User', 'System'];
const refs = kinds.flatMap((kind) => names.map((name) => `${kind}:default/${name}`.toLowerCase()));

const scalar: fc.Arbitrary<JsonValue> = fc.constantFrom<JsonValue>(
  0,
  1,
  2,
  2.5,
  true,
  false,
  null,
  'a',
  'A',
  'b',
  'ab',
  '1',
  '',
  long,
);
const value: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 4, arbitrary: scalar },
  fc.constantFrom<JsonValue>(
    [],
    {},
    ['a', 'b'],
    ['A', 1, null],
    ['1', 1, true, 'true'],
    [long],
    { k: 'a' },
    { k: 1, l: [] },
    { k: { m: 'a' } },
    [{ k: 'a' }, { k: 1 }],
    [['a']],
    [{ k: ['A'] }],
    { k: ['a', { m: 1 }] },
  ),
);

const ref = fc.constantFrom(...refs);
const spec = fc.record(
  {
    p: value,
    q: value,
    owner: fc.constantFrom('ada', 'group:bob', 'user:default/ada', 'Group:Cy'),
    dependsOn: fc.array(ref, { maxLength: 3 }),
    dependencyOf: fc.array(ref, { maxLength: 2 }),
    memberOf: fc.array(fc.constantFrom('ada', 'bob'), { maxLength: 2 }),
    members: fc.array(fc.constantFrom('ada', 'dee'), { maxLength: 2 }),
    parent: fc.constantFrom('ada', 'bob', 'cy'),
    children: fc.array(fc.constantFrom('ada', 'dee'), { maxLength: 2 }),
  },
  { requiredKeys: [] },
);
const metadata = fc.record(
  {
    title: fc.constantFrom('One', 'one', 'Two', long),
    etag: fc.constant('own'),
    tags: fc.array(fc.constantFrom('java', 'Go', 'c.d'), { maxLength: 3 }),
    labels: fc.record({ l: fc.constantFrom('a', 'B') }, { requiredKeys: [] }),
    annotations: fc.constantFrom<JsonObject>({ 'a.b/c': 'v' }, { a: 'x', 'a.b/c': 'w' }, {}),
    links: fc.constantFrom<JsonValue>([{ url: 'u', title: 'T' }, { url: 'v' }], []),
  },
  { requiredKeys: [] },
);

let contents = 0;
const putEntity: fc.Arbitrary<Write> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    name: fc.constantFrom(...names),
    metadata,
    spec: fc.option(spec, { nil: undefined }),
  })
  .map((parts): Write => {
    const { kind, name } = parts;
    const body = {
      apiVersion: 'v1',
      kind,
      metadata: { name, namespace: 'default', ...parts.metadata },
      ...(parts.spec && { spec: parts.spec }),
    };
    contents += 1;
    const hash = `${contents}`;
    const entityRef = `${kind}:default/${name}`.toLowerCase();
    return {
      op: 'putEntity',
      entity: { ref: entityRef, body: JSON.stringify(body), hash, location: `file:/${name}`, source: 's', line: 1 },
    };
  });
const deleteEntity = ref.map((one): Write => {
  return { op: 'deleteEntity', ref: one, location: `file:/${one.split('/')[1] === 'cy' ? 'Cy' : one.split('/')[1]}` };
});

const collector = fc.constantFrom('c', 'd');
const source = fc.constantFrom('s1', 's2');
const path = fc.constantFrom('v', 'v.k', 'n.m', 'n.o', 'w');
const putFact = fc
  .record({
    entityRef: ref,
    collector,
    path,
    value,
    source,
    error: fc.option(fc.constant('no answer'), { nil: undefined, freq: 5 }),
  })
  .map((fact): Write => {
    const { error, ...rest } = fact;
    return { op: 'putFact', fact: { ...rest, observedAt: 1, ...(error === undefined ? {} : { error }) } };
  });
const deleteFact = fc.record({ entityRef: ref, collector, path }).map((key): Write => ({ op: 'deleteFact', ...key }));
const putLease = fc
  .record({ collector, source, lastsMs: fc.constantFrom(-10, 1_000, 5_000, 50_000) })
  .map(({ lastsMs, ...key }): Write => ({
    op: 'putLease',
    lease: { ...key, lastSuccessAt: 1, expiresAt: SCRIPT_START + lastsMs },
  }));
const deleteLease = fc.record({ collector, source }).map((key): Write => ({ op: 'deleteLease', ...key }));
const putProblem = fc
  .record({ id: fc.constantFrom('p1', 'p2', 'p3'), entityRef: fc.option(ref, { nil: undefined }) })
  .map(({ id, entityRef }): Write => {
    const problem = {
      id,
      source: 's',
      location: 'file:/ada',
      code: 'x',
      severity: 'error',
      message: 'm',
      since: 1,
    } as const;
    return { op: 'putProblem', problem: entityRef === undefined ? problem : { ...problem, entityRef } };
  });
const deleteProblem = fc.constantFrom('p1', 'p2').map((id): Write => ({ op: 'deleteProblem', id }));
const putLocation = fc.constantFrom(...names).map((name): Write => {
  return {
    op: 'putLocation',
    location: { ref: `file:/${name}`, source: 's', fingerprint: 'f', entities: 1, changedAt: 1 },
  };
});

const write = fc.oneof(
  { weight: 8, arbitrary: putEntity },
  { weight: 2, arbitrary: deleteEntity },
  { weight: 5, arbitrary: putFact },
  { weight: 1, arbitrary: deleteFact },
  { weight: 3, arbitrary: putLease },
  deleteLease,
  putProblem,
  deleteProblem,
  putLocation,
);

const volatile = fc
  .record({
    collector,
    source,
    lastsMs: fc.constantFrom(0, 2_000, 40_000),
    facts: fc.array(fc.record({ entityRef: ref, path, value: fc.constantFrom(1, 2, 'a', true, null, undefined) }), {
      maxLength: 4,
    }),
  })
  .map((step): ScriptStep => ({ do: 'volatile', ...step }));

/** A random history of a small catalog: writes, volatile facts, and time that passes. */
export const script: fc.Arbitrary<readonly ScriptStep[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .array(write, { minLength: 1, maxLength: 12 })
        .map((writes): ScriptStep => ({ do: 'commit', writes })),
    },
    { weight: 2, arbitrary: volatile },
    { weight: 1, arbitrary: fc.constantFrom(500, 3_000, 20_000).map((ms): ScriptStep => ({ do: 'wait', ms })) },
  ),
  { minLength: 1, maxLength: 8 },
);

/** Dotted keys of Backstage's kind that mean something in such a catalog, and some that do not. */
export const fieldKeys: readonly string[] = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.Title',
  'metadata.etag',
  'metadata.uid',
  'metadata.tags',
  'metadata.tags.java',
  'metadata.tags.go',
  'metadata.tags.c.d',
  'metadata.labels.l',
  'metadata.labels',
  'metadata.annotations.a.b/c',
  'metadata.links.url',
  'spec',
  'spec.p',
  'spec.q',
  'spec.p.k',
  'spec.p.a',
  'spec.p.k.m',
  'spec.P.K.a',
  'spec.owner',
  'relations.ownedBy',
  'relations.dependsOn',
  'relations.dependencyof',
  'relations',
  'facts.c.v',
  'facts.c.v.k',
  'facts.d.n.m',
  'facts.c.v.a',
  'facts.c.w',
  'facts.c',
  'nothing.here',
];

const fieldValue = fc.constantFrom(
  'a',
  'A'.toLowerCase(),
  'b',
  '1',
  '2.5',
  'true',
  'false',
  '',
  'one',
  'component',
  'group',
  'default',
  'go',
  'u',
  'v',
  'w',
  long,
  'null',
  ...refs.slice(0, 8),
);
const key = fc.constantFrom(...fieldKeys);
const fieldLeaf: fc.Arbitrary<Predicate> = fc.oneof(
  key.map((one): Predicate => ({ op: 'field', key: one })),
  fc
    .tuple(key, fc.array(fieldValue, { minLength: 1, maxLength: 3 }))
    .map(([one, values]): Predicate => ({ op: 'field', key: one, values })),
  fc
    .tuple(key, fc.constantFrom('', 'a', 'tr', 'on', 'group:'))
    .map(([one, prefix]): Predicate => ({ op: 'fieldPrefix', key: one, prefix })),
  fc
    .tuple(fc.array(key, { minLength: 1, maxLength: 3 }), fc.constantFrom('a', 'e', 'ow', 'rue'))
    .map(([keys, term]): Predicate => ({ op: 'fieldText', keys, term })),
);

const celPath = fc.constantFrom(
  'kind',
  'metadata',
  'metadata.name',
  'metadata.title',
  'metadata.tags',
  'metadata.labels',
  'metadata.labels.l',
  'metadata.annotations["a.b/c"]',
  'metadata.annotations',
  'metadata.links',
  'metadata.links.url',
  'metadata.etag',
  'spec',
  'spec.p',
  'spec.q',
  'spec.p.k',
  'spec.p.k.m',
  'spec.nothing',
  'relations.ownedBy',
  'relations.dependsOn',
  'relations.nothing',
  'facts.c.v',
  'facts.c.v.k',
  'facts.c.v.k.m',
  'facts.d.n',
  'facts.d.n.m',
  'facts.c.w',
  'facts.c',
  'facts.c["v.k"]',
  'entity.spec.p',
);
const celLiteral = fc.constantFrom(
  '0',
  '1',
  '2',
  '2.5',
  '-1',
  'true',
  'false',
  'null',
  '"a"',
  '"A"',
  '"b"',
  '"k"',
  '"ab"',
  '""',
  '"1"',
  `"${long}"`,
  '"component:default/ada"',
  '"group:default/ada"',
  '"java"',
  '"a.b/c"',
  '"v.k"',
  '"m"',
  '"w"',
);
const numberComparison = fc
  .tuple(
    fc.constantFrom('spec.p', 'facts.c.v', 'facts.c.w'),
    fc.constantFrom('<', '<=', '>', '>='),
    fc.constantFrom('0', '1', '2', '2.5', '"a"'),
  )
  .map(([a, op, b]) => `${a} ${op} ${b}`);
const celLeafSource = fc.oneof(
  numberComparison,
  fc
    .tuple(celPath, fc.constantFrom('==', '!=', '<', '<=', '>', '>='), celLiteral)
    .map(([a, op, b]) => `${a} ${op} ${b}`),
  fc.tuple(celPath, fc.array(celLiteral, { maxLength: 3 })).map(([a, list]) => `${a} in [${list.join(', ')}]`),
  fc.tuple(celLiteral, celPath).map(([a, b]) => `${a} in ${b}`),
  celPath
    .filter((one) => one.includes('.') || one.includes('['))
    .map((one) => `has(${one})`)
    .filter((one) => !one.includes('["')),
  fc
    .tuple(
      celPath,
      fc.constantFrom('startsWith', 'endsWith', 'contains', 'matches'),
      fc.constantFrom('"a"', '""', '"A"', '"."'),
    )
    .map(([a, fn, b]) => `${a}.${fn}(${b})`),
  celPath.filter(
    (one) =>
      !['kind', 'metadata', 'spec', 'relations.ownedBy', 'relations.dependsOn', 'relations.nothing'].includes(one),
  ),
  fc.constantFrom(
    'owns(principal, entity)',
    'size(metadata.tags) > 1',
    'ref.startsWith("c")',
    'spec.p == spec.q',
    'metadata.tags.exists(t, t == "java")',
  ),
);

/** A random condition in CEL that compiles, as its predicate. */
export const celLeaf: fc.Arbitrary<Predicate> = celLeafSource.map(compiledOrTrue);

function compiledOrTrue(text: string): Predicate {
  try {
    return compiled(text).predicate;
  } catch {
    // The type checker refuses some combinations (`kind < 1`); they are no conditions.
    return { op: 'constant', value: 'unknown' };
  }
}

/** A random condition of both families. */
export const condition: fc.Arbitrary<Predicate> = fc.letrec<{ condition: Predicate }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    { weight: 3, arbitrary: celLeaf },
    { weight: 3, arbitrary: fieldLeaf },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Predicate>({ op: 'constant', value: true }, { op: 'constant', value: 'unknown' }),
    },
    {
      weight: 2,
      arbitrary: fc.array(tie('condition'), { maxLength: 3 }).map((args): Predicate => ({ op: 'and', args })),
    },
    {
      weight: 2,
      arbitrary: fc.array(tie('condition'), { maxLength: 3 }).map((args): Predicate => ({ op: 'or', args })),
    },
    { weight: 1, arbitrary: tie('condition').map((arg): Predicate => ({ op: 'not', arg })) },
  ),
})).condition;

/** A random order, or none. */
export const order: fc.Arbitrary<SortOrder | undefined> = fc.option(
  fc.record({
    path: fc.constantFrom(
      'metadata.title',
      'metadata.name',
      'spec.p',
      'SPEC.p',
      'spec.p.k',
      'metadata.tags',
      'facts.c.v',
      'relations.ownedBy',
      'no.such',
    ),
    direction: fc.constantFrom('asc', 'desc'),
  }),
  { nil: undefined },
);

const denseNames = Array.from({ length: 10 }, (_, index) => `e-${index}`);
const denseFact = fc
  .record({
    entityRef: fc.constantFrom(...denseNames.slice(0, 6).map((name) => `component:default/${name}`)),
    collector,
    path,
    value,
    source,
    fails: fc.nat(5),
  })
  .map(({ fails, ...fact }): Write => {
    return { op: 'putFact', fact: { ...fact, observedAt: 1, ...(fails === 0 ? { error: 'no answer' } : {}) } };
  });

/** One commit of ten components that all have something at the same paths, most with facts, some of them stale. */
export const denseCatalog: fc.Arbitrary<ScriptStep> = fc
  .record({
    values: fc.tuple(...denseNames.map(() => value)),
    facts: fc.array(denseFact, { minLength: 4, maxLength: 24, size: 'max' }),
    leases: fc.array(putLease, { maxLength: 12, size: 'max' }),
  })
  .map(({ values, facts, leases }): ScriptStep => {
    const entities = denseNames.map((name, index): Write => {
      const p = values[index] ?? null;
      const body = { apiVersion: 'v1', kind: 'Component', metadata: { name, namespace: 'default' }, spec: { p } };
      const entity = { ref: `component:default/${name}`, body: JSON.stringify(body), hash: JSON.stringify(body) };
      return { op: 'putEntity', entity: { ...entity, location: `file:/${name}`, source: 's', line: 1 } };
    });
    return { do: 'commit', writes: [...entities, ...leases, ...facts] };
  });

/** One test of one path, of either family. */
export const leaf: fc.Arbitrary<Predicate> = fc.oneof(
  { weight: 3, arbitrary: celLeaf },
  { weight: 2, arbitrary: fieldLeaf },
);

/** Who looks: everybody, nobody, or those that a condition shows. */
export const who: fc.Arbitrary<'all' | 'none' | Predicate> = fc.oneof(
  { weight: 2, arbitrary: fc.constant('all' as const) },
  { weight: 1, arbitrary: fc.constant('none' as const) },
  { weight: 5, arbitrary: condition },
);
