import type { ProblemDetails } from '../api/problem-details.ts';
import type { FailedRequest, Failure } from './failure.ts';

/**
 * How one part of the API speaks: the shape of its errors and what it does with query parameters it does not know.
 * The part is everything under `prefix`; of several that fit the longest counts.
 */
export interface ApiDialect {
  /** Path prefix, e.g. `/api/catalog`. */
  readonly prefix: string;
  readonly contentType: string;
  /** `refuse`: an unknown query parameter is an error that names it; `ignore`: it is passed over. */
  readonly unknownQuery: 'refuse' | 'ignore';
  /** The HTTP status of an error, where the dialect knows another than the failure's own. */
  statusOf?(failure: Failure): number;
  /** The JSON body of an error; `undefined`: no body. */
  format(failure: Failure, request: FailedRequest): unknown;
}

/** Callboard's own: problem+json (RFC 9457). */
export const ownDialect: ApiDialect = {
  prefix: '/',
  contentType: 'application/problem+json',
  unknownQuery: 'refuse',
  format: (failure, request): ProblemDetails => ({
    type: `urn:callboard:error:${failure.code.toLowerCase().replaceAll('_', '-')}`,
    title: failure.title,
    status: failure.status,
    detail: failure.detail,
    code: failure.code,
    instance: `${request.url.split('?', 1)[0] ?? ''}#${request.id}`,
    ...(failure.errors.length > 0 && { errors: [...failure.errors] }),
    ...(Object.keys(failure.details).length > 0 && { details: { ...failure.details } }),
  }),
};

/** Finds the dialect of a path. */
export type DialectOf = (path: string) => ApiDialect;

/** Orders dialects so that the longest fitting prefix counts; a prefix ends at a `/` or at the end of the path. */
export function chooseDialect(dialects: readonly ApiDialect[]): DialectOf {
  const longestFirst = [...dialects].sort((a, b) => b.prefix.length - a.prefix.length);
  return (path) =>
    longestFirst.find(
      ({ prefix }) => path === prefix || path.startsWith(`${prefix}/`) || path.startsWith(`${prefix}?`),
    ) ?? ownDialect;
}
