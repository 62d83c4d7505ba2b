import type { FastifyReply } from 'fastify';
import { GUEST } from '../../access/authenticator.ts';
import type { Principal } from '../../access/principal.ts';
import type { Session } from '../../access/session-value.ts';
import type { Sessions } from '../../access/sessions.ts';
import type { GraphReader } from '../../graph/view.ts';
import type { PopupAnswers, PopupOutcome } from '../../signin/popup.ts';
import type { SessionAnswer } from './auth-contracts.ts';
import type { IdentityStart, IdentityTokens } from './identity-tokens.ts';
import { popupPage, type PopupAnswer } from './popup-page.ts';

/** What the answers are made of. */
export interface IdentityAnswersOptions {
  readonly tokens: IdentityTokens;
  readonly graph: Pick<GraphReader, 'principalContext'>;
  readonly sessions: Pick<Sessions, 'get'>;
  /** Origins of the pages that sign-in windows may answer. */
  readonly origins: ReadonlySet<string>;
}

/** Tells Backstage's clients whom they act for, with an identity token. */
export class IdentityAnswers implements PopupAnswers {
  readonly #options: IdentityAnswersOptions;

  constructor(options: IdentityAnswersOptions) {
    this.#options = options;
  }

  /** What a principal owns things through: itself, and its groups with those above them. */
  ownership({ ref, groups }: Pick<Principal, 'ref' | 'groups'>): readonly string[] {
    const { claims } = this.#options.graph.principalContext(ref, groups);
    return [ref, ...[...claims].filter((claim) => claim !== ref).sort()];
  }

  /** For whoever is signed in. */
  async ofSession(session: Session): Promise<SessionAnswer> {
    const { id, principal: ref, groups, endsAt, name, email, picture } = session;
    const start = { ref, claims: this.ownership({ ref, groups }), session: id, endsAt };
    const backstageIdentity = await this.#identity(start);
    const profile = {
      ...(email !== undefined && { email }),
      ...(name !== undefined && { displayName: name }),
      ...(picture !== undefined && { picture }),
    };
    // The provider's own tokens stay here; clients need to know when to ask again.
    const providerInfo = { scope: '', expiresInSeconds: backstageIdentity.expiresInSeconds };
    return { profile, providerInfo, backstageIdentity };
  }

  /** For whom a proxy in front names. */
  async ofProxy({ ref, groups = [] }: Principal, provider: string): Promise<SessionAnswer> {
    const start = { ref, claims: this.ownership({ ref, groups }), proxy: { provider, groups } };
    return { profile: {}, backstageIdentity: await this.#identity(start) };
  }

  /** For whoever is not signed in. */
  async ofGuest(): Promise<SessionAnswer> {
    const { ref } = GUEST;
    return { profile: {}, backstageIdentity: await this.#identity({ ref, claims: this.ownership(GUEST) }) };
  }

  /** See `PopupAnswers`. */
  allows(origin: string): boolean {
    return this.#options.origins.has(origin);
  }

  /** See `PopupAnswers`. */
  async answer(outcome: PopupOutcome, origin: string, reply: FastifyReply): Promise<FastifyReply> {
    const { html, headers } = popupPage(await this.#popupAnswer(outcome), origin);
    return reply.headers(headers).send(html);
  }

  async #popupAnswer(outcome: PopupOutcome): Promise<PopupAnswer> {
    if (!outcome.ok) return { error: { name: outcome.code, message: outcome.message } };
    const session = this.#options.sessions.get(outcome.sessionId);
    if (session === undefined) return { error: { name: 'NotAllowedError', message: 'The session has ended already.' } };
    return { response: await this.ofSession(session) };
  }

  async #identity(start: IdentityStart): Promise<SessionAnswer['backstageIdentity']> {
    const { token, expiresInSeconds } = await this.#options.tokens.issue(start);
    const ownershipEntityRefs = [...start.claims];
    return { token, expiresInSeconds, identity: { type: 'user', userEntityRef: start.ref, ownershipEntityRefs } };
  }
}
