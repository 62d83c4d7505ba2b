import { STATUS_CODES } from 'node:http';
import type { FieldError } from '../api/problem-details.ts';
import { CallboardError, type ErrorDetails } from '../base/errors.ts';
import { maskSecrets } from '../telemetry/mask.ts';
import { serverError } from './errors.ts';

/** What a client is told of a fault, before a format gives it a shape. Holds no stack and no secret. */
export interface Failure {
  readonly status: number;
  /** The status in words. */
  readonly title: string;
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  readonly details: ErrorDetails;
}

/** The request that failed, as much as an answer may say of it. */
export interface FailedRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly id: string;
  /** Most bytes that its body may have. */
  readonly bodyBytes: number;
}

/**
 * What to say of anything thrown while answering. Coded errors speak for themselves; what Fastify refuses gets a code
 * of ours; everything else is INTERNAL, of which only the log knows more.
 *
 * @param thrown whatever was thrown
 * @param request where it was thrown
 */
export function failureOf(thrown: unknown, request: FailedRequest): Failure {
  const error = thrown instanceof CallboardError ? thrown : translate(thrown, request);
  const isField = error.code === 'REQUEST_INVALID' && Array.isArray(error.cause);
  return {
    status: error.status,
    title: STATUS_CODES[error.status] ?? 'Error',
    code: error.code,
    detail: maskSecrets(error.message),
    errors: isField ? (error.cause as readonly FieldError[]).map(masked) : [],
    details: masked(error.details),
  };
}

/** The same without secrets: what was wrong may quote what it was wrong with. */
function masked<Texts extends object>(texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, maskedValue(value)])) as Texts;
}

function maskedValue(value: unknown): unknown {
  if (typeof value === 'string') return maskSecrets(value);
  return Array.isArray(value) ? value.map(maskedValue) : value;
}

function translate(thrown: unknown, request: FailedRequest): CallboardError {
  if (thrown instanceof Error && 'statusCode' in thrown && isClientStatus(thrown.statusCode)) {
    const code = 'code' in thrown ? thrown.code : undefined;
    const problem = thrown.message;
    if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return serverError('MEDIA_TYPE_UNSUPPORTED', {}, thrown);
    if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
      return serverError('BODY_TOO_LARGE', { limit: request.bodyBytes }, thrown);
    return serverError('REQUEST_REFUSED', { problem }, thrown);
  }
  return serverError('INTERNAL', { request: request.id }, thrown);
}

function isClientStatus(status: unknown): boolean {
  return typeof status === 'number' && status >= 400 && status < 500;
}
