import { expect, test } from 'vitest';
import { readEvacuationSearch } from './evacuation-search.ts';

test.each([
  [
    { cluster: 'eu-1,eu-2', label: 'region=eu', view: 'single' },
    { cluster: 'eu-1,eu-2', label: 'region=eu', view: 'single' },
  ],
  [{ cluster: 7, label: ['region=eu'], from: 'home' }, { from: 'home' }],
  [{ view: 'all' }, {}],
  [{}, {}],
])('%j is read as %j', (search, read) => {
  expect(readEvacuationSearch(search)).toEqual(read);
});
