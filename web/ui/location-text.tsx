import type { ReactNode } from 'react';

/**
 * A location ref (`type:target`) as a person reads it: a path without its type, a URL as a link; with line and column
 * as `:12:3` where they are known.
 */
export function LocationText({
  location,
  line,
  column,
}: {
  readonly location: string;
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
  return (
    <code className="location">
      {type === 'file' ? target : location}
      {place}
    </code>
  );
}
