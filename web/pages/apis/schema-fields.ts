import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/model/json.ts';
import type { OperationPart, SchemaField } from './api-outline.ts';
import { entriesOf, listOf, objectOf, textOf, type LocalRefs, type Resolved } from './local-refs.ts';
import { schemaNotes } from './schema-notes.ts';

/** Rows of one level at most. */
const MAX_FIELDS = 500;
/** Levels of lists in lists, and of schemas put together from others, that are looked through at once. */
const MAX_WRAPS = 8;
/** What a choice counts as among those levels, and choices that are named: the work grows with their product. */
const CHOICE_WRAPS = 4;
const NAMED_CHOICES = 6;

/** Where a schema stands. */
export interface SchemaPlace {
  readonly refs: LocalRefs;
  /** The schemas that this one lies in. Meeting one of them again closes a circle. */
  readonly above: ReadonlySet<JsonObject>;
}

/**
 * A JSON Schema (any draft, and OpenAPI's dialects) as a row of a tree.
 *
 * @param schema as it is written, perhaps a reference
 */
export function schemaField(
  name: string,
  schema: JsonValue | undefined,
  place: SchemaPlace,
  isRequired = false,
): SchemaField {
  const { value, broken } = place.refs.resolve(schema);
  const inner = innermost(schema, place.refs);
  const isCircle = inner.identity !== undefined && place.above.has(inner.identity);
  const hasFields = inner.identity !== undefined && !isCircle && mayHaveFields(inner.identity);
  const notes: string[] = value === undefined ? [] : schemaNotes(value);
  if (broken !== undefined) notes.push(`described in ${broken}`);
  return {
    name,
    type: typeText(schema, place.refs, 0),
    isRequired,
    isDeprecated: value?.['deprecated'] === true,
    description: textOf(value?.['description']),
    notes: isCircle ? [...notes, 'as above'] : notes,
    fields: hasFields ? () => fieldsOf(inner.identity ?? {}, place) : undefined,
  };
}

/** What a schema says in one or two words. */
function typeText(schema: JsonValue | undefined, refs: LocalRefs, wraps: number): string {
  if (schema === false) return 'nothing';
  const { value, name, broken } = refs.resolve(schema);
  if (broken !== undefined) return `${name} (elsewhere)`;
  if (value === undefined || wraps > MAX_WRAPS) return name ?? 'anything';
  const plain = plainType(value, refs, wraps);
  const own = name === undefined || name === plain ? plain : isNamed(plain) ? name : `${name}, ${plain}`;
  return value['nullable'] === true ? `${own} or null` : own;
}

/** A name says more than `object`; less than `list of Seat`. */
function isNamed(plain: string): boolean {
  return plain === 'object' || plain === 'anything' || plain.startsWith('one of') || plain.startsWith('any of');
}

function plainType(schema: JsonObject, refs: LocalRefs, wraps: number): string {
  const types = [...new Set(listOf(schema['type']))].map(textOf).filter((type) => type !== undefined);
  if (types.length > 0) return types.map((one) => oneType(one, schema, refs, wraps)).join(' or ');
  const written = textOf(schema['type']);
  if (written !== undefined) return oneType(written, schema, refs, wraps);
  for (const [key, words] of [
    ['oneOf', 'one of'],
    ['anyOf', 'any of'],
  ] as const) {
    const names = listOf(schema[key])
      .slice(0, NAMED_CHOICES)
      .map((item) => typeText(item, refs, wraps + CHOICE_WRAPS));
    if (names.length > 0) return `${words} ${[...new Set(names)].join(', ')}`;
  }
  if (schema['items'] !== undefined) return oneType('array', schema, refs, wraps);
  const [first] = listOf(schema['allOf']);
  if (isJsonObject(schema['properties']) || first !== undefined) return 'object';
  return schema['enum'] === undefined && schema['const'] === undefined ? 'anything' : 'text';
}

