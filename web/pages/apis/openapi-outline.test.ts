import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/json.ts';
import type { ApiOperation, ApiOutline } from './api-outline.ts';
import { readOpenApi } from './openapi-outline.ts';

function outlineOf(document: JsonObject): ApiOutline {
  const reading = readOpenApi(document);
  if (reading.status !== 'read') throw new Error(JSON.stringify(reading));
  return reading.outline;
}

function operationOf(document: JsonObject, id: string): ApiOperation {
  const operation = outlineOf(document)
    .groups.flatMap(({ operations }) => operations)
    .find((one) => one.id === id);
  if (operation === undefined) throw new Error(`No operation ${id}`);
  return operation;
}

const seats: JsonObject = {
  openapi: '3.1.0',
  info: { title: 'Seats', version: 2 },
  servers: [{ url: 'https://{stage}.example/', variables: { stage: { default: 'house' } } }],
  security: [{ door: ['seats.read'] }],
  tags: [{ name: 'Holds', description: 'For a moment.' }, { name: 'Never used' }],
  paths: {
    '/seats/{row}': {
      parameters: [
        { name: 'row', in: 'path', required: true, schema: { type: 'string' }, example: 'C' },
        { name: 'free', in: 'query', schema: { type: 'boolean' }, description: 'of the path' },
      ],
      get: {
        operationId: 'listSeats',
        summary: 'Seats of a row',
        parameters: [{ name: 'free', in: 'query', required: true, schema: { type: 'boolean', default: true } }],
        responses: {
          200: {
            description: 'All of them.',
            headers: { etag: { schema: { type: 'string' } } },
            content: {
              'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Seat' } } },
            },
          },
          404: { $ref: '#/components/responses/None' },
        },
      },
      delete: { tags: ['Holds'], deprecated: true, security: [] },
    },
  },
  webhooks: { seatSold: { post: { responses: {} } } },
  components: {
    securitySchemes: { door: { type: 'http', scheme: 'bearer' } },
    responses: { None: { description: 'There is no such row.' } },
    schemas: {
      Seat: {
        type: 'object',
        required: ['number'],
        properties: {
          number: { type: 'integer', minimum: 1, maximum: 40 },
          kind: { enum: ['stalls', 'gods'] },
          neighbour: { $ref: '#/components/schemas/Seat' },
        },
      },
    },
  },
};

test('operations stand under their tags in the order of the document, what has none comes last', () => {
  const { format, title, version, groups } = outlineOf(seats);
  expect({ format, title, version }).toEqual({ format: 'OpenAPI 3.1.0', title: 'Seats', version: '2' });
  expect(groups.map((group) => [group.title, group.operations.map(({ id }) => id)])).toEqual([
    ['Holds', ['delete /seats/{row}']],
    ['Webhooks', ['webhook post seatSold']],
    ['Other operations', ['listSeats']],
    ['Schemas', ['schema Seat']],
  ]);
});

test('facts name servers with their usual variables and the ways to sign in', () => {
  expect(outlineOf(seats).facts).toEqual([
    { label: 'Servers', values: ['https://house.example/'] },
    { label: 'Sign-in', values: ['door: HTTP bearer'] },
  ]);
});

test('a parameter of the operation stands for that of the path', () => {
  const [, inPath, inQuery] = operationOf(seats, 'listSeats').parts();
  expect(inPath).toMatchObject({
    detail: 'in path',
    fields: [{ name: 'row', isRequired: true, notes: ['such as C'] }],
  });
  expect(inQuery?.fields).toMatchObject([{ name: 'free', isRequired: true, notes: ['default true'] }]);
});

