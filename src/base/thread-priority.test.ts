import { getPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

test.runIf(process.platform === 'linux')('a thread lets the others go first, and nobody else does', async () => {
  const before = getPriority(process.pid);
  const module = new URL('thread-priority.ts', import.meta.url).href;
  const worker = new Worker(
    `import { getPriority } from 'node:os';
     import { readlinkSync } from 'node:fs';
     import { parentPort } from 'node:worker_threads';
     const { yieldToOtherThreads } = await import(${JSON.stringify(module)});
     const isSo = yieldToOtherThreads();
     parentPort.postMessage([isSo, getPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1)))]);`,
    { eval: true, execArgv: ['--disable-warning=ExperimentalWarning', '--input-type=module'] },
  );
  const told = await new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
  expect(told).toEqual([true, Math.max(before, 5)]);
  expect(getPriority(process.pid)).toBe(before);
});
