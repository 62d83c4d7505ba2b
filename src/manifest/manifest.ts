import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import type { GraphReader, View } from '../graph/view.ts';
import type { KindDefinition } from '../model/kinds.ts';
import type { RouteContract } from '../api/route.ts';
import type { Principal } from '../access/principal.ts';
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
}