function oneType(type: string, schema: JsonObject, refs: LocalRefs, wraps: number): string {
  const format = textOf(schema['format']);
  switch (type) {
    case 'array':
      return schema['items'] === undefined ? 'list' : `list of ${typeText(schema['items'], refs, wraps + 1)}`;
    case 'object': {
      const more = schema['additionalProperties'];
      const isMap = isJsonObject(more) && schema['properties'] === undefined;
      return isMap ? `map of ${typeText(more, refs, wraps + 1)}` : 'object';
    }
    case 'string':
      return format === undefined ? 'text' : `text (${format})`;
    case 'integer':
    case 'number':
      return format === undefined ? type : `${type} (${format})`;
    default:
      return type;
  }
}

/** The schema whose fields are shown: that of the items of a list, of the values of a map. */
function innermost(schema: JsonValue | undefined, refs: LocalRefs): Resolved {
  let here = refs.resolve(schema);
  for (let wrap = 0; wrap < MAX_WRAPS && here.value !== undefined; wrap += 1) {
    const below = here.value['items'] ?? (here.value['properties'] === undefined ? mapValues(here.value) : undefined);
    if (below === undefined) break;
    here = refs.resolve(below);
  }
  return here;
}

function mapValues(schema: JsonObject): JsonObject | undefined {
  const more = schema['additionalProperties'];
  return isJsonObject(more) ? more : undefined;
}

function mayHaveFields(schema: JsonObject): boolean {
  const keys = ['properties', 'patternProperties', 'oneOf', 'anyOf', 'allOf'];
  return keys.some((key) => typeof schema[key] === 'object');
}

/** The rows below a schema: its properties, those that come from `allOf`, and its choices. */
function fieldsOf(schema: JsonObject, place: SchemaPlace): readonly SchemaField[] {
  const inside: SchemaPlace = { refs: place.refs, above: new Set([...place.above, schema]) };
  const fields = [...ownFields(schema, inside, new Set([schema]), MAX_WRAPS)];
  for (const key of ['oneOf', 'anyOf']) {
    const choices = listOf(schema[key]).slice(0, MAX_FIELDS + 1);
    for (const [at, choice] of choices.entries()) {
      const { name } = place.refs.resolve(choice);
      const title = textOf(objectOf(choice)['title']);
      fields.push({ ...schemaField(name ?? title ?? `choice ${at + 1}`, choice, inside), isRequired: false });
    }
  }
  if (fields.length <= MAX_FIELDS) return fields;
  const rest = 'more than is shown here';
  return [...fields.slice(0, MAX_FIELDS), { name: '…', type: rest, isRequired: false, isDeprecated: false, notes: [] }];
}

/**
 * @param met schemas whose properties are among the rows: each counts once, or a few aliases would make endless work
 * @param wraps levels of `allOf` that are still followed
 */
function ownFields(
  schema: JsonObject,
  inside: SchemaPlace,
  met: Set<JsonObject>,
  wraps: number,
): readonly SchemaField[] {
  const required = new Set(listOf(schema['required']));
  const fields = entriesOf(schema['properties'], MAX_FIELDS + 1).map(([name, value]) =>
    schemaField(name, value, inside, required.has(name)),
  );
  for (const [pattern, value] of entriesOf(schema['patternProperties'], MAX_FIELDS)) {
    fields.push(schemaField(`/${pattern}/`, value, inside));
  }
  const more = schema['properties'] === undefined ? undefined : mapValues(schema);
  if (more !== undefined) fields.push(schemaField('any other', more, inside));
  if (wraps === 0) return fields;
  for (const part of listOf(schema['allOf'])) {
    const { identity } = inside.refs.resolve(part);
    if (identity === undefined || met.has(identity) || fields.length > MAX_FIELDS) continue;
    met.add(identity);
    const within: SchemaPlace = { refs: inside.refs, above: new Set([...inside.above, identity]) };
    const known = new Set(fields.map(({ name }) => name));
    fields.push(...ownFields(identity, within, met, wraps - 1).filter(({ name }) => !known.has(name)));
  }
  return fields;
}

/** What stands for something that lies outside of the document. */
export function elsewherePart(title: string, ref: string): OperationPart {
  return { title, description: `Described elsewhere, in ${ref}`, fields: [], examples: [] };
}
