import type { JsonObject, JsonValue } from '../../../src/model/json.ts';
import type { ApiGroup, ApiOperation, OperationPart, Reading } from './api-outline.ts';
import { entriesOf, listOf, LocalRefs, objectOf, textOf } from './local-refs.ts';
import { elsewherePart, schemaField } from './schema-fields.ts';
import { schemaGroup } from './schema-group.ts';
import { exampleText } from './schema-notes.ts';

/** Messages of one operation, and examples of one message, that are shown. */
const MAX_MESSAGES = 50;
const MAX_EXAMPLES = 6;

/** Outline of an AsyncAPI document, 2.x or 3.x. */
export function readAsyncApi(document: JsonObject): Reading {
  const version = textOf(document['asyncapi']);
  if (version === undefined) {
    return { status: 'failed', message: 'The definition does not say asyncapi, so its version is not known' };
  }
  const refs = new LocalRefs(document);
  const info = objectOf(document['info']);
  const components = objectOf(document['components']);
  const groups = version.startsWith('2') ? channelGroup(document, refs) : operationGroups(document, refs);
  return {
    status: 'read',
    outline: {
      format: `AsyncAPI ${version}`,
      title: textOf(info['title']),
      version: textOf(info['version']),
      description: textOf(info['description']),
      facts: [
        { label: 'Servers', values: servers(document, refs) },
        { label: 'Media type', values: [textOf(document['defaultContentType']) ?? ''].filter(Boolean) },
        { label: 'Licence', values: [textOf(objectOf(info['license'])['name']) ?? ''].filter(Boolean) },
      ].filter(({ values }) => values.length > 0),
      groups: [...groups, ...schemaGroup(components['schemas'], refs)],
      remarks: [],
    },
  };
}

/** Name, address and protocol of each server. */
function servers(document: JsonObject, refs: LocalRefs): readonly string[] {
  return entriesOf(document['servers'], 20).map(([name, written]) => {
    const server = refs.resolve(written).value ?? {};
    const address = textOf(server['url']) ?? `${textOf(server['host']) ?? ''}${textOf(server['pathname']) ?? ''}`;
    return `${name}: ${[textOf(server['protocol']), address].filter(Boolean).join(' ')}`;
  });
}

/** Before 3.0 operations stand in their channels. */
function channelGroup(document: JsonObject, refs: LocalRefs): readonly ApiGroup[] {
  const operations = entriesOf(document['channels']).flatMap(([address, written]) => {
    const channel = refs.resolve(written).value ?? {};
    return (['publish', 'subscribe'] as const).flatMap((action): readonly ApiOperation[] => {
      if (channel[action] === undefined) return [];
      const operation = objectOf(channel[action]);
      const message = refs.resolve(operation['message']).value;
      const messages = message?.['oneOf'] === undefined ? [operation['message']] : listOf(message['oneOf']);
      return [
        {
          id: textOf(operation['operationId']) ?? `${action} ${address}`,
          verb: action.toUpperCase(),
          name: address,
          summary: textOf(operation['summary']) ?? textOf(channel['description']),
          description: textOf(operation['description']),
          isDeprecated: operation['deprecated'] === true,
          parts: () => [...addressParts(channel, refs), ...messages.flatMap((one) => messageParts(one, '', refs))],
        },
      ];
    });
  });
  return operations.length === 0 ? [] : [{ id: 'group-channels', title: 'Channels', operations: unique(operations) }];
}

/** Since 3.0 operations name their channel. Channels that no operation names are shown too. */
function operationGroups(document: JsonObject, refs: LocalRefs): readonly ApiGroup[] {
  const named = new Set<JsonObject>();
  const operations = entriesOf(document['operations']).map(([id, written]): ApiOperation => {
    const operation = refs.resolve(written).value ?? {};
    const channel = refs.resolve(operation['channel']);
    if (channel.identity !== undefined) named.add(channel.identity);
    const messages = operation['messages'] === undefined ? undefined : listOf(operation['messages']);
    return {
      ...channelOperation(id, channel.value ?? {}, channel.name ?? id, messages, refs),
      verb: (textOf(operation['action']) ?? 'operation').toUpperCase(),
      summary: textOf(operation['summary']) ?? textOf(operation['title']),
      description: textOf(operation['description']),
    };
  });
  const channels = entriesOf(document['channels']).flatMap(([name, written]) => {
    const { value, identity } = refs.resolve(written);
    if (value === undefined || identity === undefined || named.has(identity)) return [];
    return [channelOperation(`channel ${name}`, value, name, undefined, refs)];
  });
  return [
    { id: 'group-operations', title: 'Operations', operations },
    { id: 'group-channels', title: 'Channels', operations: channels },
  ].filter((group) => group.operations.length > 0);
}

