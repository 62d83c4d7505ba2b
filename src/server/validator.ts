import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import type { FieldError } from '../api/problem-details.ts';
import type { CallboardError } from '../base/errors.ts';
import { serverError } from './errors.ts';

/** Checks one part of a request in place; a returned error means it is refused. */
export type PartValidator = (data: unknown) => true | { readonly error: CallboardError };

/** The validators of one server. */
export interface Validators {
  /** The check of one part (`querystring`, `params` or `body`). It is compiled when the first request needs it. */
  validator(schema: object, part: string | undefined): PartValidator;
  /** Compiles at once. @throws Error that says why the schema cannot be used */
  assertUsable(schema: object): void;
}

const base: Options = {
  useDefaults: true,
  removeAdditional: false,
  // A misspelt keyword would check nothing, so it is a fault of the schema; the rest of the strict mode is taste.
  strict: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  // Formats are documentation: what must hold of a string is said by a pattern.
  validateFormats: false,
  // Whether a schema is one is asked where it comes from a plugin; compiling the schema of schemas takes 40 ms of the start.
  meta: false,
  validateSchema: false,
};

/** Most errors that one answer names. */
const maxErrors = 20;

/** Names of the parts as errors show them. */
const partNames: Readonly<Record<string, string>> = { querystring: 'query', params: 'path', body: 'body' };

/**
 * Makes the validators of a server. Parts that arrive as text (path, query) are coerced to the types that the schema
 * asks for, and a single value where a list is asked for becomes a list of one; bodies are taken as they are.
 */
export function createValidators(): Validators {
  // All errors of a query are named, since the size of a request's head bounds their number; of a body only the first.
  const fromText = new Ajv({ ...base, coerceTypes: 'array', allErrors: true });
  const asSent = new Ajv(base);
  let checking: Ajv | undefined;
  return {
    validator(schema, part) {
      const ajv = part === 'body' ? asSent : fromText;
      const name = partNames[part ?? ''] ?? 'request';
      let validate: ValidateFunction | undefined;
      return (data) => {
        validate ??= ajv.compile(schema);
        if (validate(data)) return true;
        return { error: refusal(name, validate.errors ?? [], schema) };
      };
    },
    assertUsable(schema) {
      checking ??= new Ajv({ ...base, meta: true, validateSchema: true });
      checking.compile(schema);
    },
  };
}

/** The schema of a query with unknown parameters refused. */
export function closedQuery(schema: object | undefined): object {
  if (schema === undefined) return { type: 'object', properties: {}, additionalProperties: false };
  return 'properties' in schema ? { ...schema, additionalProperties: false } : schema;
}

function refusal(part: string, errors: readonly ErrorObject[], schema: object): CallboardError {
  const fields = errors.slice(0, maxErrors).map((error) => fieldError(part, error, schema));
  const first = fields[0];
  const problem = first === undefined ? `${part} does not fit` : `${first.path} ${first.message}`;
  return serverError('REQUEST_INVALID', { problem }, fields);
}

function fieldError(part: string, error: ErrorObject, schema: object): FieldError {
  const place = [part, ...error.instancePath.split('/').slice(1)].map(unescapePointer);
  const params = error.params as Readonly<Record<string, unknown>>;
  if (error.keyword === 'additionalProperties') {
    const path = [...place, String(params['additionalProperty'])].join('.');
    return { path, message: place.length > 1 ? 'is not known here' : `is not known here; known: ${known(schema)}` };
  }
  if (error.keyword === 'required') {
    return { path: [...place, String(params['missingProperty'])].join('.'), message: 'is missing' };
  }
  const allowed = Array.isArray(params['allowedValues']) ? `: ${params['allowedValues'].map(String).join(', ')}` : '';
  return { path: place.join('.'), message: `${error.message ?? 'does not fit'}${allowed}` };
}

function known(schema: object): string {
  const names = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return names.length === 0 ? 'none' : names.join(', ');
}

function unescapePointer(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
