import { expect, test } from 'vitest';
import { podUsages } from './pod-usage.ts';

test('an amount that no machine has spoils nothing', () => {
  const container = (memory: string): object => ({ name: memory, resources: { limits: { memory } } });
  const pod = {
    metadata: { namespace: 'shop', name: 'web' },
    spec: { containers: [container('64Mi'), container(`${'9'.repeat(400)}Gi`)] },
  };
  expect(podUsages([pod], [])[0]?.memory.limitTotal).toBe(String(64 * 2 ** 20));
});
