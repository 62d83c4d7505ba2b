import { Type, type Static } from 'typebox';

/** What a token's record holds. The record's key is the hash of the token, and names it; its `expiresAt` is its end. */
export const TokenValue = Type.Object({
  kind: Type.Union([Type.Literal('personal'), Type.Literal('service')]),
  name: Type.String(),
  /** Canonical ref of who asks with it. */
  principal: Type.String(),
  /** Its first characters. */
  hint: Type.String(),
  /** Patterns of the permissions that it is limited to. */
  scopes: Type.Optional(Type.Array(Type.String())),
  /** ms since the epoch, as all moments here. */
  createdAt: Type.Integer({ minimum: 0 }),
  /** Canonical ref of who made it. */
  createdBy: Type.String(),
  lastUsedAt: Type.Optional(Type.Integer({ minimum: 0 })),
  lastUsedFrom: Type.Optional(Type.String()),
});
export type TokenValue = Static<typeof TokenValue>;

/** A token as it is kept: never what it opens with. */
export interface Token extends TokenValue {
  /** Names the token; it opens nothing. */
  readonly id: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/** What a token is to be. */
export type TokenStart = Pick<TokenValue, 'kind' | 'name' | 'principal' | 'scopes' | 'createdBy'> & {
  /** ms since the epoch. */
  readonly expiresAt: number;
};
