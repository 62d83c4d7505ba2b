import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import type { EntityRefParts } from '../../../src/model/ref.ts';
import { Panel } from '../../ui/panel.tsx';
import { Declared } from './declared.tsx';

/** Where it is declared, and the declared odds and ends: links, tags, labels, annotations. */
export function About({
  entity,
  parts,
}: {
  readonly entity: RenderedEntity;
  readonly parts: EntityRefParts;
}): ReactNode {
  const { tags = [], labels = {}, annotations = {}, links = [] } = entity.metadata;
  const shownLinks = links.map(readLink).filter((link) => link !== undefined);
  return (
    <aside className="overview-side" aria-label="About">
      <Declared entity={entity} parts={parts} />
      {tags.length > 0 && (
        <Panel title="Tags">
          <ul className="plain tags">
            {tags.map((tag) => (
              <li key={tag}>
                <Link to="/catalog" search={{ tag }} className="tag">
                  {tag}
                </Link>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {shownLinks.length > 0 && (
        <Panel title="Links">
          <ul className="plain links">
            {shownLinks.map(({ url, title, isWeb }) => (
              <li key={`${url} ${title}`}>
                {isWeb ? (
                  <a href={url} rel="noreferrer" className="accent" title={url}>
                    {title}
                  </a>
                ) : (
                  <span title={url}>{title}</span>
                )}
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <TextMap title="Labels" map={labels} />
      <TextMap title="Annotations" map={annotations} />
    </aside>
  );
}

function TextMap({
  title,
  map,
}: {
  readonly title: string;
  readonly map: Readonly<Record<string, string>>;
}): ReactNode {
  const entries = Object.entries(map);
  if (entries.length === 0) return null;
  return (
    <Panel title={title} aside={`${entries.length}`}>
      <dl className="text-map">
        {entries.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>
              <code>{value}</code>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

/** A declared link; only web addresses may be followed, since a descriptor could say `javascript:`. */
function readLink(
  link: JsonObject,
): { readonly url: string; readonly title: string; readonly isWeb: boolean } | undefined {
  const { url, title } = link;
  if (typeof url !== 'string') return undefined;
  return { url, title: typeof title === 'string' && title !== '' ? title : url, isWeb: /^https?:\/\//i.test(url) };
}
