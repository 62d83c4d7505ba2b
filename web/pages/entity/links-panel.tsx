import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import { Panel } from '../../ui/panel.tsx';
import { entityLinks } from './entity-links.ts';
import { LinkIcon } from './link-icon.tsx';

/** Where else to look: declared links, the code, the descriptor's file. */
export function LinksPanel({ entity }: { readonly entity: RenderedEntity }): ReactNode {
  const links = entityLinks(entity);
  if (links.length === 0) return null;
  return (
    <Panel title="Links">
      <ul className="plain links">
        {links.map(({ url, title, icon, isWeb }) => (
          <li key={`${url} ${title}`}>
            <LinkIcon icon={icon} />
            {isWeb ? (
              <a href={url} rel="noreferrer" className="accent" title={url}>
                {title}
              </a>
            ) : (
              <span>
                {title} <span className="faint">(not a web address)</span>
              </span>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
