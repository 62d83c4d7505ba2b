/** What went wrong, as a person is told: the sentence, and what to do. */
export interface SignInProblemText {
  readonly title: string;
  readonly help: string;
}

/** Codes that the server sends the browser back with. */
const texts: Readonly<Record<string, SignInProblemText>> = {
  SIGN_IN_EXPIRED: {
    title: 'That took too long, or was used before',
    help: 'A sign-in must be finished within ten minutes, once, in the browser that began it. Begin again.',
  },
  SIGN_IN_DENIED: {
    title: 'The provider did not let you in',
    help: 'You did not agree there, or your account may not use Callboard. Try again, or ask the people below.',
  },
  SIGN_IN_PROVIDER_AWAY: {
    title: 'The provider does not answer',
    help: 'Try again in a moment. Who is signed in already stays so.',
  },
  SIGN_IN_PROVIDER_FAULT: {
    title: 'The provider’s answer was not accepted',
    help: 'You cannot mend this: the people below find the reason in the log of the server.',
  },
  SIGN_IN_PROVIDER_UNKNOWN: {
    title: 'There is no such way to sign in',
    help: 'The address may be old. Take one of these ways.',
  },
  SIGN_IN_UNRESOLVED: {
    title: 'Nobody in the catalog is you',
    help: 'The provider knows you, but no User entity of the catalog belongs to your account. Ask the people below to add you.',
  },
  SIGN_IN_AMBIGUOUS: {
    title: 'More than one in the catalog could be you',
    help: 'Several User entities fit your account, so it is not guessed which one. Ask the people below to mend that.',
  },
  SIGN_IN_NOT_MEMBER: {
    title: 'Your organisation is not let in',
    help: 'The provider knows you, but you are in none of the organisations that may sign in here.',
  },
  SIGN_IN_PROXY_REFUSED: {
    title: 'The proxy’s word could not be checked',
    help: 'The request says who you are but not by whose word. Open Callboard by its usual address.',
  },
  SIGN_IN_PROXY_ABSENT: {
    title: 'The proxy does not say who you are',
    help: 'Open Callboard by the address of the proxy in front of it: that is where one signs in.',
  },
  SIGN_IN_ORIGIN_REFUSED: {
    title: 'That page may not sign you in here',
    help: 'A page of another site asked for it. Sign in here instead.',
  },
};

/** The words for a code; a code that is not known is told as it is. */
export function problemText(code: string): SignInProblemText {
  return (
    (Object.hasOwn(texts, code) ? texts[code] : undefined) ?? {
      title: 'Signing in did not work',
      help: 'Try again. If it happens once more, tell the people below the word that stands here.',
    }
  );
}
