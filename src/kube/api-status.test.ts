import { describe, expect, test } from 'vitest';
import { isExpired, isVersionTooLarge, readApiStatus, readRefusal } from './api-status.ts';

describe('a refusal', () => {
  test('is read from a Status', () => {
    const body = {
      kind: 'Status',
      code: 504,
      reason: 'Timeout',
      message: 'Too large resource version: 9, current: 5',
      details: { retryAfterSeconds: 1, causes: [{ reason: 'ResourceVersionTooLarge' }, 'odd'] },
    };
    const status = readRefusal(504, Buffer.from(JSON.stringify(body)));
    expect(status).toEqual({
      code: 504,
      reason: 'Timeout',
      message: 'Too large resource version: 9, current: 5',
      retryAfterMs: 1_000,
      causes: ['ResourceVersionTooLarge', ''],
    });
    expect(isVersionTooLarge(status)).toBe(true);
  });

  test('is read from anything else a proxy may say, and cut', () => {
    expect(readRefusal(503, Buffer.from('no healthy upstream\n'), '7')).toMatchObject({
      code: 503,
      message: 'no healthy upstream',
      retryAfterMs: 7_000,
    });
    expect(readRefusal(500, Buffer.from('{broken'))).toMatchObject({ code: 500, message: '{broken' });
    expect(readRefusal(502, Buffer.from('x'.repeat(100_000))).message).toHaveLength(500);
    expect(readRefusal(401, Buffer.alloc(0)).message).toBe('HTTP 401');
    expect(readApiStatus(500, { message: 5, code: 'x', details: [] })).toMatchObject({
      code: 500,
      message: 'HTTP 500',
    });
  });

  test('does not make one wait for ever', () => {
    expect(readApiStatus(429, {}, '99999999').retryAfterMs).toBe(120_000);
    expect(readApiStatus(429, {}, 'Wed, 21 Oct 2026 07:28:00 GMT').retryAfterMs).toBeUndefined();
    expect(readApiStatus(429, {}, '-5').retryAfterMs).toBeUndefined();
  });

  test('says that the past is forgotten, in the words of all versions', () => {
    expect(isExpired(readApiStatus(410, {}))).toBe(true);
    expect(isExpired(readApiStatus(500, { code: 410, reason: 'Gone' }))).toBe(true);
    expect(isExpired(readApiStatus(200, { reason: 'Expired' }))).toBe(true);
    expect(isExpired(readApiStatus(500, { reason: 'InternalError' }))).toBe(false);
  });
});
