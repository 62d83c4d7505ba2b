import type { ApiDialect } from '../error-format.ts';
import type { FailedRequest, Failure } from '../failure.ts';

const PREFIX = '/api/catalog';

/** Names that Backstage's clients know, by HTTP status. */
const errorNames: Readonly<Record<number, string>> = {
  400: 'InputError',
  401: 'AuthenticationError',
  403: 'NotAllowedError',
  404: 'NotFoundError',
  409: 'ConflictError',
  501: 'NotImplementedError',
  503: 'ServiceUnavailableError',
};

/** How the compatible catalog API speaks of errors: the body that `ResponseError` of Backstage's clients reads. */
export const backstageDialect: ApiDialect = {
  prefix: PREFIX,
  contentType: 'application/json; charset=utf-8',
  unknownQuery: 'refuse',
  statusOf,
  format(failure, request) {
    // An unknown route has no body, and clients tell it from an unknown entity by that.
    if (failure.code === 'ROUTE_NOT_FOUND') return undefined;
    const statusCode = statusOf(failure);
    return {
      error: { name: errorNames[statusCode] ?? 'Error', message: messageOf(failure) },
      request: { method: request.method, url: urlUnderPrefix(request) },
      response: { statusCode },
    };
  },
};

/** A body that is too large or of another type is a wrong input like any other. */
function statusOf({ status }: Failure): number {
  return status === 413 || status === 415 ? 400 : status;
}

/** Clients see the URL as the catalog's router does: without the prefix. */
function urlUnderPrefix({ url }: FailedRequest): string {
  const rest = url.slice(PREFIX.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** Where a field is to blame, the message names it by the place in the request, `request/query/limit`. */
function messageOf({ code, detail, errors }: Failure): string {
  const [first] = errors;
  if (code !== 'REQUEST_INVALID' || first === undefined) return detail;
  const [part, ...path] = first.path.split('.');
  if (part === 'query' && first.message.startsWith('is not known')) {
    return `Unknown query parameter '${path.join('.')}'`;
  }
  return `request/${[part, ...path].join('/')} ${first.message}`;
}
