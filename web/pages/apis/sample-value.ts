import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/model/json.ts';
import { entriesOf, listOf, textOf, type LocalRefs } from './local-refs.ts';
import { boundedCopy } from './schema-notes.ts';

/** Levels and values of a sample: enough for a request that somebody fills in. */
const MAX_LEVELS = 6;
const MAX_VALUES = 200;

/** Texts of the formats that people most often get wrong. */
const FORMATS: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T19:30:00Z',
  email: 'someone@example.org',
  uri: 'https://example.org/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

/** A value that a schema allows, made of its examples and defaults where it has them. */
export function sampleValue(schema: JsonValue | undefined, refs: LocalRefs): JsonValue {
  let values = 0;
  const sample = (written: JsonValue | undefined, levels: number): JsonValue => {
    values += 1;
    const { value } = refs.resolve(written);
    if (value === undefined || levels === 0 || values > MAX_VALUES) return null;
    const given = givenValue(value);
    if (given !== undefined) return boundedCopy(given);
    const [choice] = [...listOf(value['oneOf']), ...listOf(value['anyOf'])];
    if (choice !== undefined) return sample(choice, levels - 1);
    const type = typeOf(value);
    if (type === 'array') return [sample(value['items'], levels - 1)];
    if (type !== 'object') return scalar(type, value);
    const map: Record<string, JsonValue> = {};
    for (const part of listOf(value['allOf'])) {
      const below = sample(part, levels - 1);
      if (isJsonObject(below)) for (const [key, item] of entriesOf(below)) map[key] = item;
    }
    for (const [name, property] of entriesOf(value['properties'], MAX_VALUES)) {
      if (refs.resolve(property).value?.['readOnly'] !== true) map[name] = sample(property, levels - 1);
    }
    return map;
  };
  return sample(schema, MAX_LEVELS);
}

function givenValue(schema: JsonObject): JsonValue | undefined {
  const [example] = listOf(schema['examples']);
  const [choice] = listOf(schema['enum']);
  return schema['example'] ?? example ?? schema['default'] ?? schema['const'] ?? choice;
}

function typeOf(schema: JsonObject): string {
  const [first] = listOf(schema['type']);
  const type = textOf(schema['type']) ?? textOf(first);
  if (type !== undefined) return type;
  if (schema['items'] !== undefined) return 'array';
  return schema['properties'] === undefined && schema['allOf'] === undefined ? 'string' : 'object';
}

function scalar(type: string, schema: JsonObject): JsonValue {
  switch (type) {
    case 'integer':
    case 'number':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 0;
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return FORMATS[textOf(schema['format']) ?? ''] ?? 'text';
  }
}
