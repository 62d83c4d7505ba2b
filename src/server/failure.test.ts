import { describe, expect, test } from 'vitest';
import { registerSecret } from '../telemetry/mask.ts';
import { chooseDialect, ownDialect, type ApiDialect } from './error-format.ts';
import { serverError } from './errors.ts';
import { failureOf } from './failure.ts';

const request = { method: 'GET', url: '/api/v1/things?limit=x', id: 'r-1', bodyBytes: 100 };

describe('failureOf', () => {
  test('what nobody coded says nothing but where to look', () => {
    const failure = failureOf(new Error('password hunter2 in /etc/x'), request);
    expect(failure).toMatchObject({ status: 500, code: 'INTERNAL', title: 'Internal Server Error' });
    expect(JSON.stringify(failure)).not.toContain('hunter2');
    expect(failure.detail).toContain('r-1');
  });

  test('a secret that the process knows is shown nowhere', () => {
    registerSecret('hunter2-hunter2');
    const fields = [{ path: 'body', message: 'hunter2-hunter2 is wrong' }];
    const refused = serverError(
      'REQUEST_INVALID',
      { part: 'hunter2-hunter2', problems: ['a hunter2-hunter2'] },
      fields,
    );
    const failure = failureOf(refused, request);
    expect(JSON.stringify(failure)).not.toContain('hunter2');
    expect(failure).toMatchObject({
      details: { part: '***', problems: ['a ***'] },
      errors: [{ path: 'body', message: '*** is wrong' }],
    });
  });

  test.each([['text'], [undefined], [null], [{ statusCode: 400 }]])('a thrown %s is INTERNAL', (thrown) => {
    expect(failureOf(thrown, request).code).toBe('INTERNAL');
  });

  test.each([
    ['FST_ERR_CTP_BODY_TOO_LARGE', 413, 'BODY_TOO_LARGE'],
    ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['FST_ERR_BAD_URL', 400, 'REQUEST_REFUSED'],
  ])('%s becomes %i %s', (code, statusCode, expected) => {
    const thrown = Object.assign(new Error('refused'), { code, statusCode });
    expect(failureOf(thrown, request).code).toBe(expected);
  });
});

describe('dialects', () => {
  const backstage: ApiDialect = { ...ownDialect, prefix: '/api/catalog' };
  const deeper: ApiDialect = { ...ownDialect, prefix: '/api/catalog/inner' };
  const dialectOf = chooseDialect([backstage, deeper, ownDialect]);

  test.each([
    ['/api/catalog', backstage],
    ['/api/catalog/entities', backstage],
    ['/api/catalog?x', backstage],
    ['/api/catalog/inner/x', deeper],
    ['/api/catalogue', ownDialect],
    ['/api/v1/things', ownDialect],
    ['/', ownDialect],
  ])('%s', (path, expected) => {
    expect(dialectOf(path)).toBe(expected);
  });

  test('our own is problem+json, without the query in its instance', () => {
    const fields = [{ path: 'query.limit', message: 'must be integer' }];
    const failure = failureOf(
      serverError('REQUEST_INVALID', { problem: 'query.limit must be integer' }, fields),
      request,
    );
    expect(ownDialect.format(failure, request)).toEqual({
      type: 'urn:callboard:error:request-invalid',
      title: 'Bad Request',
      status: 400,
      detail: 'The request is not as the API asks: query.limit must be integer',
      code: 'REQUEST_INVALID',
      instance: '/api/v1/things#r-1',
      errors: fields,
      details: { problem: 'query.limit must be integer' },
    });
  });
});
