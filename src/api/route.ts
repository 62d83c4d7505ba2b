import type { TSchema } from 'typebox';

/** The HTTP methods that routes use. */
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** A permission's name: `<domain>.<noun>.<action>`, or `public` for what needs none (health, sign-in, the web files). */
export type PermissionName = `${string}.${string}.${string}` | 'public';

/**
 * One route as a contract: what goes in, what comes out, which permission it takes. Schemas are JSON Schema made by
 * TypeBox; the response schema filters, so a field that is not in it never leaves the server.
 */
export interface RouteContract {
  readonly method: HttpMethod;
  /** Fastify path, e.g. `/api/v1/entities/:kind/:namespace/:name`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string | undefined;
  /** Tag of the API page. */
  readonly tag: string;
  readonly permission: PermissionName;
  readonly params?: TSchema | undefined;
  readonly query?: TSchema | undefined;
  readonly body?: TSchema | undefined;
  /** Schema of the 200 (or `status`) JSON answer; absent: `contentType` says what is sent. */
  readonly response?: TSchema | undefined;
  readonly status?: number | undefined;
  readonly contentType?: string | undefined;
}

/** Keeps the literal types of a contract. */
export function defineRoute<const Contract extends RouteContract>(contract: Contract): Contract {
  return contract;
}
