const KEY = Buffer.from('"managedFields":[');
const COMMA = 44;
const QUOTE = 34;
const END_LIST = 93;
const END_MAP = 125;

/**
 * Parses JSON of an API server without its `managedFields`: a third of a pod that nobody here reads, and cutting it out
 * before costs less than parsing it.
 *
 * API servers write JSON without spaces, and entries of `managedFields` hold no list outside of strings: the field ends at
 * the first `}]` that `}` or `,"` follows. Where a string holds such signs, what is left ends within that string, whose closing
 * quote then opens another one: never valid JSON. Then the whole text is parsed.
 *
 * @param before text that is put before; @param after text that is put after
 * @throws SyntaxError where it is no JSON
 */
export function parseWithoutManagedFields(bytes: Buffer, before = '', after = ''): unknown {
  const short = withoutManagedFields(bytes);
  if (short !== undefined) {
    try {
      return JSON.parse(before + short + after) as unknown;
    } catch (thrown) {
      if (!(thrown instanceof SyntaxError)) throw thrown;
    }
  }
  return JSON.parse(before + bytes.toString() + after) as unknown;
}

/** The text without the fields; undefined where there are none, or they are not laid out as expected. */
function withoutManagedFields(bytes: Buffer): string | undefined {
  let from = 0;
  let text = '';
  for (let at = bytes.indexOf(KEY); at !== -1; at = bytes.indexOf(KEY, from)) {
    const end = endOfFields(bytes, at + KEY.length);
    if (end === undefined) return undefined;
    if (bytes[at - 1] === COMMA) {
      // The last field or one in the middle: its comma before goes with it.
      text += bytes.toString('utf8', from, at - 1);
      from = end;
    } else {
      text += bytes.toString('utf8', from, at);
      from = bytes[end] === COMMA ? end + 1 : end;
    }
  }
  return from === 0 ? undefined : text + bytes.toString('utf8', from);
}

/** The place after the list that begins at `from`; undefined where it is not found. */
function endOfFields(bytes: Buffer, from: number): number | undefined {
  for (let at = bytes.indexOf(END_LIST, from); at !== -1; at = bytes.indexOf(END_LIST, at + 1)) {
    const after = bytes[at + 1];
    const isFollowed = after === END_MAP || (after === COMMA && bytes[at + 2] === QUOTE);
    if (bytes[at - 1] === END_MAP && isFollowed) return at + 1;
  }
  return undefined;
}
