import type { FastifyReply } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { RouteContract } from '../api/route.ts';
import type { DomainContext, Route, RouteRequest } from './manifest.ts';

type Part<Contract, Name extends string> =
  Contract extends Readonly<Record<Name, infer Schema extends TSchema>> ? Static<Schema> : unknown;

/** A request whose parts have the types of the contract's schemas. */
export type TypedRequest<Contract extends RouteContract> = RouteRequest<
  Part<Contract, 'params'>,
  Part<Contract, 'query'>,
  Part<Contract, 'body'>
>;

/** What a handler of the contract may answer: its response, bytes of it, or the reply that it has sent itself. */
export type TypedAnswer<Contract extends RouteContract> =
  | (Contract extends { readonly response: infer Schema extends TSchema } ? Static<Schema> : never)
  | Uint8Array
  | FastifyReply;

/**
 * Makes a route of a contract and what answers it, with both held to the contract's types.
 *
 * @param contract made by `defineRoute`, with schemas by TypeBox
 * @param handle answers one request; see `Route.handle`
 */
export function implementRoute<const Contract extends RouteContract>(
  contract: Contract,
  handle: (
    request: TypedRequest<Contract>,
    context: DomainContext,
  ) => TypedAnswer<Contract> | Promise<TypedAnswer<Contract>>,
): Route {
  const route = { contract, handle };
  return route;
}
