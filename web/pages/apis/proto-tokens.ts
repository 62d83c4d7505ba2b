/** A word or sign of a proto file. `line` is 1-based. */
export interface ProtoToken {
  /** Empty at the end of the file. */
  readonly text: string;
  readonly line: number;
  /** The comment right above, without its marks; and that behind the token on the same line. */
  readonly above: string | undefined;
  behind: string | undefined;
}

/** What a proto file cannot be. `line` is 1-based. */
export class ProtoSyntaxError extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

const TOKEN =
  /([^\S\n]+)|(\n)|(\/\/[^\n]*|\/\*[\s\S]*?\*\/)|("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[\w.]+|[{}()[\]<>=;,:+/-])/y;

/** Cuts a proto file into tokens, the last of them empty; throws ProtoSyntaxError. */
export function protoTokens(text: string): readonly ProtoToken[] {
  const tokens: ProtoToken[] = [];
  const pattern = new RegExp(TOKEN);
  let line = 1;
  let comments: string[] = [];
  let isFresh = true;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) throw new ProtoSyntaxError(`Unexpected ${JSON.stringify(text.charAt(at))}`, line);
    const [, , newline, comment, token] = match;
    if (newline !== undefined) {
      // An empty line ends what a comment belongs to.
      if (isFresh && text.charAt(at - 1) === '\n') comments = [];
      line += 1;
      isFresh = true;
    } else if (comment !== undefined) {
      const last = tokens.at(-1);
      if (!isFresh && last !== undefined) last.behind ??= commentText(comment);
      else comments.push(commentText(comment));
      line += comment.split('\n').length - 1;
    } else if (token !== undefined) {
      tokens.push({
        text: token,
        line,
        above: comments.length === 0 ? undefined : comments.join('\n'),
        behind: undefined,
      });
      comments = [];
      isFresh = false;
    }
  }
  return [...tokens, { text: '', line, above: undefined, behind: undefined }];
}

function commentText(comment: string): string {
  const lines = comment.startsWith('//') ? [comment.replace(/^\/\/+/, '')] : comment.slice(2, -2).split('\n');
  return lines
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd())
    .join('\n')
    .trim();
}
