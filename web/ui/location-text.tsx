import type { ReactNode } from 'react';

/**
 * A location ref (`type:target`) as a person reads it: a path without its type, a URL as a link; with line and column
 * as `:12:3` where they are known.
 */
export function LocationText({
  location,
  source,
  line,
  column,
}: {
  readonly location: string;
  /** Id of the source that reads it: where the location lies in it, what they share is faint. */
  readonly source?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}): ReactNode {
  const colon = location.indexOf(':');
  const type = location.slice(0, colon);
  const target = location.slice(colon + 1);
  const place = `${line === undefined ? '' : `:${line}`}${line === undefined || column === undefined ? '' : `:${column}`}`;
  if (type === 'url' && /^https?:\/\//.test(target)) {
    return (
      <a href={target} className="location accent" rel="noreferrer">
        {target}
        {place}
      </a>
    );
  }
  const shared = source !== undefined && location.startsWith(`${source}/`) ? source.length + 1 : 0;
  const skipped = type === 'file' ? colon + 1 : 0;
  return (
    <code className="location">
      {shared > skipped && <span className="faint">{location.slice(skipped, shared)}</span>}
      {location.slice(Math.max(shared, skipped))}
      {place}
    </code>
  );
}
