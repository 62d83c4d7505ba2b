import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import { formatEntityRef, type EntityRefParts } from '../../../src/model/ref.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { RefreshButton, RefreshOutcome } from '../sources/refresh.tsx';
import { useRefresh } from '../sources/use-refresh.ts';
import { CommitText } from './commit-text.tsx';
import { filePage } from './entity-links.ts';
import { useOrigin, type OriginData } from './use-entity.ts';

/** Refs of the Locations that stand for sources; the source itself says more. */
const GENERATED = 'location:default/generated-';

/** The source that an entity is read from and what leads there, with a way to have it read again. */
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
    <Panel title="Source" aside={<RefreshButton refresh={refresh} of={parts.name} />}>
      {origin.failure && <FailureNotice failure={origin.failure} />}
      {!origin.data && !origin.failure && <Skeleton rows={1} label="Loading where it is declared" />}
      {origin.data && !origin.isPrevious && <Place origin={origin.data} page={filePage(entity)} />}
      <RefreshOutcome state={refresh.state} />
    </Panel>
  );
}

function Place({ origin, page }: { readonly origin: OriginData; readonly page: string | undefined }): ReactNode {
  const { location, source, commit, ancestry } = origin;
  // Those that stand for configured and registered locations are declared nowhere.
  const isRead = /^(file|url|git):/.test(location);
  const named = ancestry.filter(({ ref }) => !ref.startsWith(GENERATED));
  return (
    <>
      {commit !== undefined && (
        <p className="faint">
          at commit <CommitText commit={commit} page={page} />
        </p>
      )}
      {named.map(({ ref }) => (
        <p key={ref} className="faint declared-by">
          named by <EntityLink entityRef={ref} />
        </p>
      ))}
      {isRead && (
        <p className="declared-by">
          <Link to="/sources" search={{ source }} className="accent">
            {source}
          </Link>
        </p>
      )}
    </>
  );
}
