import { afterAll, beforeAll, expect, test } from 'vitest';
import { entity, openTestPolicy, type TestPolicy } from '../../test/support/policy.ts';
import { assertRole, type PolicyCheck } from './policy-change.ts';

let policy: TestPolicy;
let check: PolicyCheck;
beforeAll(async () => {
  policy = await openTestPolicy();
  const { engine, catalog } = policy;
  for (let at = 0; at < 21_000; at += 3_000) {
    await policy.put(
      ...Array.from({ length: 3_000 }, (_, index) =>
        entity('Component', `c${at + index}`, { type: 'a', n: at + index }),
      ),
    );
  }
  check = { engine, graph: catalog.graph, context: catalog.graph.principalContext('user:default/ada') };
});
afterAll(() => policy.close());

const role = (where: string) => ({ rules: [{ permissions: ['catalog.entity.read'], where }] });

test('a condition that looks at every entity one by one is refused where there are many', () => {
  expect(() => assertRole('x', role('spec.n % 2 == 0'), check)).toThrow(
    expect.objectContaining({
      code: 'CONDITION_INVALID',
      message: expect.stringMatching(/rules\.0\.where, line 1, column 1: it would look at 21000 entities one by one/),
    }),
  );
});

test('one that an index answers, or narrows first, is not', () => {
  for (const where of ['spec.n == 7', 'spec.owner in principal.claims', 'spec.type == "b" && spec.n % 2 == 0']) {
    expect(() => assertRole('x', role(where), check), where).not.toThrow();
  }
});
