import { expect, test } from 'vitest';
import { workerEntry } from './worker-entry.ts';

test('a worker has the form of the module that starts it', () => {
  expect(workerEntry('file:///clone/src/store/link.ts', 'worker').href).toBe('file:///clone/src/store/worker.ts');
  expect(workerEntry('file:///package/dist/store/link.js', 'worker').href).toBe('file:///package/dist/store/worker.js');
  expect(workerEntry('file:///clone/src/a.ts?query', 'worker').href).toBe('file:///clone/src/worker.ts');
});
