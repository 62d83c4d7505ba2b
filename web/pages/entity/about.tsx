import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import type { EntityRefParts } from '../../../src/model/ref.ts';
import { Declared } from './declared.tsx';
import { filePage } from './entity-links.ts';
import { FactSummary } from './fact-summary.tsx';
import { LatestChanges } from './latest-changes.tsx';
import { LinksPanel } from './links-panel.tsx';
import { RunningEvents } from './running/running-events.tsx';

/** More labels or annotations than this are folded away. */
const MOST_OPEN = 2;

/** Kinds that no collector of Callboard's own observes; what others say of them stands under Facts. */
const UNOBSERVED = new Set(['Group', 'User', 'Location']);

/** What stands beside the first screen: what happened in the clusters, what changed in the catalog, links, facts, where it is declared, labels and annotations. */
export function About({
  entity,
  parts,
  runs = false,
}: {
  readonly entity: RenderedEntity;
  readonly parts: EntityRefParts;
  /** Whether it may run somewhere that can be seen. */
  readonly runs?: boolean;
}): ReactNode {
  const { labels = {}, annotations = {} } = entity.metadata;
  return (
    <aside className="overview-side" aria-label="About">
      {runs && <RunningEvents parts={parts} />}
      <LatestChanges parts={parts} page={filePage(entity)} />
      <LinksPanel entity={entity} />
      {!UNOBSERVED.has(entity.kind) && <FactSummary parts={parts} />}
      <Declared entity={entity} parts={parts} />
      <TextMap title="Labels" map={labels} />
      <TextMap title="Annotations" map={annotations} />
    </aside>
  );
}

/** The tags of an entity; each leads to what has the same. */
export function Tags({ tags }: { readonly tags: readonly string[] }): ReactNode {
  if (tags.length === 0) return null;
  return (
    <ul className="plain tags" aria-label="Tags">
      {tags.map((tag) => (
        <li key={tag}>
          <Link to="/catalog" search={{ tag }} className="tag">
            {tag}
          </Link>
        </li>
      ))}
    </ul>
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
    <details className="panel fold" open={entries.length <= MOST_OPEN}>
      <summary>
        {title} <span className="section-count">{entries.length}</span>
      </summary>
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
    </details>
  );
}
