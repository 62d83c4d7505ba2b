import { expect, test } from 'vitest';
import { CallboardError, defineErrors, errorCatalogue, errorMessage } from './errors.ts';

const failure = defineErrors({ TEST_PROP_MISSING: { status: 404, message: 'No prop {name} in {place}' } });

test('fills the places of the message from the details and keeps what is not given', () => {
  const error = failure('TEST_PROP_MISSING', { name: 'skull' });
  expect(error).toBeInstanceOf(CallboardError);
  expect(error).toMatchObject({
    code: 'TEST_PROP_MISSING',
    status: 404,
    message: 'No prop skull in {place}',
    details: { name: 'skull' },
  });
});

test('keeps the cause', () => {
  const cause = new Error('dropped');
  expect(failure('TEST_PROP_MISSING', {}, cause).cause).toBe(cause);
});

test('is in the catalogue', () => {
  expect(errorCatalogue().get('TEST_PROP_MISSING')?.status).toBe(404);
});

test('errorMessage takes whatever was thrown', () => {
  expect(errorMessage(new Error('a'))).toBe('a');
  expect(errorMessage('b')).toBe('b');
});
