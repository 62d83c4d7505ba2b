import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { useRecent } from '../../data/recent.ts';
import { useStarred } from '../../data/starred.ts';
import { KindGlyph } from '../../ui/kind-glyph.tsx';
import { PageHead, Panel } from '../../ui/panel.tsx';
import { graphLink } from './graph-search.ts';
import { EntityField } from './root-field.tsx';

const SHOWN = 8;

/** Before an entity is chosen: what the page is for, and what one may begin with. */
export function RootPicker(): ReactNode {
  const navigate = useNavigate();
  const starred = useStarred();
  const recent = useRecent();
  const recentRefs = recent.map(({ ref }) => ref).filter((ref) => !starred.refs.includes(ref));
  return (
    <>
      <PageHead
        title="Graph"
        sub={<span>What an entity needs, what needs it, and how two of them hang together.</span>}
      />
      <div className="stack graph-picker">
        <EntityField label="Begin with" submit="Show" choose={(ref) => void navigate(graphLink(ref))} />
        <RefList title="Starred" refs={starred.refs} />
        <RefList title="Seen lately" refs={recentRefs} />
        {starred.refs.length === 0 && recentRefs.length === 0 && (
          <p className="panel-empty">
            What you star or look at is offered here. Every entity’s page leads to its graph, too.
          </p>
        )}
      </div>
    </>
  );
}

function RefList({ title, refs }: { readonly title: string; readonly refs: readonly string[] }): ReactNode {
  if (refs.length === 0) return null;
  return (
    <Panel title={title}>
      <ul className="plain graph-refs">
        {refs.slice(0, SHOWN).map((ref) => {
          const parts = parseEntityRef(ref);
          return (
            <li key={ref}>
              <Link {...graphLink(ref)} className="entity-link" title={ref}>
                <KindGlyph kind={parts?.kind ?? ''} />
                <span className="entity-link-name">{parts?.name ?? ref}</span>
                <span className="faint">{parts?.kind}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
