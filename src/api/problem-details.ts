import { Type, type Static } from 'typebox';

/** One field of a request that is not as it must be. */
export const FieldError = Type.Object({
  path: Type.String({ description: 'Where in the request, e.g. `query.limit` or `body.order.direction`' }),
  message: Type.String(),
});
export type FieldError = Static<typeof FieldError>;

/** Body of every error of Callboard's own API (RFC 9457, `application/problem+json`). */
export const ProblemDetails = Type.Object({
  type: Type.String({ description: 'URI of the documentation of this kind of error' }),
  title: Type.String({ description: 'The HTTP status in words' }),
  status: Type.Integer(),
  detail: Type.String({ description: 'What is wrong and, where it is known, what to do about it' }),
  code: Type.String({ description: 'Stable machine word', examples: ['ENTITY_NOT_FOUND'] }),
  instance: Type.String({ description: 'The request: its path, and its id in the server’s log' }),
  errors: Type.Optional(Type.Array(FieldError)),
  details: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'Values of the message' })),
});
export type ProblemDetails = Static<typeof ProblemDetails>;
