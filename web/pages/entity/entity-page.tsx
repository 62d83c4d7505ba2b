import { useCanGoBack, useParams, useRouter, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import { entityRefOf, formatEntityRef, type EntityRefParts } from '../../../src/model/ref.ts';
import { useListWalk } from '../../data/list-walk.ts';
import { noteVisit } from '../../data/recent.ts';
import { resources } from '../../data/session.ts';
import { isAble, useUi } from '../../data/use-ui.ts';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { FailureNotice } from '../../ui/notice.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { useShortcut } from '../../ui/shortcuts.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { readRow } from '../catalog/row-fields.ts';
import { DescriptorView } from './descriptor-view.tsx';
import { EntityHead } from './entity-head.tsx';
import { filePage } from './entity-links.ts';
import type { EntitySearch } from './entity-search.ts';
import { FactsView } from './facts-view.tsx';
import { useGroupScope } from './group-overview.tsx';
import { useHeld, type Held } from './held.tsx';
import { HistoryView } from './history-view.tsx';
import { MissingEntity } from './missing-entity.tsx';
import { Overview } from './overview.tsx';
import { OwnVerdict } from './own-verdict.tsx';
import { EntityProblemsView } from './problems-view.tsx';
import { RelationsView } from './relations-view.tsx';
import { FleetAnswers, FleetGate } from './running/fleet-gate.tsx';
import { mayRun } from './running/use-running.ts';
import { RunningView } from './running/running-view.tsx';
import { partsScope, type Scope } from './scope.ts';
import { Sections } from './sections.tsx';
import { useEntity } from './use-entity.ts';
import { useEntityCrumbs } from './use-entity-crumbs.ts';
import { userScope } from './user-overview.tsx';
import { Verdict } from './verdict.tsx';

/** Viewers of definitions are large; only pages of APIs fetch them. */
const ApiDefinition = lazy(async () => ({
  default: (await import('../apis/api-definition.tsx')).ApiDefinition,
}));

/** One entity: what it is, whose, how it runs, what is known and what is wrong, with everything else one click away. */
export function EntityPage(): ReactNode {
  const parts: EntityRefParts = useParams({ from: '/catalog/$kind/$namespace/$name' });
  const isAsked = isAble(useUi().data, 'fleet.object.read') && parts.kind === 'component';
  return (
    <>
      {isAsked && <FleetAnswers parts={parts} />}
      <Page parts={parts} />
    </>
  );
}

function Page({ parts }: { readonly parts: EntityRefParts }): ReactNode {
  const entity = useEntity(parts);
  useBackKey();
  // While the answer for another entity is still there, it is not this page's.
  const shown = entity.isPrevious || entity.failure?.status === 404 ? undefined : entity.data;
  const title = shown ? readRow(shown).title : parts.name;
  useDocumentTitle(title);
  useEntityCrumbs(shown, parts.name);
  useVisit(shown);
  useListWalk(formatEntityRef(parts));
  const isSeen = isAble(useUi().data, 'fleet.object.read');
  if (entity.failure?.status === 404) return <MissingEntity parts={parts} />;
  if (!shown) {
    return (
      <>
        <PageHead title={parts.name} sub={<span>{parts.kind}</span>} />
        {entity.failure ? (
          <FailureNotice failure={entity.failure} onRetry={() => resources.repeat(entity.key)} />
        ) : (
          <Skeleton rows={8} label={`Loading ${parts.name}`} />
        )}
      </>
    );
  }
  const runs = isSeen && mayRun(shown);
  const content = (
    <>
      <EntityVerdict entity={shown} parts={parts} />
      <div className="entity-columns">
        <Sections parts={parts} kind={shown.kind} runs={runs} />
        <div className="entity-content">
          <View entity={shown} parts={parts} runs={runs} />
        </div>
      </div>
    </>
  );
  return (
    <>
      <EntityHead entity={shown} />
      {entity.failure && <FailureNotice failure={entity.failure} onRetry={() => resources.repeat(entity.key)} />}
      {runs ? <FleetGate parts={parts}>{content}</FleetGate> : content}
    </>
  );
}

function View({
  entity,
  parts,
  runs,
}: {
  readonly entity: RenderedEntity;
  readonly parts: EntityRefParts;
  /** Whether it may run somewhere that can be seen. */
  readonly runs: boolean;
}): ReactNode {
  const search: EntitySearch = useSearch({ from: '/catalog/$kind/$namespace/$name' });
  switch (search.view) {
    case 'running':
      return <RunningView parts={parts} search={search} />;
    case 'relations':
      return <RelationsView parts={parts} search={search} />;
    case 'definition':
      return <DefinitionView entity={entity} />;
    case 'facts':
      return <FactsView parts={parts} />;
    case 'problems':
      return <EntityProblemsView parts={parts} />;
    case 'history':
      return <HistoryView parts={parts} search={search} page={filePage(entity)} />;
    case 'descriptor':
      return <DescriptorView entity={entity} parts={parts} search={search} />;
    case 'overview':
    case undefined:
      return <Overview entity={entity} parts={parts} search={search} runs={runs} />;
  }
}

function DefinitionView({ entity }: { readonly entity: RenderedEntity }): ReactNode {
  const { type, definition } = entity.spec ?? {};
  if (typeof definition !== 'string') {
    return <p className="panel-empty">{entity.kind} entities have no definition, or this one declares none.</p>;
  }
  return (
    <Suspense fallback={<Skeleton rows={8} label="Loading the definition" />}>
      <ApiDefinition type={typeof type === 'string' ? type : ''} definition={definition} />
    </Suspense>
  );
}

/** The verdict of an entity, with how what it holds or owns is. */
function EntityVerdict({
  entity,
  parts,
}: {
  readonly entity: RenderedEntity;
  readonly parts: EntityRefParts;
}): ReactNode {
  if (entity.kind === 'Group') return <GroupVerdict entity={entity} parts={parts} />;
  const scope = entity.kind === 'User' ? userScope(entity) : partsScope(entity);
  const by = entity.kind === 'User' ? 'owner' : 'part';
  const page = filePage(entity);
  return scope ? (
    <ScopeVerdict scope={scope} by={by} parts={parts} page={page} />
  ) : (
    <OwnVerdict entity={entity} parts={parts} page={page} />
  );
}

function GroupVerdict({
  entity,
  parts,
}: {
  readonly entity: RenderedEntity;
  readonly parts: EntityRefParts;
}): ReactNode {
  const search: EntitySearch = useSearch({ from: '/catalog/$kind/$namespace/$name' });
  const { scope } = useGroupScope(entity, search);
  const page = filePage(entity);
  if (!scope) return <Verdict parts={parts} page={page} isHolder />;
  return <ScopeVerdict scope={scope} by="owner" parts={parts} page={page} />;
}

function ScopeVerdict({
  scope,
  by,
  ...verdict
}: {
  readonly scope: Scope;
  readonly by: Held['by'];
  readonly parts: EntityRefParts;
  readonly page: string | undefined;
}): ReactNode {
  return <Verdict {...verdict} held={useHeld(scope, by)} isHolder />;
}

/** Esc goes back to where one came from, else to the catalog. */
function useBackKey(): void {
  const router = useRouter();
  const canGoBack = useCanGoBack();
  useShortcut('layer.close', () => {
    if (canGoBack) router.history.back();
    else void router.navigate({ to: '/catalog' });
  });
}

/** Remembers the visit, once the entity is seen. */
function useVisit(entity: RenderedEntity | undefined): void {
  const ref = entity && entityRefOf(entity);
  const title = entity && readRow(entity).title;
  const kind = entity?.kind;
  useEffect(() => {
    if (ref !== undefined && title !== undefined && kind !== undefined) noteVisit({ ref, title, kind });
  }, [ref, title, kind]);
}
