import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../access/access.ts';
import type { Principal } from '../access/principal.ts';
import type { View } from '../graph/view.ts';
import type { RouteRequest } from '../manifest/manifest.ts';

/** Requests that still run and asked for their signal, so that closing can end them. */
export type RunningScopes = Set<RequestScope>;

/**
 * One request as a handler sees it. The view and the signal are made when they are first asked for: most requests
 * never ask for the signal, and health checks never for the view.
 */
export class RequestScope implements RouteRequest {
  readonly principal: Principal;
  readonly raw: FastifyRequest;
  readonly reply: FastifyReply;
  readonly #access: Access;
  readonly #running: RunningScopes;
  #view: View | undefined;
  #abort: AbortController | undefined;

  constructor(raw: FastifyRequest, reply: FastifyReply, access: Access, running: RunningScopes) {
    this.raw = raw;
    this.reply = reply;
    this.#access = access;
    this.#running = running;
    this.principal = access.principalOf(raw);
  }

  get view(): View {
    this.#view ??= this.#access.viewOf(this.principal);
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

  /** Ends the request's signal, when it takes too long or the server closes. */
  abort(reason: Error): void {
    this.#abort?.abort(reason);
  }

  #watchClient(): AbortController {
    const abort = new AbortController();
    const response = this.reply.raw;
    const end = (): void => {
      this.#running.delete(this);
      if (!response.writableFinished) abort.abort(new Error('The client went away'));
    };
    if (response.closed) end();
    else {
      this.#running.add(this);
      response.once('close', end);
    }
    return abort;
  }
}
