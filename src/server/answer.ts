import type { FastifyReply, FastifyRequest } from 'fastify';
import { outputBuffers } from '../base/output-buffers.ts';
import type { DomainContext } from '../manifest/manifest.ts';
import { routeName, type ComposedRoute } from './compose.ts';
import { serverError } from './errors.ts';
import { RequestScope, type ScopeContext } from './request-scope.ts';

/** What answering a request needs besides the route. */
export interface AnswerContext extends ScopeContext {
  readonly handlerMs: number;
}

/** A Fastify handler. */
export type Answer = (request: FastifyRequest, reply: FastifyReply) => unknown;

const json = 'application/json; charset=utf-8';

/**
 * Makes the Fastify handler of a route: calls it with the request's scope, and sends what it returns. A handler that
 * returns at once costs no timer and no promise.
 */
export function createAnswer(composed: ComposedRoute, domain: DomainContext, context: AnswerContext): Answer {
  const { route } = composed;
  return (request, reply) => {
    const scope = new RequestScope(request, reply, context);
    const result = route.handle(scope, domain);
    if (result === reply || !isPromise(result)) return send(composed, result, reply);
    return withDeadline(result, scope, context).then((value) => send(composed, value, reply));
  };
}

function send({ route: { contract } }: ComposedRoute, value: unknown, reply: FastifyReply): FastifyReply {
  if (value === reply || reply.sent) return reply;
  if (contract.status !== undefined && reply.statusCode === 200) void reply.status(contract.status);
  if (value instanceof Uint8Array) {
    if (!reply.hasHeader('content-type')) void reply.type(contract.contentType ?? json);
    // After `finish` the operating system has every byte. A response that ends otherwise leaves its buffer to the collector.
    reply.raw.once('finish', () => outputBuffers.giveBack(value));
    return reply.send(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
  }
  if (typeof value === 'string' && contract.response === undefined) {
    return reply.type(contract.contentType ?? 'text/plain; charset=utf-8').send(value);
  }
  if (value === undefined && reply.statusCode === 204) return reply.send();
  // Only what a schema names may leave; without one there is nothing that would filter the value.
  if (value === undefined || contract.response === undefined) {
    throw serverError('RESPONSE_UNDECLARED', { route: routeName(contract) });
  }
  return reply.type(contract.contentType ?? json).send(value);
}

async function withDeadline(result: Promise<unknown>, scope: RequestScope, context: AnswerContext): Promise<unknown> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = context.clock.after(context.handlerMs, () => {
    // A reply that was taken over, such as an event stream, has its own life; so has one that is being read, however slowly.
    if (scope.reply.sent || scope.reply.raw.headersSent) return;
    const timeout = serverError('HANDLER_TIMEOUT', { seconds: context.handlerMs / 1000 });
    scope.abort(timeout);
    reject(timeout);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    timer.cancel();
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
