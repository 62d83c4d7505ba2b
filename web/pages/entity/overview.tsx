import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import type { EntityRefParts } from '../../../src/model/ref.ts';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { About } from './about.tsx';
import { DomainOverview } from './domain-overview.tsx';
import type { EntitySearch } from './entity-search.ts';
import { GroupOverview } from './group-overview.tsx';
import { LocationOverview } from './location-overview.tsx';
import { MissingTargets } from './missing-targets.tsx';
import { RelationGroups } from './relation-groups.tsx';
import { Rollup } from './rollup.tsx';
import { RunningOverview } from './running/running-overview.tsx';
import { partsScope } from './scope.ts';
import { SpecTree } from './spec-tree.tsx';
import { TemplateOverview } from './template-overview.tsx';
import { useRelations } from './use-entity.ts';
import { UserOverview } from './user-overview.tsx';

/** Rows of each type of relation. */
const SHOWN = 6;

/** Kinds whose page says all of their spec otherwise. */
const DRAWN = new Set(['Component', 'API', 'Resource', 'System', 'Domain', 'Group', 'User', 'Location', 'Template']);

/** The first screen of an entity: what its kind is about, beside what changed and where else to look. */
export function Overview({
  entity,
  parts,
  search,
  runs,
}: {
  readonly entity: RenderedEntity;
  readonly parts: EntityRefParts;
  readonly search: EntitySearch;
  /** Whether it may run somewhere that can be seen. */
  readonly runs: boolean;
}): ReactNode {
  const relations = useRelations(parts);
  return (
    <div className="overview">
      <div className="overview-main">
        {entity.metadata.description !== undefined && <p className="description">{entity.metadata.description}</p>}
        {runs && <RunningOverview entity={entity} parts={parts} />}
        {relations.data && <MissingTargets page={relations.data} kind={entity.kind} />}
        <OfKind entity={entity} parts={parts} search={search} />
        {!DRAWN.has(entity.kind) && entity.spec && (
          <Panel title="Spec">
            <SpecTree value={entity.spec} />
          </Panel>
        )}
        <Related entity={entity} parts={parts} />
      </div>
      <About entity={entity} parts={parts} runs={runs} />
    </div>
  );
}

function OfKind({
  entity,
  parts,
  search,
}: {
  readonly entity: RenderedEntity;
  readonly parts: EntityRefParts;
  readonly search: EntitySearch;
}): ReactNode {
  const scope = partsScope(entity);
  switch (entity.kind) {
    case 'System':
      return scope && <Rollup scope={scope} parts={parts} search={search} empty="Nothing is part of it." />;
    case 'Domain':
      return <DomainOverview entity={entity} parts={parts} search={search} />;
    case 'Group':
      return <GroupOverview entity={entity} parts={parts} search={search} />;
    case 'User':
      return <UserOverview entity={entity} parts={parts} search={search} />;
    case 'Location':
      return <LocationOverview entity={entity} />;
    case 'Template':
      return <TemplateOverview entity={entity} />;
    default:
      return null;
  }
}

/** Types of relations that a kind's own parts of the page tell already; the owner stands in the head of each. */
const TOLD: Readonly<Record<string, readonly string[]>> = {
  System: ['hasPart', 'partOf'],
  Domain: ['hasPart', 'partOf'],
  Group: ['hasMember', 'ownerOf', 'childOf', 'parentOf'],
  User: ['memberOf', 'ownerOf'],
};

function Related({ entity, parts }: { readonly entity: RenderedEntity; readonly parts: EntityRefParts }): ReactNode {
  const relations = useRelations(parts);
  const told = ['ownedBy', ...(TOLD[entity.kind] ?? [])];
  const types = [...new Set(relations.data?.items.map(({ type }) => type))].filter((type) => !told.includes(type));
  if (relations.failure && !relations.data) return <FailureNotice failure={relations.failure} />;
  if (!relations.data) return <Skeleton rows={4} label="Loading the relations" />;
  if (types.length === 0) {
    const isLone = relations.data.total === 0 && !['Location', 'Template'].includes(entity.kind);
    return isLone && <p className="panel-empty">It names no other entity, and none names it.</p>;
  }
  return <RelationGroups parts={parts} page={relations.data} shown={SHOWN} types={types} />;
}
