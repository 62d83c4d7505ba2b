import type { UrlReader } from '../url/url-reader.ts';
import type { Included } from './placeholders.ts';

/**
 * The URL that the target of a placeholder means: relative to the URL of the file that it stands in.
 * @returns undefined where it leads to another host: a file may only bring in what lies beside it, as in Backstage
 */
export function includedUrl(target: string, base: string): string | undefined {
  if (!URL.canParse(target, base)) return undefined;
  const url = new URL(target, base);
  return url.host === new URL(base).host && /^https?:$/.test(url.protocol) ? url.href : undefined;
}

/** Reads what a placeholder in a file behind a URL stands for. @throws the signal's reason */
export async function includeUrl(
  urls: UrlReader,
  target: string,
  base: string,
  signal: AbortSignal,
): Promise<Included> {
  const url = includedUrl(target, base);
  if (url === undefined) return { status: 'failed', message: 'it is not on the same host as the file' };
  const result = await urls.read(url, { signal });
  if (result.status === 'read') return { status: 'text', text: result.bytes.toString('utf8') };
  return { status: 'failed', message: result.status === 'unchanged' ? 'it was not sent' : result.message };
}
