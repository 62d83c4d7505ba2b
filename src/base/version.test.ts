import { expect, test } from 'vitest';
import { callboardVersion } from './version.ts';

test('the version is the one of package.json', () => {
  expect(callboardVersion()).toMatch(/^\d+\.\d+\.\d+/);
});
