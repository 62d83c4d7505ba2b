import { expect, test } from 'vitest';
import { readClustersSearch } from './clusters-search.ts';

test.each([
  [
    { q: 'a', state: 'stale', label: 'environment=prod', twin: 'table' },
    { q: 'a', state: 'stale', label: 'environment=prod', twin: 'table' },
  ],
  [{ state: 'fine', twin: 'graph', q: 3, other: 'x' }, { other: 'x' }],
])('%j is %j', (search, read) => {
  expect(readClustersSearch(search)).toEqual(read);
});
