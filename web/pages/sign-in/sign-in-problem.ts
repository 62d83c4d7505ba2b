/** What went wrong, as a person is told: the sentence, and what to do. */
export interface SignInProblemText {
  readonly title: string;
  readonly help: string;
}

/** Codes that the server sends the browser back with. */
const texts: Readonly<Record<string, SignInProblemText>> = {};

/** The words for a code; a code that is not known is told as it is. */
export function problemText(code: string): SignInProblemText {
  return (
    (Object.hasOwn(texts, code) ? texts[code] : undefined) ?? {
      title: 'Signing in did not work',
      help: 'Try again. If it happens once more, tell the people below the word that stands here.',
    }
  );
}
