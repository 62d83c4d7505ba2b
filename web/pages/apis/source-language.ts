/** Languages whose text is coloured. */
export type SourceLanguage = 'yaml' | 'json' | 'graphql' | 'code' | 'text';

/** A piece of a line. */
export interface SourcePiece {
  readonly kind: 'plain' | 'key' | 'string' | 'comment';
  readonly text: string;
}

/** Longer lines are shown in one colour: nobody reads them, and patterns take their time on them. */
const MAX_COLOURED = 1000;

const PATTERNS: Readonly<Record<Exclude<SourceLanguage, 'text'>, RegExp>> = {
  yaml: /(?<comment>(?<=^|\s)#.*$)|(?<key>(?<=^\s*(?:- )*|[{,] ?)(?:[\w$/~.*<>@][\w$/~.{}*<> @-]*|"[^"]*"|'[^']*')(?=:(?:\s|$)))|(?<string>"(?:\\.|[^"\\])*"|'[^']*')/g,
  json: /(?<key>"(?:\\.|[^"\\])*"(?=\s*:))|(?<string>"(?:\\.|[^"\\])*")/g,
  graphql:
    /(?<comment>#.*$)|(?<string>"""|"(?:\\.|[^"\\])*")|(?<key>\b(?:type|input|enum|union|interface|scalar|directive|extend|schema|implements|on|query|mutation|subscription)\b|@\w+)/g,
  code: /(?<comment>\/\/.*$|^\s*\/?\*.*$)|(?<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)|(?<key>\b(?:syntax|edition|package|import|option|service|rpc|returns|stream|message|enum|oneof|map|repeated|optional|required|reserved|extend|export|const|type|interface|function)\b)/g,
};

/** The language of a definition's text. */
export function sourceLanguage(type: string, definition: string): SourceLanguage {
  switch (type.toLowerCase()) {
    case 'graphql':
      return 'graphql';
    case 'grpc':
    case 'trpc':
      return 'code';
    case 'openapi':
    case 'swagger':
    case 'asyncapi':
      return definition.trimStart().startsWith('{') ? 'json' : 'yaml';
    default:
      return 'text';
  }
}

/** Cuts a line into pieces of one colour each. Every character is in one of them. */
export function sourcePieces(line: string, language: SourceLanguage): readonly SourcePiece[] {
  if (language === 'text' || line.length > MAX_COLOURED) return [{ kind: 'plain', text: line }];
  const pieces: SourcePiece[] = [];
  let from = 0;
  for (const match of line.matchAll(PATTERNS[language])) {
    const { comment, key } = match.groups ?? {};
    if (match.index > from) pieces.push({ kind: 'plain', text: line.slice(from, match.index) });
    const kind = comment !== undefined ? 'comment' : key !== undefined ? 'key' : 'string';
    pieces.push({ kind, text: match[0] });
    from = match.index + match[0].length;
  }
  if (from < line.length) pieces.push({ kind: 'plain', text: line.slice(from) });
  return pieces;
}
