import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { readSectionFile, SectionFile } from '../../src/base/section-file.ts';
import { killed } from '../support/store-fork.ts';

const ROUNDS = 5;
const LONGEST_WRITING_MS = 40;

const unfinishedIn = (folder: string): string[] => readdirSync(folder).filter((name) => name !== 'watch-cache');

async function until(child: ChildProcess, holds: () => boolean): Promise<void> {
  while (!holds()) {
    if (child.exitCode !== null) throw new Error('the process ended by itself');
    await systemClock.sleep(1);
  }
}

test('a process that is killed while it writes images leaves a whole one, or none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-image-kill-'));
  const path = join(folder, 'watch-cache');
  const program = fileURLToPath(new URL('../support/image-process.ts', import.meta.url));
  let torn = 0;
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = new Set(unfinishedIn(folder));
      const child = fork(program, [folder], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      // The first one writes a whole image; then each is killed in its first or a later one.
      if (round === 0) await until(child, () => existsSync(path));
      await until(child, () => unfinishedIn(folder).some((name) => !before.has(name)));
      if (round % 2 === 1) await systemClock.sleep(systemClock.random() * LONGEST_WRITING_MS);
      await killed(child);
      const unfinished = unfinishedIn(folder);
      torn += unfinished.length;
      // What an earlier kill left goes before the next image is written.
      expect(unfinished.length).toBeLessThanOrEqual(1);
      expect(await readSectionFile(path)).toBeInstanceOf(SectionFile);
    }
    expect(torn).toBeGreaterThan(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
