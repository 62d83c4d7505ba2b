import { expect, test } from 'vitest';
import { checkExportable } from './export.ts';

test('an export of more entities than it may have is refused, before anything is sent', () => {
  expect(() => checkExportable(200_000)).not.toThrow();
  expect(() => checkExportable(200_001)).toThrow(
    expect.objectContaining({ code: 'EXPORT_TOO_LARGE', status: 400, details: { total: 200_001, most: 200_000 } }),
  );
});
