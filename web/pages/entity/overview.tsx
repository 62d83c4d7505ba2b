import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import type { EntityRefParts } from '../../../src/model/ref.ts';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { About } from './about.tsx';
import { FactTable } from './facts-view.tsx';
import { RelationGroups } from './relation-groups.tsx';
import { useFacts, useRelations } from './use-entity.ts';

/** The first screen of an entity. */
export function Overview({
  entity,
  parts,
}: {
  readonly entity: RenderedEntity;
  readonly parts: EntityRefParts;
}): ReactNode {
  const relations = useRelations(parts);
  const facts = useFacts(parts);
  return (
    <div className="overview">
      <div className="overview-main">
        {entity.metadata.description !== undefined && <p className="description">{entity.metadata.description}</p>}
        <Panel title="Relations" aside={relations.data && `${relations.data.total}`}>
          {relations.data ? (
            <RelationGroups parts={parts} page={relations.data} />
          ) : (
            <Skeleton rows={3} label="Loading the relations" />
          )}
        </Panel>
        <Panel title="Facts" aside={facts.data && `${facts.data.total}`}>
          {facts.data ? <FactTable facts={facts.data.items} /> : <Skeleton rows={3} label="Loading the facts" />}
        </Panel>
      </div>
      <About entity={entity} parts={parts} />
    </div>
  );
}
