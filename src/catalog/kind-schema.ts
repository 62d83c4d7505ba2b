import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { builtinKinds } from '../model/builtin-kinds.ts';
import { isJsonObject, type JsonArray, type JsonValue } from '../model/json.ts';
import type { KindDefinition } from '../model/kinds.ts';
import { nearestName } from '../base/nearest-name.ts';
import { formatPath, showValue, type Finding, type Path } from './finding.ts';

/** Checks the `spec` of an entity of one kind. */
export type SpecCheck = (spec: JsonValue | undefined) => readonly Finding[];

/** More findings than these of one document help nobody. */
const MAX_FINDINGS = 20;

// Foreign kinds may use formats and keywords that are not known here; these are ignored. Schemas are not checked
// against the JSON Schema of schemas but where they are foreign: that alone would take longer than all the rest.
const ajv = new Ajv({ allErrors: true, strict: false, verbose: true, validateFormats: false, validateSchema: false });

const builtinNames: ReadonlySet<string> = new Set(builtinKinds.map((kind) => kind.kind));

/**
 * Compiles the spec schema of a kind.
 * @throws Error when the schema is not a JSON Schema (a fault of the manifest that declares the kind)
 */
export function compileSpecCheck(kind: KindDefinition): SpecCheck {
  if (!builtinNames.has(kind.kind) && !ajv.validateSchema(kind.spec)) throw new Error(ajv.errorsText());
  // A name of its own would let a schema be compiled only once in a process.
  const { $id: _name, ...schema } = kind.spec;
  const validate: ValidateFunction = ajv.compile(schema);
  const needsSpec = kind.spec['type'] === 'object';
  return (spec) => {
    if (spec === undefined) return needsSpec ? [missingSpec(kind)] : [];
    // A spec that is no map was already reported with the envelope.
    if (!isJsonObject(spec) || validate(spec) || validate(withoutPlaceholders(spec))) return [];
    const findings = (validate.errors ?? []).flatMap((error) => finding(error, kind));
    return findings.slice(0, MAX_FINDINGS);
  };
}

function missingSpec(kind: KindDefinition): Finding {
  const required = requiredFields(kind);
  const fix = required.length === 0 ? 'Add spec' : `Add spec with ${required.join(', ')}`;
  return { code: 'entity-schema', severity: 'error', message: 'spec is missing', path: ['spec'], fix };
}

function requiredFields(kind: KindDefinition): readonly string[] {
  const required = kind.spec['required'];
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
}

/** A placeholder such as `{ $text: ./api.yaml }` stands for text that is checked when it has been read. */
export function isPlaceholder(value: JsonValue | undefined): boolean {
  if (!isJsonObject(value)) return false;
  const keys = Object.keys(value);
  const key = keys[0];
  return keys.length === 1 && key !== undefined && /^\$[a-z][a-zA-Z]*$/.test(key) && typeof value[key] === 'string';
}

/** Placeholders that stand for text become text; what `$yaml` and `$json` stand for is not known. */
function withoutPlaceholders(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as JsonArray).map(withoutPlaceholders);
  if (!isJsonObject(value)) return value;
  if (isPlaceholder(value) && value['$yaml'] === undefined && value['$json'] === undefined) return 'text';
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, item === undefined ? item : withoutPlaceholders(item)]),
  );
}

function finding(error: ErrorObject, kind: KindDefinition): readonly Finding[] {
  // The branches of an if say what is wrong; they themselves only say that something is. For oneOf it is the other way.
  if (error.keyword === 'if' || /\/(one|any)Of\/\d/.test(error.schemaPath)) return [];
  const path: Path = ['spec', ...segments(error.instancePath)];
  const at = (where: Path, message: string, fix?: string): readonly Finding[] => [
    { code: 'entity-schema', severity: 'error', message, path: where, fix },
  ];
  const name = formatPath(path);
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'required': {
      const missing = String(params['missingProperty']);
      return at([...path, missing], `${formatPath([...path, missing])} is missing`, missingFix(error, missing, kind));
    }
    case 'type': {
      const wanted = typeName(params['type']);
      return at(path, `${name} must be ${wanted} but is ${showValue(error.data)}`, typeFix(error.data, wanted));
    }
    case 'minLength':
      return at(path, `${name} is empty`, 'Write text, or leave the field out');
    case 'enum': {
      const allowed = (params['allowedValues'] as readonly unknown[]).map(String);
      const near = typeof error.data === 'string' ? nearestName(error.data, allowed) : undefined;
      const fix = near === undefined ? `Use one of ${allowed.join(', ')}` : `Did you mean ${near}?`;
      return at(path, `${name} ${showValue(error.data)} is not allowed`, fix);
    }
    case 'oneOf':
    case 'anyOf':
      return at(path, `${name} has none of the allowed forms: ${showValue(error.data)}`);
    default:
      return at(path, `${name} ${error.message ?? 'is not valid'}: ${showValue(error.data)}`);
  }
}

function segments(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function missingFix(error: ErrorObject, missing: string, kind: KindDefinition): string {
  const present = isJsonObject(error.data) ? Object.keys(error.data) : [];
  const known =
    error.instancePath === '' ? Object.keys(isJsonObject(kind.spec['properties']) ? kind.spec['properties'] : {}) : [];
  const near = nearestName(
    missing,
    present.filter((name) => !known.includes(name)),
  );
  return near === undefined ? `Add ${missing}` : `Did you mean ${missing} where ${near} stands?`;
}

function typeName(type: unknown): string {
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    array: 'a list',
    object: 'a map',
    number: 'a number',
    integer: 'a whole number',
    boolean: 'true or false',
  };
  const types = Array.isArray(type) ? type.map(String) : [String(type)];
  return types.map((each) => names[each] ?? each).join(' or ');
}

function typeFix(value: unknown, wanted: string): string {
  if (value === null) return 'Write a value, or leave the field out';
  if (wanted === 'text' && (typeof value === 'number' || typeof value === 'boolean')) {
    return `Write it in quotes: "${String(value)}"`;
  }
  if (wanted === 'a list' && typeof value === 'string') return `Write a list: [${value.slice(0, 60)}]`;
  return `Write ${wanted}`;
}
