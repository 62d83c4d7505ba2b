import type { FastifyInstance } from 'fastify';
import { errorMessage } from '../base/errors.ts';
import type { DomainContext } from '../manifest/manifest.ts';
import { createAnswer, type AnswerContext } from './answer.ts';
import { routeName, type ComposedRoute } from './compose.ts';
import type { DialectOf } from './error-format.ts';
import { serverError } from './errors.ts';
import { FORM } from './form-body.ts';
import type { Serializers } from './serializers.ts';
import { closedQuery, type Validators } from './validator.ts';

/** What turns contracts into routes. */
export interface RegisterOptions {
  readonly validators: Validators;
  readonly serializers: Serializers;
  readonly dialectOf: DialectOf;
  readonly answer: AnswerContext;
  contextOf(manifest: string): DomainContext;
}

/**
 * Adds every composed route to the server, as its contract says: permission, checks of the request, filter of the
 * answer. The schemas of plugins are compiled at once, since nobody has tested them here.
 *
 * @throws ROUTE_SCHEMA_INVALID naming the plugin and the route
 */
export function registerRoutes(app: FastifyInstance, routes: readonly ComposedRoute[], options: RegisterOptions): void {
  const isRaw = ({ route }: ComposedRoute): boolean => route.contract.hasRawBody === true;
  for (const composed of routes) if (!isRaw(composed)) registerRoute(app, composed, options);
  void app.register((raw, _options, done) => {
    raw.removeAllContentTypeParsers();
    raw.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
    for (const composed of routes) if (isRaw(composed)) registerRoute(raw, composed, options);
    done();
  });
}

function registerRoute(app: FastifyInstance, composed: ComposedRoute, options: RegisterOptions): void {
  const { contract } = composed.route;
  const manifest = composed.origin.manifest.id;
  const refusesUnknown = options.dialectOf(contract.path).unknownQuery === 'refuse';
  const querystring = refusesUnknown ? closedQuery(contract.query) : contract.query;
  const schema = {
    ...(contract.params !== undefined && { params: contract.params }),
    ...(querystring !== undefined && { querystring }),
    ...(contract.body !== undefined && { body: contract.body }),
    ...(contract.form === true && { consumes: [FORM] }),
    // `default` too: an answer with another status, such as the 503 of readiness, is filtered as well.
    ...(contract.response !== undefined && { response: { default: contract.response } }),
  };
  if (composed.origin.plugin !== undefined) assertUsable(composed, querystring, options);
  app.route({
    method: contract.method,
    url: contract.path,
    // A HEAD would open a stream that nobody reads, and that nothing ends: only what answers once, as JSON, has one.
    exposeHeadRoute: contract.method === 'GET' && contract.response !== undefined && contract.hasRawBody !== true,
    schema,
    config: { permission: contract.permission, contract },
    handler: createAnswer(composed, options.contextOf(manifest), options.answer),
  });
}

function assertUsable(
  { route: { contract }, origin }: ComposedRoute,
  querystring: object | undefined,
  { validators, serializers }: RegisterOptions,
): void {
  const { params, body, response } = contract;
  try {
    for (const schema of [params, querystring, body]) if (schema !== undefined) validators.assertUsable(schema);
    if (response !== undefined) serializers.assertUsable(response);
  } catch (error) {
    const parts = { route: routeName(contract), manifest: origin.manifest.id, problem: errorMessage(error) };
    throw serverError('ROUTE_SCHEMA_INVALID', parts, error);
  }
}
