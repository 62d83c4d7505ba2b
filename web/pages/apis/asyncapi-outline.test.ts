import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/json.ts';
import type { ApiOutline } from './api-outline.ts';
import { readAsyncApi } from './asyncapi-outline.ts';

function outlineOf(document: JsonObject): ApiOutline {
  const reading = readAsyncApi(document);
  if (reading.status !== 'read') throw new Error(JSON.stringify(reading));
  return reading.outline;
}

const sold = { title: 'Sold', payload: { type: 'object', properties: { seat: { type: 'string' } } } };

test('since 3.0 operations name their channels and messages; other channels are shown too', () => {
  const { groups, facts } = outlineOf({
    asyncapi: '3.0.0',
    servers: { bus: { host: 'bus.example:4222', protocol: 'nats' } },
    channels: {
      sold: {
        address: 'tickets.{show}.sold',
        parameters: { show: { description: 'Which one.', enum: ['a', 'b'] } },
        messages: { sold: { $ref: '#/components/messages/sold' }, other: { title: 'Other' } },
      },
      lonely: { address: 'lonely' },
    },
    operations: {
      tellSold: {
        action: 'send',
        channel: { $ref: '#/channels/sold' },
        messages: [{ $ref: '#/channels/sold/messages/sold' }],
      },
    },
    components: { messages: { sold } },
  });
  expect(facts).toEqual([{ label: 'Servers', values: ['bus: nats bus.example:4222'] }]);
  expect(
    groups.map(({ title, operations }) => [title, operations.map(({ id, verb, name }) => [id, verb, name])]),
  ).toEqual([
    ['Operations', [['tellSold', 'SEND', 'tickets.{show}.sold']]],
    ['Channels', [['channel lonely', 'CHANNEL', 'lonely']]],
  ]);
  const parts = groups[0]?.operations[0]?.parts() ?? [];
  expect(parts.map(({ title }) => title)).toEqual(['Parameters', 'Message Sold']);
  expect(parts[0]?.fields[0]).toMatchObject({ name: 'show', description: 'Which one.', notes: ['one of a, b'] });
});

test('before 3.0 operations stand in channels, perhaps with a choice of messages', () => {
  const { groups } = outlineOf({
    asyncapi: '2.6.0',
    channels: {
      'laundry/done': { publish: { summary: 'Clean', message: { oneOf: [sold, { name: 'Lost', payload: {} }] } } },
    },
  });
  const [operation] = groups[0]?.operations ?? [];
  expect(operation).toMatchObject({ id: 'publish laundry/done', verb: 'PUBLISH', summary: 'Clean' });
  expect(operation?.parts().map(({ title }) => title)).toEqual(['Message Sold', 'Message Lost']);
});

test('a payload in another language than JSON Schema is only named', () => {
  const payload = { schemaFormat: 'application/vnd.apache.avro;version=1.9.0', schema: { type: 'record' } };
  const { groups } = outlineOf({ asyncapi: '3.0.0', channels: { a: { messages: { m: { payload } } } } });
  expect(groups[0]?.operations[0]?.parts()[0]).toMatchObject({ detail: payload.schemaFormat, fields: [] });
});

test('what is no AsyncAPI is said to be none', () => {
  expect(readAsyncApi({})).toMatchObject({ status: 'failed' });
});
