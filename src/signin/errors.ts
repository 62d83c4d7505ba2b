import { defineErrors } from '../base/errors.ts';

/** Why somebody could not sign in. The page that explains it knows the codes; none says more than its reader may know. */
export const signInError = defineErrors({
  SIGN_IN_PROVIDER_UNKNOWN: { status: 404, message: 'There is no way to sign in that is called {provider}.' },
  SIGN_IN_EXPIRED: {
    status: 400,
    message: 'This sign-in was not begun in this browser, took longer than ten minutes, or has been used. Begin again.',
  },
  SIGN_IN_DENIED: { status: 403, message: '{provider} says that you did not agree, or may not use this application.' },
  SIGN_IN_PROVIDER_AWAY: {
    status: 503,
    message: '{provider} does not answer. Try again in a moment; who is signed in already stays so.',
  },
  SIGN_IN_PROVIDER_FAULT: {
    status: 502,
    message: '{provider} gave an answer that is not accepted. Whoever runs this server finds the reason in the log.',
  },
  SIGN_IN_UNRESOLVED: {
    status: 403,
    message: '{provider} knows you, but no User entity of the catalog belongs to that identity.',
  },
  SIGN_IN_AMBIGUOUS: {
    status: 403,
    message: '{provider} knows you, but more than one User entity of the catalog fits that identity.',
  },
  SIGN_IN_NOT_MEMBER: {
    status: 403,
    message: '{provider} knows you, but you are in none of the organizations that may sign in.',
  },
  SIGN_IN_PROXY_REFUSED: {
    status: 401,
    message:
      'The request names a person as the proxy {provider} does, and does not prove that it comes from there: {reason}.',
  },
  SIGN_IN_PROXY_ABSENT: {
    status: 401,
    message: '{provider} does not say who you are. Open this server by the address of the proxy in front of it.',
  },
  SIGN_IN_ORIGIN_REFUSED: { status: 403, message: 'Pages of {origin} may not open a sign-in of this server.' },
  LOGOUT_TOKEN_INVALID: { status: 400, message: 'The logout token is not accepted: {reason}.' },
});
