import { expect, test } from 'vitest';
import { registerSecret } from '../telemetry/mask.ts';
import { ProblemBook } from './problem-book.ts';

const place = { source: 'files', location: 'file:/a', now: 7 };

test('a problem quotes no secret that the process knows', () => {
  registerSecret('hunter2-hunter2');
  const finding = {
    code: 'source-unreadable',
    severity: 'error' as const,
    message: 'https://me:hunter2-hunter2@git.example does not answer',
    fix: 'Correct hunter2-hunter2',
  };
  const [write] = new ProblemBook([]).replace(place, [finding], () => true);
  expect(write).toMatchObject({
    op: 'putProblem',
    problem: { message: 'https://me:***@git.example does not answer', fix: 'Correct ***', since: 7 },
  });
});

test('text that no database holds as it is becomes such that it does', () => {
  const finding = { code: 'yaml-syntax', severity: 'error' as const, message: `a\0b\ud800${'x'.repeat(3_000)}` };
  const [write] = new ProblemBook([]).replace(place, [finding], () => true);
  expect(write?.op === 'putProblem' && write.problem.message).toBe(`a\ufffdb\ufffd${'x'.repeat(1_996)}`);
});
