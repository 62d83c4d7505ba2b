import type { FastifyReply } from 'fastify';

/** How a sign-in in a window of its own ended. */
export type PopupOutcome =
  | { readonly ok: true; readonly sessionId: string }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Answers windows that clients of Backstage opened: the page in them tells its opener how the sign-in ended. */
export interface PopupAnswers {
  /** Whether pages of an origin may be told. */
  allows(origin: string): boolean;
  /** Sends the page. Cookies are on the reply already. @param origin one that is allowed */
  answer(outcome: PopupOutcome, origin: string, reply: FastifyReply): FastifyReply | Promise<FastifyReply>;
}
