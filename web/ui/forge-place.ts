/** Places of a page of a forge that shows a file: `<repository><word><ref>/<path>`. */
const PAGE =
  /^(?<repository>https?:\/\/[^/]+\/.+?)(?<word>\/-\/blob\/|\/blob\/|\/src\/(?:branch|tag|commit)\/|\/src\/)(?<ref>[^/]+)\/(?<path>[^?#]+)$/;

const COMMIT = /^[0-9a-f]{40}$/;

interface ForgeWords {
  /** Before the commit in the address of a file. */
  readonly file: string;
  /** Before the commit in the address of a commit. */
  readonly commit: string;
  readonly line: string;
}

/** By the word that stands in a file's address. */
function wordsOf(word: string): ForgeWords {
  if (word === '/-/blob/') return { file: word, commit: '/-/commit/', line: '#L' };
  if (word === '/blob/') return { file: word, commit: '/commit/', line: '#L' };
  if (word === '/src/') return { file: word, commit: '/commits/', line: '#lines-' };
  return { file: '/src/commit/', commit: '/commit/', line: '#L' };
}

/**
 * The address of a file at its forge, at a line, and as it was at a commit where one is known.
 *
 * @param page web address of the file, as a location or the annotation `backstage.io/view-url` has it
 * @returns the page itself where its forge is not known by its form; undefined where it is not http(s)
 */
export function forgeLine(page: string, line: number | undefined, commit: string | undefined): string | undefined {
  if (!/^https?:\/\//i.test(page)) return undefined;
  const groups = PAGE.exec(page)?.groups;
  if (groups === undefined) return page;
  const { repository = '', word = '', ref = '', path = '' } = groups;
  const words = wordsOf(word);
  const place = line === undefined ? '' : `${words.line}${line}`;
  const isPinned = commit !== undefined && COMMIT.test(commit);
  return `${repository}${isPinned ? words.file + commit : word + ref}/${path}${place}`;
}

/** The address of a commit at the forge that shows `page`; undefined where that cannot be known. */
export function forgeCommit(page: string, commit: string): string | undefined {
  const groups = COMMIT.test(commit) ? PAGE.exec(page)?.groups : undefined;
  const { repository, word } = groups ?? {};
  return repository === undefined || word === undefined ? undefined : repository + wordsOf(word).commit + commit;
}
