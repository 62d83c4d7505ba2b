import { useId } from 'react';
import type { ReactNode } from 'react';
import { parseEntityRef, type EntityRefParts } from '../../../src/model/ref.ts';
import { resources } from '../../data/session.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { readRow } from '../catalog/row-fields.ts';
import { EntitySub } from './entity-head.tsx';
import { RelationGroups } from './relation-groups.tsx';
import { useEntity, useRelations } from './use-entity.ts';
import { Verdict } from './verdict.tsx';

/**
 * The first screen of an entity for a pane beside a list or graph. Whoever shows it moves the focus into it and back, and
 * gives it its place and width; it fills that.
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
      <div className="entity-peek-bar">
        <h2 id={id} className="visually-hidden">
          {parts?.name ?? entityRef}
        </h2>
        <EntityLink entityRef={entityRef} />
        <button type="button" className="button button-small" onClick={onClose}>
          Close
        </button>
      </div>
      {parts && <PeekBody key={entityRef} parts={parts} />}
    </section>
  );
}

function PeekBody({ parts }: { readonly parts: EntityRefParts }): ReactNode {
  const entity = useEntity(parts);
  const relations = useRelations(parts);
  if (!entity.data) {
    return entity.failure ? (
      <FailureNotice failure={entity.failure} onRetry={() => resources.repeat(entity.key)} />
    ) : (
      <Skeleton rows={6} label={`Loading ${parts.name}`} />
    );
  }
  return (
    <>
      <p className="entity-peek-title">{readRow(entity.data).title}</p>
      <div className="page-sub">
        <EntitySub entity={entity.data} />
      </div>
      <Verdict parts={parts} />
      {entity.data.metadata.description !== undefined && <p className="description">{entity.data.metadata.description}</p>}
      {relations.data && <RelationGroups parts={parts} page={relations.data} />}
    </>
  );
}
