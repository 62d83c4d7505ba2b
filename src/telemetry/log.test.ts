import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createLog, withoutPasswords } from './log.ts';
import { registerSecret } from './mask.ts';

function collect(): { readonly destination: Writable; readonly lines: () => string[] } {
  let text = '';
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  return { destination, lines: () => text.split('\n').filter((line) => line !== '') };
}

describe('createLog', () => {
  test('writes one JSON object a line with an ISO time and a level word', () => {
    const { destination, lines } = collect();
    createLog({ level: 'info', format: 'json', destination }).info({ revision: 7 }, 'catalog loaded');
    const line = JSON.parse(lines()[0] ?? '') as Record<string, unknown>;
    expect(line).toMatchObject({ level: 'info', revision: 7, msg: 'catalog loaded' });
    expect(new Date(String(line['time'])).getTime()).toBeGreaterThan(0);
  });

  test('writes nothing below its level', () => {
    const { destination, lines } = collect();
    createLog({ level: 'warn', format: 'json', destination }).info('quiet');
    expect(lines()).toEqual([]);
  });

  test('never writes secrets, however the line is made', () => {
    const { destination, lines } = collect();
    const log = createLog({ level: 'info', format: 'json', destination });
    log.info({ headers: { authorization: 'Bearer hunter2', cookie: 'hunter2' } }, 'request');
    log.info({ request: { headers: { authorization: 'hunter2' } }, password: 'hunter2', token: 'hunter2' }, 'again');
    log.info({ config: { databaseUrl: 'postgres://me:hunter2@db/x' } }, 'configured');
    log.error({ error: new Error('cannot reach postgres://me:hunter2@db/x') }, 'store failed');
    log.error({ error: new Error('outer', { cause: new Error('postgres://me:hunter2@db/x') }) }, 'store failed');
    expect(lines()).toHaveLength(5);
    expect(lines().join('\n')).not.toContain('hunter2');
    expect(lines().join('\n')).toContain('[redacted]');
  });

  test('never writes a secret that the process was told of, whatever its field or text', () => {
    const { destination, lines } = collect();
    registerSecret('quoted "hunter2"');
    const log = createLog({ level: 'info', format: 'json', destination }).child({ part: 'x' });
    log.info({ name: 'quoted "hunter2"' }, 'told');
    log.warn('a message of quoted "hunter2" too');
    log.error({ error: new Error('deep: quoted "hunter2"') }, 'failed');
    expect(lines()).toHaveLength(3);
    expect(lines().join('\n')).not.toContain('hunter2');
    expect(lines().map((line) => JSON.parse(line) as unknown)[0]).toMatchObject({ name: '***' });
  });

  test('writes what the log of another thread wrote of an error, without passwords', () => {
    const { destination, lines } = collect();
    const log = createLog({ level: 'info', format: 'json', destination });
    log.error(
      { error: { message: 'cannot reach postgres://me:hunter2@db/x', stack: 'Error: at x', code: 'E' } },
      'failed',
    );
    expect(JSON.parse(lines()[0] ?? '')).toMatchObject({
      error: { message: 'cannot reach postgres://me:***@db/x', stack: 'Error: at x', code: 'E' },
    });
  });

  test('text lines carry time, level, message, fields, and the stack of an error', () => {
    const { destination, lines } = collect();
    const log = createLog({ level: 'info', format: 'text', destination });
    log.warn({ source: 'a b', count: 2 }, 'source failed');
    log.error({ error: new Error('broken', { cause: new Error('deeper') }) }, 'route failed');
    expect(lines()[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN {2}source failed source="a b" count=2$/);
    expect(lines()[1]).toMatch(/ERROR route failed$/);
    expect(lines().join('\n')).toContain('Error: broken');
    expect(lines().join('\n')).toContain('cause: deeper');
  });
});

describe('withoutPasswords', () => {
  test.each([
    ['postgres://user:pass@host/db', 'postgres://user:***@host/db'],
    ['a https://u:p@x/ and postgresql://v:q@y/', 'a https://u:***@x/ and postgresql://v:***@y/'],
    ['https://host:8080/path@x', 'https://host:8080/path@x'],
    ['no url', 'no url'],
  ])('%s', (text, expected) => {
    expect(withoutPasswords(text)).toBe(expected);
  });
});
