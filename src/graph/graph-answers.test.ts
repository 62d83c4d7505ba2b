import fc from 'fast-check';
import { expect, test } from 'vitest';
import { condition, denseCatalog, fieldKeys, leaf, order, script, who } from '../../test/support/catalog-script.ts';
import { ScriptedCatalog, visibilityOf, withCatalog } from '../../test/support/scripted-catalog.ts';
import type { RenderedEntity } from '../model/entity.ts';
import { EVERYTHING } from '../model/predicate.ts';
import type { Graph } from './graph.ts';
import type { View } from './view.ts';

const refsOf = (view: View, ids: readonly number[]): string[] => ids.map((id) => view.refOf(id));

test('a list has the entities, totals and unknown counts of a plain scan, in order', async () => {
  const cases = fc.record({ steps: script, who, where: condition, order });
  const check = fc.asyncProperty(cases, (input) =>
    withCatalog(input.steps, (catalog, plain) => {
      const visibility = visibilityOf(input.who, plain);
      const view = catalog.graph.view(visibility);
      const result = view.list({ where: input.where, order: input.order, limit: 100 });
      const outcomes = [...plain.outcomes(visibility, input.where).values()];
      expect(refsOf(view, result.ids)).toEqual(plain.list(visibility, input.where, input.order));
      expect(result.total).toBe(result.ids.length);
      expect(result.unknown).toBe(outcomes.filter((outcome) => outcome === 'unknown').length);
      const explained = view.explain(input.where);
      expect([explained.true, explained.unknown]).toEqual([result.total, result.unknown]);
    }),
  );
  await fc.assert(check, { numRuns: 150 });
});

test('each kind of test on a path is answered as evaluation answers it', async () => {
  const cases = fc.record({
    catalog: denseCatalog,
    waits: fc.boolean(),
    leaves: fc.array(leaf, { minLength: 20, maxLength: 20 }),
  });
  const check = fc.asyncProperty(cases, ({ catalog: step, waits, leaves }) =>
    withCatalog(waits ? [step, { do: 'wait', ms: 2_000 }] : [step], (catalog, plain) => {
      const visibility = visibilityOf('all', plain);
      const view = catalog.graph.view(visibility);
      for (const where of leaves) {
        const expected = [...plain.outcomes(visibility, where)];
        const refs = (outcome: unknown): string[] => expected.filter(([, is]) => is === outcome).map(([ref]) => ref);
        const result = view.list({ where, limit: 100 });
        expect(refsOf(view, result.ids), JSON.stringify(where)).toEqual(refs(true).sort());
        const opposite = view.list({ where: { op: 'not', arg: where }, limit: 100 });
        expect(refsOf(view, opposite.ids), JSON.stringify(where)).toEqual(refs(false).sort());
        expect(result.unknown).toBe(refs('unknown').length);
      }
    }),
  );
  await fc.assert(check, { numRuns: 60 });
});

test('facets count what a plain scan counts', async () => {
  const cases = fc.record({ steps: script, who, where: fc.option(condition, { nil: EVERYTHING }) });
  const check = fc.asyncProperty(cases, (input) =>
    withCatalog(input.steps, (catalog, plain) => {
      const visibility = visibilityOf(input.who, plain);
      const facets = catalog.graph.view(visibility).facets(fieldKeys, input.where);
      for (const path of fieldKeys) expect(facets.get(path), path).toEqual(plain.facet(visibility, input.where, path));
    }),
  );
  await fc.assert(check, { numRuns: 60 });
});

