import type { TSchema } from 'typebox';

/** The HTTP methods that routes use. */
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * A permission's name: `<domain>.<noun>.<action>`; `public` for what needs none (health, sign-in, the web files);
 * `signed-in` for what everybody may do with what is their own (their sessions and tokens), guests too.
 */
export type PermissionName = `${string}.${string}.${string}` | 'public' | 'signed-in';

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
  /** True where the method is not GET and yet nothing changes: it leaves no audit record. */
  readonly reads?: boolean | undefined;
  /** True where nothing changes but how the interface looks to who asks: it leaves no audit record. */
  readonly isOwnTaste?: boolean | undefined;
  /**
   * True where the handler asks `request.authorizeEntity` about the entity that it works on, or reads live objects in the
   * scope of who asks. Without it a permission that is given for some entities or places only is denied here, since
   * nothing would apply its condition.
   */
  readonly checksEntity?: boolean | undefined;
  /** True where a limited identity token will do, as a bearer token or as its cookie: for what browsers load by themselves. */
  readonly takesLimited?: boolean | undefined;
  readonly params?: TSchema | undefined;
  readonly query?: TSchema | undefined;
  readonly body?: TSchema | undefined;
  /** True where the body is a form and not JSON: `application/x-www-form-urlencoded`. */
  readonly form?: boolean | undefined;
  /** True where the body is passed on and not read: the handler gets its bytes, whatever their type. */
  readonly hasRawBody?: boolean | undefined;
  /** Schema of the 200 (or `status`) JSON answer; absent: `contentType` says what is sent. */
  readonly response?: TSchema | undefined;
  readonly status?: number | undefined;
  readonly contentType?: string | undefined;
}

/** Keeps the literal types of a contract. */
export function defineRoute<const Contract extends RouteContract>(contract: Contract): Contract {
  return contract;
}
