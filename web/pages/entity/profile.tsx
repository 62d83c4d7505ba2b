import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import { isJsonObject } from '../../../src/model/json.ts';
import { Panel } from '../../ui/panel.tsx';

/** How a group or person is reached, as far as its profile says. Pictures of other hosts are not loaded. */
export function Profile({ entity }: { readonly entity: RenderedEntity }): ReactNode {
  const profile = entity.spec?.['profile'];
  const lines = isJsonObject(profile)
    ? Object.entries(profile).filter((line): line is [string, string] => typeof line[1] === 'string')
    : [];
  if (lines.length === 0) return null;
  return (
    <Panel title="Profile">
      <dl className="word-list">
        {lines.map(([key, value]) => (
          <div key={key}>
            <dt>{WORDS[key] ?? key}</dt>
            <dd className="wrap">
              {key === 'email' && /^[^\s@]+@[^\s@?&]+$/.test(value) ? (
                <a href={`mailto:${value}`} className="accent">
                  {value}
                </a>
              ) : (
                value
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

const WORDS: Readonly<Record<string, string>> = { displayName: 'Name', email: 'Email', picture: 'Picture' };
