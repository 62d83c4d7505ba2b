import type { ApiDialect } from '../error-format.ts';
import type { FailedRequest, Failure } from '../failure.ts';

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

/** How the compatible APIs speak of errors: the body that `ResponseError` of Backstage's clients reads. */
export const backstageDialects: readonly ApiDialect[] = [
  // An unknown route of the catalog has no body: clients tell it from an unknown entity by that.
  dialectOf('/api/catalog', { unknownQuery: 'refuse', hasUnknownRouteBody: false }),
  // Clients and providers add parameters of their own.
  dialectOf('/api/auth', { unknownQuery: 'ignore', hasUnknownRouteBody: true }),
  dialectOf('/api/permission', { unknownQuery: 'ignore', hasUnknownRouteBody: true }),
  kubernetesDialect(dialectOf('/api/kubernetes', { unknownQuery: 'ignore', hasUnknownRouteBody: true })),
];

/** What fails when the objects of a service are read is told in a word, as only there. */
function kubernetesDialect(dialect: ApiDialect): ApiDialect {
  const isOfService = ({ url }: FailedRequest): boolean => url.startsWith(`${dialect.prefix}/services/`);
  return {
    ...dialect,
    format: (failure, request) =>
      failure.status >= 500 && isOfService(request) ? { error: messageOf(failure) } : dialect.format(failure, request),
  };
}

function dialectOf(
  prefix: string,
  { unknownQuery, hasUnknownRouteBody }: Pick<ApiDialect, 'unknownQuery'> & { readonly hasUnknownRouteBody: boolean },
): ApiDialect {
  return {
    prefix,
    contentType: 'application/json; charset=utf-8',
    unknownQuery,
    statusOf,
    format(failure, request) {
      if (failure.code === 'ROUTE_NOT_FOUND' && !hasUnknownRouteBody) return undefined;
      const statusCode = statusOf(failure);
      return {
        error: { name: errorNames[statusCode] ?? 'Error', message: messageOf(failure) },
        request: { method: request.method, url: urlUnder(prefix, request) },
        response: { statusCode },
      };
    },
  };
}

/** A body that is too large or of another type is a wrong input like any other. */
function statusOf({ status }: Failure): number {
  return status === 413 || status === 415 ? 400 : status;
}

/** Clients see the URL as the plugin's router does: without the prefix. */
function urlUnder(prefix: string, { url }: FailedRequest): string {
  const rest = url.slice(prefix.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** Where a field is to blame, the message names it by the place in the request, `request/query/limit`. */
function messageOf({ code, detail, errors }: Failure): string {
  if (code === 'SIGN_IN_REQUIRED') return `Missing credentials. ${detail}`;
  const [first] = errors;
  if (code !== 'REQUEST_INVALID' || first === undefined) return detail;
  const [part, ...path] = first.path.split('.');
  if (part === 'query' && first.message.startsWith('is not known')) {
    return `Unknown query parameter '${path.join('.')}'`;
  }
  return `request/${[part, ...path].join('/')} ${first.message}`;
}
