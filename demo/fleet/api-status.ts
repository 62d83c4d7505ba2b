import type { JsonMap } from './kube-object.ts';

/** The reasons of the Kubernetes API, with their HTTP codes. */
const codes = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Expired: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServiceUnavailable: 503,
  Timeout: 504,
} as const;

/** Why a request failed. */
export type StatusReason = keyof typeof codes;

/** A request that fails as the Kubernetes API says it: a `Status` object. */
export class ApiStatusError extends Error {
  readonly code: number;
  readonly reason: StatusReason;
  readonly details: JsonMap | undefined;
  /** A `continue` token that goes on with what is there now. */
  readonly continueToken: string | undefined;

  /** @param details `details` of the Status, such as `{name, kind, causes, retryAfterSeconds}` */
  constructor(reason: StatusReason, message: string, details?: JsonMap, continueToken?: string) {
    super(message);
    this.reason = reason;
    this.code = codes[reason];
    this.details = details;
    this.continueToken = continueToken;
  }

  /** The `Status` object that is sent. */
  get body(): JsonMap {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.continueToken === undefined ? {} : { continue: this.continueToken },
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    };
  }
}

/** One field that is wrong, as `kubectl` prints it. */
export interface FieldCause {
  readonly field: string;
  readonly message: string;
  readonly reason: string;
}

/** 422 for an object whose fields are wrong. */
export function invalid(kind: string, group: string, name: string, causes: readonly FieldCause[]): ApiStatusError {
  const title = group === '' ? kind : `${kind}.${group}`;
  const told = causes.map(({ field, message }) => `${field}: ${message}`);
  const listed = told.length === 1 ? (told[0] ?? '') : `[${told.join(', ')}]`;
  return new ApiStatusError('Invalid', `${title} "${name}" is invalid: ${listed}`, {
    name,
    group,
    kind,
    causes: causes.map(({ field, message, reason }) => ({ reason, message, field })),
  });
}
