import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../access/access.ts';
import type { AuditIntents } from '../access/audit-intents.ts';
import { ANONYMOUS } from '../access/authenticator.ts';
import type { Principal } from '../access/principal.ts';
import type { PermissionName } from '../api/route.ts';
import type { Clock } from '../base/clock.ts';
import type { View } from '../graph/view.ts';
import type { AuditNote, RouteRequest } from '../manifest/manifest.ts';
import type { AuditEntry } from '../store/access-records.ts';
import { auditEntryOf, trailOf } from './request-audit.ts';

/** Requests that still run and asked for their signal, so that closing can end them. */
export type RunningScopes = Set<RequestScope>;

/** What all requests of a server share. */
export interface ScopeContext {
  readonly access: Access;
  readonly clock: Clock;
  readonly running: RunningScopes;
  readonly intents: Pick<AuditIntents, 'begin'>;
}

/**
 * One request as a handler sees it. The view and the signal are made when they are first asked for: most requests
 * never ask for the signal, and health checks never for the view.
 */
export class RequestScope implements RouteRequest {
  readonly principal: Principal;
  readonly raw: FastifyRequest;
  readonly reply: FastifyReply;
  readonly #context: ScopeContext;
  #view: View | undefined;
  #abort: AbortController | undefined;

  constructor(raw: FastifyRequest, reply: FastifyReply, context: ScopeContext) {
    this.raw = raw;
    this.reply = reply;
    this.#context = context;
    this.principal = raw.principal ?? ANONYMOUS;
  }

  get view(): View {
    this.#view ??= this.#context.access.viewOf(this.principal);
    return this.#view;
  }

  get params(): unknown {
    return this.raw.params;
  }

  get query(): unknown {
    return this.raw.query;
  }

  get body(): unknown {
    return this.raw.body;
  }

  get signal(): AbortSignal {
    if (this.#abort === undefined) this.#abort = this.#watchClient();
    return this.#abort.signal;
  }

  authorizeEntity(ref: string, permission?: PermissionName): void {
    const asked = permission ?? this.raw.routeOptions.config.permission;
    if (asked !== undefined) this.#context.access.authorizeEntity(this.principal, asked, ref);
  }

  audit(note: AuditNote): void {
    const trail = trailOf(this.raw);
    trail.note = { ...trail.note, ...note };
  }

  auditEntry(note: AuditNote): AuditEntry {
    const trail = trailOf(this.raw);
    trail.note = { ...trail.note, ...note };
    trail.isStored = true;
    return auditEntryOf(this.raw, trail.note, this.#context.clock.now());
  }

  async auditIntent(note: AuditNote): Promise<void> {
    const trail = trailOf(this.raw);
    trail.note = { ...trail.note, ...note };
    trail.intent = await this.#context.intents.begin(auditEntryOf(this.raw, trail.note, this.#context.clock.now()));
  }

  /** Ends the request's signal, when it takes too long or the server closes. */
  abort(reason: Error): void {
    this.#abort?.abort(reason);
  }

  #watchClient(): AbortController {
    const abort = new AbortController();
    const { running } = this.#context;
    const response = this.reply.raw;
    const end = (): void => {
      running.delete(this);
      if (!response.writableFinished) abort.abort(new Error('The client went away'));
    };
    if (response.closed) end();
    else {
      running.add(this);
      response.once('close', end);
    }
    return abort;
  }
}
