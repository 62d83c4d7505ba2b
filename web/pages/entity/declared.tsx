import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import { formatEntityRef, type EntityRefParts } from '../../../src/model/ref.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { LocationText } from '../../ui/location-text.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { RefreshButton, RefreshOutcome } from '../sources/refresh.tsx';
import { useRefresh } from '../sources/use-refresh.ts';
import { useOrigin, type OriginData } from './use-entity.ts';

/** Annotations that lead to the file at its forge, and what a link says. */
const LINKS = [
  ['backstage.io/view-url', 'View'],
  ['backstage.io/edit-url', 'Edit'],
] as const;

/** Refs of the Locations that stand for sources; the source itself says more. */
const GENERATED = 'location:default/generated-';

/** Where an entity is declared and what leads there, with a way to have it read again. */
export function Declared({
  entity,
  parts,
}: {
  readonly entity: RenderedEntity;
  readonly parts: EntityRefParts;
}): ReactNode {
  const origin = useOrigin(parts);
  const refresh = useRefresh({ entityRef: formatEntityRef(parts) });
  return (
    <Panel title="Declared in" aside={<RefreshButton refresh={refresh} of={parts.name} />}>
      {origin.failure && <FailureNotice failure={origin.failure} />}
      {!origin.data && !origin.failure && <Skeleton rows={2} label="Loading where it is declared" />}
      {origin.data && !origin.isPrevious && <Place origin={origin.data} />}
      <p className="declared-links">
        {LINKS.map(([annotation, word]) => {
          const url = entity.metadata.annotations?.[annotation];
          // A descriptor could say `javascript:`.
          if (url === undefined || !/^https?:\/\//i.test(url)) return null;
          return (
            <a key={word} href={url} rel="noreferrer" className="accent" title={url}>
              {word}
            </a>
          );
        })}
      </p>
      <RefreshOutcome state={refresh.state} />
    </Panel>
  );
}

function Place({ origin }: { readonly origin: OriginData }): ReactNode {
  const { location, line, source, commit, ancestry } = origin;
  // Those that stand for configured and registered locations are declared nowhere.
  const isRead = /^(file|url|git):/.test(location);
  const named = ancestry.filter(({ ref }) => !ref.startsWith(GENERATED));
  return (
    <>
      <p>
        <LocationText location={location} source={source} line={isRead ? line : undefined} />
      </p>
      {commit !== undefined && (
        <p className="faint">
          at commit <code title={commit}>{commit.slice(0, 12)}</code>
        </p>
      )}
      {named.map(({ ref }) => (
        <p key={ref} className="faint declared-by">
          named by <EntityLink entityRef={ref} />
        </p>
      ))}
      {isRead && (
        <p className="faint declared-by">
          source{' '}
          <Link to="/sources" search={{ source }} className="accent">
            {source}
          </Link>
        </p>
      )}
    </>
  );
}
