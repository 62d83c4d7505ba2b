/** The query part of a URL as text values; which of them mean a list is for the page to say. */
export type SearchText = Readonly<Record<string, string | undefined>>;

/** Reads `?a=b&c=d`. Of a repeated key the last one counts. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

/**
 * Writes a query with `:`, `/`, `,` and `"` left readable (RFC 3986 allows the first three in a query; browsers write
 * the last themselves). Keys without a value are left out, so defaults do not show.
 */
export function stringifySearch(search: SearchText): string {
  const parts: string[] = [];
  for (const [key, value] of Object.entries(search)) {
    if (value !== undefined) parts.push(`${encodeURIComponent(key)}=${encodeValue(String(value))}`);
  }
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function encodeValue(value: string): string {
  return encodeURIComponent(value)
    .replaceAll('%20', '+')
    .replaceAll('%3A', ':')
    .replaceAll('%2F', '/')
    .replaceAll('%2C', ',')
    .replaceAll('%40', '@');
}

/** Splits `a,b\,c` into `a` and `b,c`; an empty or absent text is the empty list. */
export function parseList(text: string | undefined): readonly string[] {
  if (text === undefined || text === '') return [];
  const items: string[] = [];
  let item = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\' && at + 1 < text.length) {
      at += 1;
      item += text.charAt(at);
    } else if (char === ',') {
      items.push(item);
      item = '';
    } else {
      item += char;
    }
  }
  return [...items, item];
}

/** The reverse of `parseList`; the empty list is `undefined`, so that it leaves the URL. */
export function formatList(items: readonly string[]): string | undefined {
  if (items.length === 0) return undefined;
  return items.map((item) => item.replaceAll('\\', '\\\\').replaceAll(',', '\\,')).join(',');
}

/** The list with `item` added, or without it where it was in. */
export function toggleInList(text: string | undefined, item: string): string | undefined {
  const items = parseList(text);
  return formatList(items.includes(item) ? items.filter((other) => other !== item) : [...items, item]);
}

/** The query with the named keys only where they hold a text; other keys stay untouched. */
export function readTexts(search: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  const read: Record<string, unknown> = { ...search };
  for (const key of keys) if (typeof read[key] !== 'string') delete read[key];
  return read;
}
