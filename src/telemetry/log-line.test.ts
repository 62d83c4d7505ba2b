import { expect, test } from 'vitest';
import { formatLogLine } from './log-line.ts';

test('a line that is not JSON is passed on as it is', () => {
  expect(formatLogLine('plain words\n')).toBe('plain words\n');
  expect(formatLogLine('[1]')).toBe('[1]');
});

test('an error without a stack stays a field', () => {
  expect(formatLogLine('{"level":"error","time":"2030-01-02T03:04:05.678Z","msg":"m","error":{"message":"x"}}')).toBe(
    '03:04:05.678 ERROR m error={"message":"x"}\n',
  );
});
