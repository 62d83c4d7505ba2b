import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/json.ts';
import { curlText } from './curl-text.ts';
import { LocalRefs } from './local-refs.ts';
import { parametersOf } from './openapi-parts.ts';

function curl(operation: JsonObject, document: JsonObject = {}, server = 'https://a.example', path = '/x'): string {
  const refs = new LocalRefs(document);
  const parameters = parametersOf({}, operation, refs);
  return curlText({ method: 'post', path, server, operation, document, parameters, refs });
}

test('what a definition says is never more than text to a shell', () => {
  const evil = `$(reboot)'; rm -rf / #\n\u001b[2J`;
  const operation: JsonObject = {
    parameters: [{ name: evil, in: 'header', required: true, schema: { type: 'string', default: evil } }],
    requestBody: { content: { 'application/json': { example: evil } } },
  };
  const text = curl(operation, {}, 'https://a.example', `/${evil}`);
  // Outside of single quotes stand only words and options of curl.
  const bare = text.replaceAll(String.raw`'\''`, '').replaceAll(/'[^']*'/g, 'Q');
  expect(bare.replaceAll(/\s+/g, ' ')).toBe(String.raw`curl -X POST Q \ -H Q \ -H Q \ -d Q`);
  expect(text).not.toContain('\u001b');
});

test('an address that is relative is for the reader to complete', () => {
  expect(curl({}, {}, '/v1/')).toBe(`curl -X POST 'https://HOST/v1/x'`);
});

test('forms are sent as forms, files as files', () => {
  const form = (media: string): JsonObject => ({
    requestBody: { content: { [media]: { schema: { type: 'object', properties: { title: { default: 'a b' } } } } } },
  });
  expect(curl(form('application/x-www-form-urlencoded'))).toContain(`--data-urlencode 'title=a b'`);
  expect(curl(form('multipart/form-data'))).toContain(`-F 'title=a b'`);
  expect(curl(form('application/pdf'))).toContain(`-H 'content-type: application/pdf' \\\n  --data-binary @FILE`);
});

test.each([
  [{ type: 'http', scheme: 'bearer' }, 'authorization: Bearer TOKEN'],
  [{ type: 'http', scheme: 'basic' }, 'authorization: Basic CREDENTIALS'],
  [{ type: 'apiKey', in: 'header', name: 'x-key' }, 'x-key: KEY'],
])('sign-in by %j is a header', (scheme, header) => {
  const document: JsonObject = { security: [{ s: [] }], components: { securitySchemes: { s: scheme } } };
  expect(curl({}, document)).toContain(`-H '${header}'`);
});
