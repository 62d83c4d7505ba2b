import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import type { GraphReader, View } from '../graph/view.ts';
import type { KindDefinition } from '../model/kinds.ts';
import type { PermissionName, RouteContract } from '../api/route.ts';
import type { Principal } from '../access/principal.ts';
import type { JsonValue } from '../model/json.ts';
import type { AuditEntry } from '../store/access-records.ts';
import type { CommitResult, Store, Write } from '../store/store.ts';

/** What the server hands to a domain or plugin. */
export interface DomainContext {
  readonly graph: GraphReader;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  /** Commits and resolves when this server's cache shows it (read your writes). */
  write(writes: readonly Write[]): Promise<CommitResult>;
}

/** What a handler adds to the audit record of its request; who, when, from where and how it ended are known. */
export interface AuditNote {
  /** Default: the route's permission. */
  readonly action?: string | undefined;
  /** What it was done to. */
  readonly target?: string | undefined;
  /** Revision of the catalog that it made. */
  readonly revision?: number | undefined;
  /** What more there is to know; never a secret, never a body as it came. */
  readonly data?: { readonly [key: string]: JsonValue } | undefined;
  /** Default: who asks. A sign-in is done by whom it signs in. */
  readonly actor?: string | undefined;
  /** Default: by the status of the answer. */
  readonly outcome?: AuditEntry['outcome'] | undefined;
}

/** One request as a handler sees it: who asks and what they may see are settled. */
export interface RouteRequest<Params = unknown, Query = unknown, Body = unknown> {
  readonly principal: Principal;
  /** The graph as this principal may see it. */
  readonly view: View;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Ends when the client goes away or the server closes. */
  readonly signal: AbortSignal;
  readonly raw: FastifyRequest;
  readonly reply: FastifyReply;
  /**
   * Asks whether the permission is given for one entity; only of use where the contract says `checksEntity`.
   * @param permission default: the route's
   * @throws PERMISSION_DENIED
   */
  authorizeEntity(ref: string, permission?: PermissionName): void;
  /**
   * Adds to the record that the server writes of this request when it has ended. Every route that may change something
   * is recorded; later notes go before earlier ones.
   */
  audit(note: AuditNote): void;
  /**
   * The record of this request, for a handler that stores it in one transaction with what it changes. The server then
   * writes none, unless the request fails.
   */
  auditEntry(note: AuditNote): AuditEntry;
  /**
   * Records that something is about to be done that no transaction of the store can take back. Once it resolves the record is
   * durable, and whatever becomes of this server, another record says how it ended, or that nobody knows.
   * @throws STORE_* where it cannot be recorded: then it must not be done
   */
  auditIntent(note: AuditNote): Promise<void>;
}

/** A route: its contract and what answers it. */
export interface Route {
  readonly contract: RouteContract;
  /** Returns the response body (or bytes of it, or has sent the reply itself and returns it). */
  handle(request: RouteRequest, context: DomainContext): unknown;
}

/** Schema of one fact that a collector writes. */
export interface FactSchema {
  readonly path: string;
  readonly type: 'string' | 'number' | 'boolean' | 'list' | 'map';
  readonly description: string;
  /** Volatile facts are kept in memory only. */
  readonly volatile?: boolean | undefined;
}

/** Something that watches the outside world, or the graph, and writes entities or facts. */
export interface Collector {
  /** The collector's id; its facts stand under `facts.<id>`. */
  readonly id: string;
  readonly description: string;
  readonly facts: readonly FactSchema[];
  /** Runs until the signal aborts; a rejection is logged and it is started again with back-off. */
  run(context: DomainContext, signal: AbortSignal): Promise<void>;
}

/** A permission that routes of a manifest take, as lists show it. */
export interface PermissionDeclaration {
  readonly name: PermissionName;
  readonly description: string;
  /** What a condition can narrow it by. */
  readonly resource: 'none' | 'entity' | 'live';
}

/** A page of the web interface that a manifest adds. */
export interface Page {
  /** Path in the web interface, e.g. `/hello`. */
  readonly path: string;
  readonly title: string;
  /** For a plugin: absolute file path of the ES module that renders it; its default export is a React component. */
  readonly module?: string | undefined;
}

/**
 * What a domain is: one object. The server composes them; a plugin is the same object from elsewhere.
 * Ids are one lower-case word; a plugin's routes must start with `/api/plugins/<id>/`.
 */
export interface Manifest {
  readonly id: string;
  readonly title: string;
  readonly kinds?: readonly KindDefinition[] | undefined;
  readonly collectors?: readonly Collector[] | undefined;
  readonly routes?: readonly Route[] | undefined;
  readonly pages?: readonly Page[] | undefined;
  /** Permissions with their descriptions; one that only a route names is described by that route. */
  readonly permissions?: readonly PermissionDeclaration[] | undefined;
}