/** @param messages references to those that an operation takes; undefined: all of the channel */
function channelOperation(
  id: string,
  channel: JsonObject,
  name: string,
  messages: readonly JsonValue[] | undefined,
  refs: LocalRefs,
): ApiOperation {
  const all = entriesOf(channel['messages'], MAX_MESSAGES);
  const shown = messages?.map((message): readonly [string, JsonValue] => ['', message]) ?? all;
  return {
    id,
    verb: 'CHANNEL',
    name: textOf(channel['address']) ?? name,
    summary: textOf(channel['summary']) ?? textOf(channel['title']),
    description: textOf(channel['description']),
    isDeprecated: false,
    parts: () => [
      ...addressParts(channel, refs),
      ...shown.slice(0, MAX_MESSAGES).flatMap(([key, message]) => messageParts(message, key, refs)),
    ],
  };
}

/** The parameters in an address such as `stages/{stage}/cues`. */
function addressParts(channel: JsonObject, refs: LocalRefs): readonly OperationPart[] {
  const fields = entriesOf(channel['parameters'], 50).map(([name, written]) => {
    const parameter = refs.resolve(written).value ?? {};
    const schema = parameter['schema'] ?? { ...parameter, type: 'string' };
    const field = schemaField(name, schema, { refs, above: new Set() }, true);
    return { ...field, description: textOf(parameter['description']) ?? field.description };
  });
  return fields.length === 0 ? [] : [{ title: 'Parameters', detail: 'in address', fields, examples: [] }];
}

function messageParts(written: JsonValue | undefined, key: string, refs: LocalRefs): readonly OperationPart[] {
  const { value: message, name, broken } = refs.resolve(written);
  if (broken !== undefined) return [elsewherePart(`Message ${name}`, broken)];
  if (message === undefined) return [];
  const title = `Message ${textOf(message['title']) ?? textOf(message['name']) ?? name ?? key}`.trim();
  const payload = objectOf(message['payload']);
  // Since 3.0 a payload may say of which language its schema is; others than JSON Schema are only named.
  const format = textOf(payload['schemaFormat']) ?? textOf(message['schemaFormat']);
  const isForeign = format !== undefined && !/json|yaml|asyncapi|openapi/i.test(format);
  const schema = payload['schemaFormat'] === undefined ? message['payload'] : payload['schema'];
  const place = { refs, above: new Set<JsonObject>() };
  const parts: OperationPart[] = [
    {
      title,
      detail: format ?? textOf(message['contentType']),
      description: textOf(message['description']) ?? textOf(message['summary']),
      fields: isForeign || schema === undefined ? [] : [schemaField('', schema, place)],
      examples: listOf(message['examples']).slice(0, MAX_EXAMPLES).map(messageExample),
    },
  ];
  if (message['headers'] !== undefined) {
    parts.push({ title, detail: 'headers', fields: [schemaField('', message['headers'], place)], examples: [] });
  }
  return parts;
}

function messageExample(written: JsonValue): { readonly title: string; readonly text: string } {
  const example = objectOf(written);
  const title = textOf(example['summary']) ?? textOf(example['name']) ?? 'Example';
  return { title, text: exampleText(example['payload'] ?? written) };
}

/** Ids stand in URLs; the second of a name gets its action and address. */
function unique(operations: readonly ApiOperation[]): readonly ApiOperation[] {
  const seen = new Set<string>();
  return operations.map((operation) => {
    const id = seen.has(operation.id) ? `${operation.verb.toLowerCase()} ${operation.name}` : operation.id;
    seen.add(id);
    return { ...operation, id };
  });
}