test('every reading of an entity shows only what may be seen of it', async () => {
  const check = fc.asyncProperty(script, who, (steps, person) =>
    withCatalog(steps, (catalog, plain) => {
      const visibility = visibilityOf(person, plain);
      const view = catalog.graph.view(visibility);
      const visible = plain.visible(visibility);
      for (const ref of plain.subjects.keys()) {
        const id = view.find(ref);
        expect(id !== undefined).toBe(visible.has(ref));
        if (id === undefined) continue;
        const seen = plain.seen(ref, visible);
        const { ref: ownRef, entity, relations, facts } = view.subject(id);
        expect({ ref: ownRef, entity, relations }).toEqual({ ref, entity: seen.entity, relations: seen.relations });
        expect(Object.keys(facts)).toEqual(expect.arrayContaining(Object.keys(seen.facts)));
        const rendered = JSON.parse(Buffer.from(view.bytes(id)).toString()) as RenderedEntity;
        expect(rendered.relations).toEqual(view.relations(id).map(({ type, targetRef }) => ({ type, targetRef })));
        expect({
          ...rendered,
          relations: undefined,
          status: undefined,
          metadata: { ...rendered.metadata, etag: entity.metadata.etag },
        }).toEqual({ ...seen.entity, relations: undefined });
        for (const { type, targetRef, exists } of view.relations(id)) {
          expect(seen.relations[type]).toContain(targetRef);
          expect(exists).toBe(plain.subjects.has(targetRef));
        }
        expect(view.relations(id)).toHaveLength(Object.values(seen.relations).flat().length);
        expect(view.findByUid(String(rendered.metadata.uid))).toBe(id);
      }
    }),
  );
  await fc.assert(check, { numRuns: 60 });
});

/** All that a graph answers to a reader who sees everything. */
function everythingOf(graph: Graph): unknown {
  const view = graph.view({ kind: 'all', key: 'all', principal: graph.principalContext('user:default/ada') });
  const { ids } = view.list({ limit: 1000 });
  return {
    entities: ids.map((id) => Buffer.from(view.bytes(id)).toString()),
    facts: ids.map((id) => view.facts(id)),
    facets: [...view.facets(fieldKeys)],
    orders: ['metadata.title', 'metadata.tags', 'spec.p', 'facts.c.v'].map((path) =>
      refsOf(view, view.list({ limit: 1000, order: { path, direction: 'desc' } }).ids),
    ),
    leases: view.leases().toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
    problems: view.problems().toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    locations: view.locations().toSorted((a, b) => (a.ref < b.ref ? -1 : 1)),
    claims: [...graph.principalContext('user:default/ada').claims].sort(),
  };
}

test('a cache kept up to date step by step equals one freshly loaded, indexes and digests included', async () => {
  // Two scripts one after the other, so that entities come, go, and others come in their place.
  const long = fc.tuple(script, script).map(([before, after]) => [...before, ...after]);
  const check = fc.asyncProperty(long, async (steps) => {
    const catalog = await new ScriptedCatalog().open();
    try {
      for (const [index, step] of steps.entries()) {
        if (step.do !== 'volatile') await catalog.do(step);
        // Asked in between, so that orders and sets are brought up to date rather than built at the end; not each
        // time, so that several steps are caught up on at once.
        if (index % 3 === 0) everythingOf(catalog.graph);
      }
      const fresh = await catalog.openAnother();
      expect(everythingOf(catalog.graph)).toEqual(everythingOf(fresh));
      const { terms, facts, entities, revision } = catalog.graph.stats();
      expect(fresh.stats()).toMatchObject({ terms, facts, entities, revision });
      expect(await catalog.graph.check()).toMatchObject({ outcome: 'equal' });
      await fresh.close();
    } finally {
      await catalog.close();
    }
  });
  await fc.assert(check, { numRuns: 50 });
});

test('the claims of a principal are its groups and their ancestors', async () => {
  const check = fc.asyncProperty(script, (steps) =>
    withCatalog(steps, (catalog, plain) => {
      for (const ref of ['user:default/ada', 'user:default/dee', 'group:default/ada', 'user:default/nobody']) {
        expect(new Set(catalog.graph.principalContext(ref).claims)).toEqual(plain.principal(ref).claims);
      }
    }),
  );
  await fc.assert(check, { numRuns: 50 });
});
