import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { readSectionFile, SectionFile } from '../../src/base/section-file.ts';
import { killed } from '../support/store-fork.ts';

const ROUNDS = 10;
const LONGEST_WRITING_MS = 150;

test('a process that is killed while it writes images leaves a whole one, or none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-image-kill-'));
  const path = join(folder, 'watch-cache');
  let torn = 0;
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const child = fork(new URL('../support/image-process.ts', import.meta.url), [folder], {
        execArgv: [],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      await new Promise((resolve) => child.once('message', resolve));
      await systemClock.sleep(systemClock.random() * LONGEST_WRITING_MS);
      await killed(child);
      const unfinished = readdirSync(folder).filter((name) => name !== 'watch-cache');
      torn += unfinished.length;
      // What earlier kills left goes when the next image is written.
      expect(unfinished.length).toBeLessThanOrEqual(2);
      if (existsSync(path)) expect(await readSectionFile(path)).toBeInstanceOf(SectionFile);
    }
    expect(existsSync(path)).toBe(true);
    expect(torn).toBeGreaterThan(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
