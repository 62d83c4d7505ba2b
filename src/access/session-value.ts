import { Type, type Static } from 'typebox';

const moment = Type.Integer({ minimum: 0 });
const optionalText = Type.Optional(Type.String());

/**
 * What a session's record holds. The record's key is the hash of what the cookie holds, and names the session; its
 * `expiresAt` is when it ends if it is not used again.
 */
export const SessionValue = Type.Object({
  /** Canonical ref of who signed in. */
  principal: Type.String(),
  /** Id of the provider. */
  provider: Type.String(),
  /** Canonical refs of the groups that the provider names. */
  groups: Type.Optional(Type.Array(Type.String())),
  name: optionalText,
  email: optionalText,
  /** URL of a picture. */
  picture: optionalText,
  /** ms since the epoch, as all moments here. */
  createdAt: moment,
  /** Last use, give or take a minute. */
  lastSeenAt: moment,
  /** From then on it is refused, however much it is used. */
  endsAt: moment,
  address: optionalText,
  userAgent: optionalText,
  /** The provider's name for who signed in. */
  providerSubject: optionalText,
  /** The provider's name for the session. */
  providerSession: optionalText,
  /** Refresh token of the provider, encrypted. */
  refresh: optionalText,
  /** Id token of the provider, encrypted: signing out there needs it. */
  idToken: optionalText,
  /** When the provider last said that it holds. */
  checkedAt: Type.Optional(moment),
});
export type SessionValue = Static<typeof SessionValue>;

/** One sign-in of a principal. */
export interface Session extends SessionValue {
  /** Names the session; it does not open it. */
  readonly id: string;
  /** When it ends if it is not used again. */
  readonly expiresAt: number;
}

/** What begins a session. */
export type SessionStart = Omit<SessionValue, 'createdAt' | 'lastSeenAt' | 'endsAt'> & {
  /** Ends at the latest then; default: as the configuration says. */
  readonly endsAt?: number | undefined;
};
