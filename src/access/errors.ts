import { defineErrors } from '../base/errors.ts';

/** Faults of the permission layer. */
export const accessError = defineErrors({
  PERMISSION_DENIED: {
    status: 403,
    message: '{principal} may not do this: permission {permission} is denied ({reason}). {contact}',
  },
  SIGN_IN_REQUIRED: {
    status: 401,
    message:
      'Nobody is signed in, and permission {permission} needs somebody who is. Sign in at {signIn}, or send a token as ' +
      '"Authorization: Bearer <token>"; tokens are made under {tokens}.',
  },
  USER_GONE: {
    status: 401,
    message:
      'Who signed in here is no longer in the catalog, and permission {permission} needs somebody who is. {contact}',
  },
  TOKEN_INVALID: {
    status: 401,
    message: 'The bearer token is not accepted: {reason}. Make a new one under {tokens}, or sign in at {signIn}.',
  },
  TOKEN_LIMIT: {
    status: 409,
    message: '{principal} has {limit} tokens, as many as one may have. End some of them first.',
  },
  POLICY_INVALID: { status: 500, message: 'The policy file {file} cannot be used:\n{text}' },
  GUESTS_EXPOSED: {
    status: 500,
    message:
      'Callboard would listen on {host} and let everyone who reaches it read and write the catalog without signing in. ' +
      'Listen on 127.0.0.1, or set guests: everywhere to say that this is meant.',
  },
  HOST_REFUSED: {
    status: 421,
    message: 'This server does not answer to the name {host}. It answers to {allowed}; set baseUrl to add a name.',
  },
  ORIGIN_MISSING: {
    status: 403,
    message:
      'A request that may change something and brings a session cookie must say which page sent it (Origin or ' +
      'Sec-Fetch-Site), as browsers do. Scripts send a token instead of the cookie.',
  },
  CROSS_SITE_REFUSED: {
    status: 403,
    message: 'A page of another site ({origin}) sent this request. Only pages of this server may write.',
  },
  SECRET_MISSING: {
    status: 404,
    message: 'There is no secret {name}. Set it with "callboard secrets set {name}", or on the page of secrets.',
  },
  SECRET_TOO_SHORT: {
    status: 400,
    message: 'The value of {name} has less than 6 characters: it could not be told from other text and hidden in logs.',
  },
  SECRET_UNREADABLE: { status: 500, message: 'What is kept as "{label}" cannot be decrypted: {reason}.' },
  SECRETS_BUSY: { status: 409, message: 'Secrets are being changed by somebody else. Try again.' },
  SECRET_KEYS_INVALID: { status: 500, message: 'The keys of secrets in {file} cannot be used: {reason}.' },
});
