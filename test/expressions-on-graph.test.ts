import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileExpression } from '../src/cel/expression.ts';
import type { Subject } from '../src/model/predicate.ts';
import type { Write } from '../src/store/store.ts';
import { SCRIPT_START } from './support/catalog-script.ts';
import { randomExpression, randomSubject } from './support/random-expressions.ts';
import { ScriptedCatalog } from './support/scripted-catalog.ts';

const principal = { ref: 'user:default/a', claims: new Set(['a', 'group:default/a']) };

function writesOf(subject: Subject, index: number): Write[] {
  const ref = `component:default/e${index}`;
  const { entity, facts } = subject;
  const body = JSON.stringify({
    ...entity,
    kind: 'Component',
    metadata: { ...entity.metadata, name: `e${index}` },
    ...(entity.spec ? { spec: { ...entity.spec, ...(subject.relations['ownedBy'] ? { owner: 'a' } : {}) } } : {}),
  });
  const writes: Write[] = [
    { op: 'putEntity', entity: { ref, body, hash: body, location: 'file:/e', source: 's', line: 1 } },
  ];
  for (const [collector, values] of Object.entries(facts)) {
    for (const [path, { value, unknown }] of Object.entries(values)) {
      const source = unknown ? 'unseen' : 'seen';
      writes.push({
        op: 'putFact',
        fact: { entityRef: ref, collector, path, value, source, observedAt: SCRIPT_START },
      });
    }
  }
  return writes;
}

test('a graph answers an expression as its evaluation on each entity does', async () => {
  const leases: Write[] = ['k', 'l'].map((collector) => ({
    op: 'putLease',
    lease: { collector, source: 'seen', lastSuccessAt: SCRIPT_START, expiresAt: SCRIPT_START + 3_600_000 },
  }));
  const subjects = fc.array(randomSubject, { minLength: 1, maxLength: 12 });
  const sources = fc.array(randomExpression({ own: true }), { minLength: 12, maxLength: 12 });
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(subjects, sources, async (all, expressions) => {
      const catalog = await new ScriptedCatalog().open();
      try {
        await catalog.do({ do: 'commit', writes: [...leases, ...all.flatMap(writesOf)] });
        const view = catalog.graph.view({ kind: 'all', key: 'all', principal });
        for (const source of expressions) {
          const compiled = compileExpression(source);
          if (!compiled.ok) continue;
          asked += 1;
          const { predicate, evaluate } = compiled.expression;
          const outcomes = all.map((_, index) =>
            evaluate(view.subject(view.find(`component:default/e${index}`) ?? -1), { principal }),
          );
          const answer = view.list({ where: predicate, limit: 0 });
          expect({ source, true: answer.total, unknown: answer.unknown }).toEqual({
            source,
            true: outcomes.filter((outcome) => outcome === true).length,
            unknown: outcomes.filter((outcome) => outcome === 'unknown').length,
          });
        }
      } finally {
        await catalog.close();
      }
    }),
    { numRuns: 150 },
  );
  expect(asked).toBeGreaterThan(500);
});
