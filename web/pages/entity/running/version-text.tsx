import type { ReactNode } from 'react';
import { countText } from '../count-text.ts';
import type { RunningVersion } from './health-mark.tsx';

/** The version that runs in most clusters, and how many others do; the tooltip has all of them. */
export function VersionText({ versions }: { readonly versions: readonly RunningVersion[] }): ReactNode {
  const [first, ...others] = versions;
  if (first === undefined) return null;
  const all = versions.map(({ tag, clusters }) => `${tag} in ${countText(clusters, 'cluster')}`).join('\n');
  return (
    <span className="version" title={all}>
      <code>{first.tag}</code>
      {others.length > 0 && (
        <span className="faint">
          {' '}
          <span aria-hidden="true">+{others.length}</span>
          <span className="visually-hidden">and {countText(others.length, 'other')}</span>
        </span>
      )}
    </span>
  );
}
