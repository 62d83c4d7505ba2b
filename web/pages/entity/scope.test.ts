import { expect, test } from 'vitest';
import { parseBackstageFilter } from '../../../src/model/backstage-filter.ts';
import { partsScope, relationFilter } from './scope.ts';

test('a filter means any of the refs, however many there are', () => {
  const refs = Array.from({ length: 100 }, (_, at) => `group:default/${'g'.repeat(60)}-${at}`);
  const filter = relationFilter('ownedBy', refs);
  expect(filter.join(',').split(',')).toEqual(refs.map((ref) => `relations.ownedBy=${ref}`));
  for (const one of filter) expect(one.length).toBeLessThan(8192);
  expect(parseBackstageFilter(filter)).toBeDefined();
});

test('a domain stands for itself and its systems, not for its subdomains', () => {
  const scope = partsScope({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Domain',
    metadata: { name: 'house', namespace: 'default' },
    relations: [
      { type: 'hasPart', targetRef: 'domain:default/foyer' },
      { type: 'hasPart', targetRef: 'system:default/seats' },
      { type: 'ownedBy', targetRef: 'group:default/stage' },
    ],
  });
  expect(scope?.filter).toEqual(['relations.partOf=domain:default/house,relations.partOf=system:default/seats']);
});
