/** One entry of an error catalogue: the HTTP status it maps to and its message with `{name}` places. */
export interface ErrorDefinition {
  readonly status: number;
  readonly message: string;
}

/** Values for the places of a message; they are also sent as `details`. Never put a secret here. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/**
 * The one error class for faults that have a name. Edges map `status` to HTTP or to an exit code; `code` is stable.
 */
export class CallboardError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: ErrorDetails;

  constructor(code: string, status: number, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CallboardError';
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

/** Makes an error of a known code. */
export type ErrorFactory<Code extends string> = (code: Code, details?: ErrorDetails, cause?: unknown) => CallboardError;

const catalogue = new Map<string, ErrorDefinition>();

/**
 * Declares a room's error codes and returns the function that makes them.
 *
 * @param definitions code -> status and message; `{name}` in a message is filled from the details
 * @returns a factory; the caller throws what it makes
 * @example
 * const failure = defineErrors({ ENTITY_NOT_FOUND: { status: 404, message: 'No entity {ref}' } });
 * throw failure('ENTITY_NOT_FOUND', { ref });
 */
export function defineErrors<Code extends string>(definitions: Record<Code, ErrorDefinition>): ErrorFactory<Code> {
  for (const [code, definition] of Object.entries<ErrorDefinition>(definitions)) catalogue.set(code, definition);
  return (code, details = {}, cause) => {
    const { status, message } = definitions[code];
    const text = message.replace(/\{(\w+)\}/g, (place, name: string) =>
      name in details ? String(details[name]) : place,
    );
    return new CallboardError(code, status, text, details, cause);
  };
}

/** Every code declared by the modules loaded so far, for the generated reference. */
export function errorCatalogue(): ReadonlyMap<string, ErrorDefinition> {
  return catalogue;
}

/** The message of anything thrown, for logs and results. */
export function errorMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
