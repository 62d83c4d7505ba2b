import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { parseEntityRef, type EntityRefParts } from '../../../src/model/ref.ts';
import { resources } from '../../data/session.ts';
import { KindGlyph } from '../../ui/kind-glyph.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { readRow } from '../catalog/row-fields.ts';
import { EntitySub } from './entity-head.tsx';
import { filePage } from './entity-links.ts';
import { LatestChanges } from './latest-changes.tsx';
import { LinksPanel } from './links-panel.tsx';
import { MissingTargets } from './missing-targets.tsx';
import { RelationGroups } from './relation-groups.tsx';
import { useEntity, useRelations } from './use-entity.ts';
import { Verdict } from './verdict.tsx';

const SHOWN = 4;

/**
 * The first screen of an entity for a pane beside a list or graph. Whoever shows it moves the focus into it and back,
 * closes it by Escape, and gives it its place and width; it fills that.
 *
 * @param entityRef canonical ref
 * @param onClose called by the button that closes it
 */
export function EntityPeek({
  entityRef,
  onClose,
}: {
  readonly entityRef: string;
  readonly onClose: () => void;
}): ReactNode {
  const parts = parseEntityRef(entityRef);
  const id = useId();
  return (
    <section className="entity-peek" aria-labelledby={id}>
      {parts && <Peek key={entityRef} parts={parts} titleId={id} onClose={onClose} />}
    </section>
  );
}

function Peek({
  parts,
  titleId,
  onClose,
}: {
  readonly parts: EntityRefParts;
  readonly titleId: string;
  readonly onClose: () => void;
}): ReactNode {
  const { data: entity, failure, key } = useEntity(parts);
  const relations = useRelations(parts);
  return (
    <>
      <div className="entity-peek-bar">
        <h2 id={titleId}>
          <KindGlyph kind={parts.kind} />
          <Link to="/catalog/$kind/$namespace/$name" params={parts}>
            {entity ? readRow(entity).title : parts.name}
          </Link>
        </h2>
        <Link to="/catalog/$kind/$namespace/$name" params={parts} className="button button-small">
          Open
        </Link>
        <button type="button" className="button button-small" onClick={onClose}>
          Close
        </button>
      </div>
      {failure && <FailureNotice failure={failure} onRetry={() => resources.repeat(key)} />}
      {!entity && !failure && <Skeleton rows={6} label={`Loading ${parts.name}`} />}
      {entity && (
        <>
          <div className="page-sub">
            <EntitySub entity={entity} />
          </div>
          <Verdict parts={parts} page={filePage(entity)} />
          {entity.metadata.description !== undefined && <p className="description">{entity.metadata.description}</p>}
          {relations.data && <MissingTargets page={relations.data} kind={entity.kind} />}
          <LinksPanel entity={entity} />
          {relations.data && <RelationGroups parts={parts} page={relations.data} shown={SHOWN} />}
          <LatestChanges parts={parts} page={filePage(entity)} />
        </>
      )}
    </>
  );
}
