import { type JsonObject, type JsonValue } from '../../../src/model/json.ts';
import { entriesOf, listOf, textOf } from './local-refs.ts';

/** Values of an enumeration that are shown. */
const SHOWN_VALUES = 24;
/** Nodes and levels of an example that are shown. */
const EXAMPLE_NODES = 2000;
const EXAMPLE_LEVELS = 30;

/** What else a schema says about a value: bounds, choices, defaults. */
export function schemaNotes(schema: JsonObject): string[] {
  const notes: string[] = [];
  const values = schema['enum'] === undefined ? undefined : listOf(schema['enum']);
  if (values !== undefined) {
    const more = values.length > SHOWN_VALUES ? ` and ${values.length - SHOWN_VALUES} more` : '';
    notes.push(`one of ${values.slice(0, SHOWN_VALUES).map(shortText).join(', ')}${more}`);
  }
  if (schema['const'] !== undefined) notes.push(`always ${shortText(schema['const'])}`);
  notes.push(...bounds(schema));
  if (schema['pattern'] !== undefined) notes.push(`like ${shortText(schema['pattern'])}`);
  if (schema['uniqueItems'] === true) notes.push('no value twice');
  if (schema['default'] !== undefined) notes.push(`default ${shortText(schema['default'])}`);
  if (schema['readOnly'] === true) notes.push('only in answers');
  if (schema['writeOnly'] === true) notes.push('only in requests');
  const [example] = listOf(schema['examples']);
  const shown = schema['example'] ?? example;
  if (shown !== undefined && (typeof shown !== 'object' || shown === null)) notes.push(`such as ${shortText(shown)}`);
  return notes;
}

function bounds(schema: JsonObject): readonly string[] {
  const range = (least: string, most: string, unit: string): string | undefined => {
    const [from, to] = [textOf(schema[least]), textOf(schema[most])];
    if (from !== undefined && to !== undefined) return from === to ? `${from}${unit}` : `${from} to ${to}${unit}`;
    if (from !== undefined) return `at least ${from}${unit}`;
    return to === undefined ? undefined : `at most ${to}${unit}`;
  };
  return [
    range('minimum', 'maximum', ''),
    range('minLength', 'maxLength', ' characters'),
    range('minItems', 'maxItems', ' items'),
  ].filter((note) => note !== undefined);
}

/** A value on one line, cut where it is long. */
function shortText(value: JsonValue | undefined): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(boundedCopy(value ?? null)) ?? '');
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** An example as text: text as it is, all else as JSON. */
export function exampleText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(boundedCopy(value), undefined, 2);
}

/**
 * The value without what is more than anybody reads. Aliases of YAML can make a small text stand for a value of any
 * size, or for one that lies in itself.
 */
export function boundedCopy(value: JsonValue): JsonValue {
  let nodes = 0;
  const copy = (from: JsonValue, levels: number): JsonValue => {
    nodes += 1;
    if (typeof from !== 'object' || from === null) return from;
    if (levels === 0 || nodes > EXAMPLE_NODES) return '…';
    if (Array.isArray(from)) {
      const items: JsonValue[] = [];
      for (const item of from as readonly JsonValue[]) if (nodes <= EXAMPLE_NODES) items.push(copy(item, levels - 1));
      return items;
    }
    const map: Record<string, JsonValue> = {};
    for (const [key, item] of entriesOf(from)) if (nodes <= EXAMPLE_NODES) map[key] = copy(item, levels - 1);
    return map;
  };
  return copy(value, EXAMPLE_LEVELS);
}
