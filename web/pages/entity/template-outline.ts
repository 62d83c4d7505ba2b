import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/model/json.ts';

/** One thing that a template asks. */
export interface TemplateInput {
  /** Number of the page of the form that asks it, from 0. */
  readonly page: number;
  readonly name: string;
  readonly title: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
}

/** One thing that a template does. */
export interface TemplateStep {
  readonly id: string;
  readonly name: string;
  readonly action: string;
  /** Written condition under which it is done. */
  readonly condition: string | undefined;
}

/** The inputs of `spec.parameters`: one JSON Schema, or a list of them, one for each page of the form. */
export function templateInputs(parameters: JsonValue | undefined): readonly TemplateInput[] {
  const pages: readonly JsonValue[] = Array.isArray(parameters) ? parameters : [parameters ?? null];
  return pages.flatMap((schema, page) => (isJsonObject(schema) ? inputsOf(schema, page) : []));
}

function inputsOf(schema: JsonObject, page: number): readonly TemplateInput[] {
  const { properties, required } = schema;
  if (!isJsonObject(properties)) return [];
  const needed: readonly JsonValue[] = Array.isArray(required) ? required : [];
  return Object.entries(properties).flatMap(([name, property]) =>
    isJsonObject(property)
      ? [
          {
            page,
            name,
            title: textAt(property, 'title') ?? name,
            type: typeText(property),
            isRequired: needed.includes(name),
            description: textAt(property, 'description') ?? '',
          },
        ]
      : [],
  );
}

/** The steps of `spec.steps`. */
export function templateSteps(steps: JsonValue | undefined): readonly TemplateStep[] {
  if (!Array.isArray(steps)) return [];
  return steps.flatMap((step: JsonValue, at) => {
    if (!isJsonObject(step)) return [];
    const id = textAt(step, 'id') ?? `step-${at + 1}`;
    const { if: condition } = step;
    return [
      {
        id: `${at} ${id}`,
        name: textAt(step, 'name') ?? id,
        action: textAt(step, 'action') ?? '',
        condition: typeof condition === 'string' || typeof condition === 'boolean' ? `${condition}` : undefined,
      },
    ];
  });
}

function typeText(property: JsonObject): string {
  const { type, enum: values } = property;
  if (Array.isArray(values)) return `one of ${values.length}`;
  const picker = textAt(property, 'ui:field');
  return picker ?? (typeof type === 'string' ? type : 'any');
}

function textAt(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
