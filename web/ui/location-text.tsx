import type { ReactNode } from 'react';
import { forgeLine } from './forge-place.ts';

/**
 * A location ref (`type:target`) as a person reads it: a path without its type, a URL as a link; with line and column
 * as `:12:3` where they are known. A link leads to the line where the forge of the page is known.
 */
export function LocationText({
  location,
  source,
  line,
  column,
  page,
  commit,
}: {
  readonly location: string;
  /** Id of the source that reads it: where the location lies in it, what they share is faint. */
  readonly source?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** Web address of the file, where the location itself is none. */
  readonly page?: string | undefined;
  /** The link leads to the file as it was at this commit. */
  readonly commit?: string | undefined;
}): ReactNode {
  const colon = location.indexOf(':');
  const type = location.slice(0, colon);
  const target = location.slice(colon + 1);
  const place = `${line === undefined ? '' : `:${line}`}${line === undefined || column === undefined ? '' : `:${column}`}`;
  const isWeb = type === 'url' && /^https?:\/\//.test(target);
  const url = forgeLine(isWeb ? target : (page ?? ''), line, commit);
  const shared = source !== undefined && location.startsWith(`${source}/`) ? source.length + 1 : 0;
  const skipped = type === 'file' || isWeb ? colon + 1 : 0;
  const text = (
    <>
      {shared > skipped && <span className="faint">{location.slice(skipped, shared)}</span>}
      {location.slice(Math.max(shared, skipped))}
      {place}
    </>
  );
  if (url === undefined) return <code className="location">{text}</code>;
  return (
    <a href={url} className="location accent" rel="noreferrer">
      <code>{text}</code>
    </a>
  );
}
