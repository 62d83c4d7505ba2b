import type { JsonObject, JsonValue } from '../../../src/model/json.ts';
import type { Example, OperationPart, SchemaField } from './api-outline.ts';
import { entriesOf, listOf, objectOf, textOf, type LocalRefs } from './local-refs.ts';
import { elsewherePart, schemaField } from './schema-fields.ts';
import { exampleText } from './schema-notes.ts';

/** Media types that are shown of one body, and examples of one media type. */
const MAX_MEDIA = 6;
const MAX_EXAMPLES = 6;

/** The document that an operation stands in. */
export interface OperationPlace {
  readonly refs: LocalRefs;
  /** True for 2.0, where bodies are parameters and schemas stand beside each other. */
  readonly isTwo: boolean;
  readonly document: JsonObject;
}

/** Parameters of an operation, those of its path among them. */
export interface Parameters {
  readonly all: readonly JsonObject[];
  readonly parts: readonly OperationPart[];
}

/** Places of parameters, in the order of a request. */
const PLACES = ['path', 'query', 'querystring', 'header', 'cookie'] as const;

/** Reads the parameters; one of the operation stands for one of the path with the same name and place. */
export function parametersOf(item: JsonObject, operation: JsonObject, refs: LocalRefs): Parameters {
  const byKey = new Map<string, JsonObject>();
  const missing: OperationPart[] = [];
  for (const written of [...listOf(item['parameters']), ...listOf(operation['parameters'])].slice(0, 500)) {
    const { value, name = '', broken } = refs.resolve(written);
    if (value !== undefined) byKey.set(`${textOf(value['in'])} ${textOf(value['name'])}`, value);
    if (broken !== undefined) missing.push(elsewherePart(`Parameter ${name}`, broken));
  }
  const all = [...byKey.values()];
  const parts = PLACES.flatMap((place) => {
    const fields = all.filter((one) => one['in'] === place).map((one) => parameterField(one, refs));
    return fields.length === 0 ? [] : [{ title: 'Parameters', detail: `in ${place}`, fields, examples: [] }];
  });
  return { all, parts: [...parts, ...missing] };
}

function parameterField(parameter: JsonObject, refs: LocalRefs): SchemaField {
  const [media] = entriesOf(parameter['content'], 1);
  // In 2.0 the parameter is its own schema.
  const schema = parameter['schema'] ?? objectOf(media?.[1])['schema'] ?? parameter;
  const isRequired = parameter['required'] === true;
  const field = schemaField(textOf(parameter['name']) ?? '', schema, { refs, above: new Set() }, isRequired);
  const example = parameter['example'];
  return {
    ...field,
    description: textOf(parameter['description']) ?? field.description,
    isDeprecated: parameter['deprecated'] === true || field.isDeprecated,
    notes:
      example === undefined || schema === parameter ? field.notes : [...field.notes, `such as ${exampleText(example)}`],
  };
}

/** What is sent. */
export function bodyParts(
  operation: JsonObject,
  parameters: Parameters,
  place: OperationPlace,
): readonly OperationPart[] {
  if (place.isTwo) return oldBody(operation, parameters, place);
  const { value, broken } = place.refs.resolve(operation['requestBody']);
  if (broken !== undefined) return [elsewherePart('Request body', broken)];
  if (value === undefined) return [];
  const title = value['required'] === true ? 'Request body' : 'Request body, optional';
  return mediaParts(title, value, place);
}

function oldBody(operation: JsonObject, parameters: Parameters, place: OperationPlace): readonly OperationPart[] {
  const detail = mediaNames(operation['consumes'] ?? place.document['consumes']);
  const body = parameters.all.find((one) => one['in'] === 'body');
  const form = parameters.all.filter((one) => one['in'] === 'formData');
  const parts: OperationPart[] = [];
  if (body !== undefined) {
    const fields = bodyFields(body['schema'], place.refs);
    parts.push({ title: 'Request body', detail, description: textOf(body['description']), fields, examples: [] });
  }
  if (form.length > 0) {
    const fields = form.map((one) => parameterField(one, place.refs));
    parts.push({ title: 'Request form', detail, fields, examples: [] });
  }
  return parts;
}

/** What is answered, by status. */
export function responseParts(operation: JsonObject, place: OperationPlace): readonly OperationPart[] {
  return entriesOf(operation['responses'], 100).flatMap(([status, written]) => {
    const { value, broken } = place.refs.resolve(written);
    if (value === undefined && broken === undefined) return [];
    const title = status === 'default' ? 'Any other response' : `Response ${status}`;
    if (value === undefined) return [elsewherePart(title, broken ?? '')];
    const isFolded = !status.startsWith('2');
    if (!place.isTwo) return mediaParts(title, value, place).map((part) => ({ ...part, isFolded }));
    const detail =
      value['schema'] === undefined ? undefined : mediaNames(operation['produces'] ?? place.document['produces']);
    const examples = entriesOf(value['examples'], MAX_EXAMPLES).map(([media, example]) => ({
      title: `Example, ${media}`,
      text: exampleText(example),
    }));
    const fields = bodyFields(value['schema'], place.refs);
    return [{ title, detail, description: textOf(value['description']), fields, examples, isFolded }];
  });
}

/** One part for each media type; headers and words stand with the first. */
function mediaParts(title: string, holder: JsonObject, { refs }: OperationPlace): readonly OperationPart[] {
  const description = textOf(holder['description']);
  const headers = entriesOf(holder['headers'], 50).map(([name, header]) =>
    parameterField({ ...refs.resolve(header).value, name }, refs),
  );
  const media = entriesOf(holder['content'], MAX_MEDIA);
  const parts = media.map(([detail, written], at): OperationPart => {
    const content = objectOf(written);
    return {
      title,
      detail,
      description: at === 0 ? description : undefined,
      fields: bodyFields(content['schema'] ?? content['itemSchema'], refs),
      examples: examplesOf(content, refs),
    };
  });
  if (parts.length === 0) parts.push({ title, description, fields: [], examples: [] });
  if (headers.length > 0) parts.push({ title, detail: 'headers', fields: headers, examples: [] });
  return parts;
}

/** A body is one row that stands for the whole. */
function bodyFields(schema: JsonValue | undefined, refs: LocalRefs): readonly SchemaField[] {
  return schema === undefined ? [] : [schemaField('', schema, { refs, above: new Set() })];
}

function examplesOf(content: JsonObject, refs: LocalRefs): readonly Example[] {
  const one = content['example'];
  const many = entriesOf(content['examples'], MAX_EXAMPLES).flatMap(([title, written]) => {
    const example = refs.resolve(written).value ?? {};
    const value = example['value'] ?? example['dataValue'] ?? example['serializedValue'];
    return value === undefined ? [] : [{ title: textOf(example['summary']) ?? title, text: exampleText(value) }];
  });
  return one === undefined ? many : [{ title: 'Example', text: exampleText(one) }, ...many];
}

function mediaNames(list: JsonValue | undefined): string | undefined {
  const names = listOf(list)
    .map(textOf)
    .filter((name) => name !== undefined);
  return names.length === 0 ? undefined : names.slice(0, MAX_MEDIA).join(', ');
}
