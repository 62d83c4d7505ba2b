import { expect, test } from 'vitest';
import { changedPaths } from './changed-paths.ts';

test('names the fields that came, went or changed, and no others', () => {
  const before = { spec: { owner: 'a', type: 'x', list: [1, 2] }, metadata: { name: 'n' } };
  const after = { spec: { owner: 'b', list: [1, 3], system: 's' }, metadata: { name: 'n' } };
  expect(changedPaths(before, after)).toEqual(['spec.list', 'spec.owner', 'spec.system', 'spec.type']);
  expect(changedPaths(before, before)).toEqual([]);
});
