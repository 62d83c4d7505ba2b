import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { parseEntityRef, type EntityRefParts } from '../../../src/model/ref.ts';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import { resources } from '../../data/session.ts';
import { isAble, useUi } from '../../data/use-ui.ts';
import { KindGlyph } from '../../ui/kind-glyph.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { readRow } from '../catalog/row-fields.ts';
import { EntitySub } from './entity-head.tsx';
import { filePage } from './entity-links.ts';
import { LatestChanges } from './latest-changes.tsx';
import { LinksPanel } from './links-panel.tsx';
import { MissingTargets } from './missing-targets.tsx';
import { OwnVerdict } from './own-verdict.tsx';
import { RelationGroups } from './relation-groups.tsx';
import { RunningGate } from './running/fleet-gate.tsx';
import { mayRun } from './running/use-running.ts';
import { useEntity, useRelations, type PageOf, type RelationData } from './use-entity.ts';

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
      {entity && <Body entity={entity} parts={parts} relations={relations.data} />}
    </>
  );
}

interface BodyProps {
  readonly entity: RenderedEntity;
  readonly parts: EntityRefParts;
  readonly relations: PageOf<RelationData> | undefined;
}

function Body(props: BodyProps): ReactNode {
  const { entity, parts } = props;
  const isAsked = isAble(useUi().data, 'fleet.object.read') && mayRun(entity);
  const content = <Content {...props} />;
  return (
    <>
      <div className="page-sub">
        <EntitySub entity={entity} />
      </div>
      {isAsked ? <RunningGate parts={parts}>{content}</RunningGate> : content}
    </>
  );
}

function Content({ entity, parts, relations }: BodyProps): ReactNode {
  const page = filePage(entity);
  return (
    <>
      <OwnVerdict entity={entity} parts={parts} page={page} />
      {entity.metadata.description !== undefined && <p className="description">{entity.metadata.description}</p>}
      {relations && <MissingTargets page={relations} kind={entity.kind} />}
      <LinksPanel entity={entity} />
      {relations && <RelationGroups parts={parts} page={relations} shown={SHOWN} />}
      <LatestChanges parts={parts} page={page} />
    </>
  );
}
