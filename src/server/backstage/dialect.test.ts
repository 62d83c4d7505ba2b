import { expect, test } from 'vitest';
import { accessError } from '../../access/errors.ts';
import { defineErrors } from '../../base/errors.ts';
import { serverError } from '../errors.ts';
import { failureOf } from '../failure.ts';
import { chooseDialect } from '../error-format.ts';
import { backstageDialects } from './dialect.ts';

const request = { method: 'GET', url: '/api/catalog/entities?limit=x', id: 'r1', bodyBytes: 1000 };

function tell(error: unknown, asked = request): unknown {
  const failure = failureOf(error, asked);
  const dialect = chooseDialect(backstageDialects)(asked.url);
  return { status: dialect.statusOf?.(failure), body: dialect.format(failure, asked) };
}

test('speaks the body that clients read, with the URL under the mount', () => {
  const error = defineErrors({ GONE: { status: 404, message: 'No entity' } })('GONE');
  expect(tell(error)).toEqual({
    status: 404,
    body: {
      error: { name: 'NotFoundError', message: 'No entity' },
      request: { method: 'GET', url: '/entities?limit=x' },
      response: { statusCode: 404 },
    },
  });
});

test('names the place of a wrong parameter, and unknown ones', () => {
  const wrong = serverError('REQUEST_INVALID', { problem: 'x' }, [{ path: 'query.limit', message: 'must be integer' }]);
  expect(tell(wrong)).toMatchObject({
    body: { error: { name: 'InputError', message: 'request/query/limit must be integer' } },
  });
  const unknown = serverError('REQUEST_INVALID', { problem: 'x' }, [
    { path: 'query.foo', message: 'is not known here; known: limit' },
  ]);
  expect(tell(unknown)).toMatchObject({ body: { error: { message: "Unknown query parameter 'foo'" } } });
});

test('a body of another type or too large is a wrong input', () => {
  expect(tell(serverError('MEDIA_TYPE_UNSUPPORTED'))).toMatchObject({
    status: 400,
    body: { error: { name: 'InputError' } },
  });
  expect(tell(serverError('BODY_TOO_LARGE', { limit: 1 }))).toMatchObject({
    status: 400,
    body: { response: { statusCode: 400 } },
  });
});

test('an unknown route has no body, and a fault of ours tells nothing of itself', () => {
  expect(tell(serverError('ROUTE_NOT_FOUND', { method: 'GET', path: '/' }))).toEqual({ status: 404, body: undefined });
  const fault = tell(new Error('password=secret'));
  expect(fault).toMatchObject({ status: 500, body: { error: { name: 'Error' } } });
  expect(JSON.stringify(fault)).not.toContain('secret');
});

test('the other APIs speak the same, of unknown routes too', () => {
  const asked = { ...request, url: '/api/auth/nobody/refresh?scope=' };
  expect(tell(serverError('ROUTE_NOT_FOUND', { method: 'GET', path: '/' }), asked)).toMatchObject({
    body: { error: { name: 'NotFoundError' }, request: { url: '/nobody/refresh?scope=' } },
  });
  const nobody = accessError('SIGN_IN_REQUIRED', { permission: 'signed-in', signIn: '/sign-in', tokens: '/settings' });
  expect(tell(nobody, { ...request, url: '/api/permission/authorize' })).toMatchObject({
    status: 401,
    body: { error: { name: 'AuthenticationError', message: expect.stringMatching(/^Missing credentials\./) } },
  });
});

test('what fails when the objects of a service are read is told in a word; a refusal is not', () => {
  const errors = defineErrors({ LOST: { status: 500, message: 'Nobody answers' }, NO: { status: 403, message: 'No' } });
  const url = '/api/kubernetes/services/web';
  expect(tell(errors('LOST'), { ...request, url })).toEqual({ status: 500, body: { error: 'Nobody answers' } });
  expect(tell(errors('NO'), { ...request, url })).toMatchObject({ body: { error: { name: 'NotAllowedError' } } });
  expect(tell(errors('LOST'), { ...request, url: '/api/kubernetes/proxy/api' })).toMatchObject({
    body: { error: { name: 'Error', message: 'Nobody answers' }, request: { url: '/proxy/api' } },
  });
});