test('responses have a shape, headers and words, also behind references', () => {
  const parts = operationOf(seats, 'listSeats').parts().slice(3);
  expect(parts.map(({ title, detail, description }) => [title, detail, description])).toEqual([
    ['Response 200', 'application/json', 'All of them.'],
    ['Response 200', 'headers', undefined],
    ['Response 404', undefined, 'There is no such row.'],
  ]);
  expect(parts.map(({ isFolded }) => isFolded)).toEqual([false, false, true]);
  const [whole] = parts[0]?.fields ?? [];
  expect(whole?.type).toBe('list of Seat');
  expect(whole?.fields?.().map(({ name, type, notes }) => [name, type, ...notes])).toEqual([
    ['number', 'integer', '1 to 40'],
    ['kind', 'text', 'one of stalls, gods'],
    ['neighbour', 'Seat', 'as above'],
  ]);
});

test('sign-in says what each operation asks, also nothing', () => {
  expect(operationOf(seats, 'listSeats').parts()[0]?.description).toBe('Needs door (seats.read).');
  expect(operationOf(seats, 'delete /seats/{row}').parts()[0]?.description).toBe('None is needed.');
});

test('two operations with one id keep apart', () => {
  const twice: JsonObject = {
    openapi: '3.0.3',
    paths: { '/a': { get: { operationId: 'same' } }, '/b': { get: { operationId: 'same' } } },
  };
  expect(outlineOf(twice).groups[0]?.operations.map(({ id }) => id)).toEqual(['get /a', 'get /b']);
});

test('Swagger 2 has its bodies among the parameters', () => {
  const old: JsonObject = {
    swagger: '2.0',
    host: 'till.example',
    basePath: '/v1',
    consumes: ['application/json'],
    produces: ['application/json'],
    paths: {
      '/buy': {
        post: {
          parameters: [{ name: 'order', in: 'body', schema: { $ref: '#/definitions/Order' } }],
          responses: { 200: { description: 'Sold.', schema: { type: 'string' }, examples: { 'text/plain': 'C-14' } } },
        },
      },
    },
    definitions: { Order: { type: 'object', properties: { title: { type: 'string' } } } },
  };
  const { format, facts, groups } = outlineOf(old);
  expect([format, facts[0]?.values, groups.map(({ title }) => title)]).toEqual([
    'Swagger 2.0',
    ['https://till.example/v1'],
    ['Operations', 'Schemas'],
  ]);
  const operation = operationOf(old, 'post /buy');
  expect(operation.parts().map(({ title, detail }) => [title, detail])).toEqual([
    ['Request body', 'application/json'],
    ['Response 200', 'application/json'],
  ]);
  expect(operation.parts()[1]?.examples).toEqual([{ title: 'Example, text/plain', text: 'C-14' }]);
  expect(operation.command?.()).toContain(`-d '{"title":"text"}'`);
});

test('references out of the document are named and not followed', () => {
  const document: JsonObject = {
    openapi: '3.0.0',
    paths: { '/a': { get: { responses: { 200: { $ref: 'https://elsewhere.example/all.yaml#/Seat' } } } } },
    components: { schemas: { Seat: { $ref: './seat.yaml' } } },
  };
  const [shape] = operationOf(document, 'schema Seat').parts();
  expect(shape?.fields[0]).toMatchObject({ type: 'seat.yaml (elsewhere)', notes: ['described in ./seat.yaml'] });
  expect(operationOf(document, 'get /a').parts()).toMatchObject([
    { title: 'Response 200', description: 'Described elsewhere, in https://elsewhere.example/all.yaml#/Seat' },
  ]);
});

test('what is no OpenAPI is said to be none', () => {
  expect(readOpenApi({ info: {} })).toMatchObject({ status: 'failed' });
});

test('a document of wrong types everywhere is an outline with little in it', () => {
  const strange: JsonObject = {
    openapi: '3.1.0',
    info: 'no',
    servers: { url: 1 },
    tags: 'x',
    paths: { '/a': null, '/b': { get: 7, post: { parameters: {}, responses: [1], tags: 3, requestBody: 'x' } } },
    components: { schemas: [null, { type: {} }], securitySchemes: 4 },
  };
  for (const { operations } of outlineOf(strange).groups) {
    for (const operation of operations) expect(() => [operation.parts(), operation.command?.()]).not.toThrow();
  }
});
