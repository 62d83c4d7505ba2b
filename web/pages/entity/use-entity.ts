import type { Static } from 'typebox';
import type { EntityOrigin, FactItem, HistoryItem, Relation } from '../../../src/api/entities.ts';
import type { ProblemItem } from '../../../src/api/problems.ts';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import { formatEntityRef, type EntityRefParts } from '../../../src/model/ref.ts';
import type { LiveBatch } from '../../data/live-stream.ts';
import { api } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';

const ENTITY = '/api/v1/entities/:kind/:namespace/:name';

/** Relations drawn on the overview at most; the rest stands on its own pages. */
const OVERVIEW_RELATIONS = 1000;
const MOST_FACTS = 1000;
const MOST_PROBLEMS = 200;
const HISTORY_STEPS = 20;
/** One more than are shown: the last one is told by what was before it. */
const LATEST_STEPS = 6;

/** A page of a list. */
export interface PageOf<Item> {
  readonly items: readonly Item[];
  readonly total: number;
  readonly next?: string | undefined;
  readonly previous?: string | undefined;
}

/** One relation. */
export type RelationData = Static<typeof Relation>;
/** One fact. */
export type FactData = Static<typeof FactItem>;
/** One problem. */
export type ProblemData = Static<typeof ProblemItem>;
/** One step of an entity's history. */
export type HistoryData = Static<typeof HistoryItem>;

/** Where an entity is declared. */
export type OriginData = Static<typeof EntityOrigin>;

function touches(parts: EntityRefParts): (batch: LiveBatch) => boolean {
  const ref = formatEntityRef(parts);
  return (batch) => batch.changes.some((change) => change.ref === ref);
}

/** The entity itself. */
export function useEntity(parts: EntityRefParts): Answer<RenderedEntity> {
  return useResource<RenderedEntity>({
    key: `entity ${formatEntityRef(parts)}`,
    load: (signal, minRevision) => api.call(`GET ${ENTITY}`, { params: parts, query: { minRevision }, signal }),
    isAffected: touches(parts),
  });
}

/** Where it is declared. */
export function useOrigin(parts: EntityRefParts): Answer<OriginData> {
  const isTouched = touches(parts);
  return useResource<OriginData>({
    key: `origin ${formatEntityRef(parts)}`,
    load: (signal, minRevision) => api.call(`GET ${ENTITY}/origin`, { params: parts, query: { minRevision }, signal }),
    isAffected: (batch) => batch.sources || isTouched(batch),
  });
}

/** Its relations, as many as the overview can use. */
export function useRelations(parts: EntityRefParts): Answer<PageOf<RelationData>> {
  return useRelationPage(parts, undefined, undefined, OVERVIEW_RELATIONS);
}

/** One page of its relations of one type. */
export function useRelationPage(
  parts: EntityRefParts,
  type: string | undefined,
  cursor: string | undefined,
  limit: number,
): Answer<PageOf<RelationData>> {
  const query = { limit, cursor, type: type === undefined ? undefined : [type] };
  return useResource<PageOf<RelationData>>({
    key: `relations ${formatEntityRef(parts)} ${JSON.stringify(query)}`,
    load: (signal, minRevision) =>
      api.call(`GET ${ENTITY}/relations`, { params: parts, query: { ...query, minRevision }, signal }),
    isAffected: touches(parts),
  });
}

/** What collectors observed about it. */
export function useFacts(parts: EntityRefParts): Answer<PageOf<FactData>> {
  const isTouched = touches(parts);
  return useResource<PageOf<FactData>>({
    key: `facts ${formatEntityRef(parts)}`,
    load: (signal, minRevision) =>
      api.call(`GET ${ENTITY}/facts`, { params: parts, query: { limit: MOST_FACTS, minRevision }, signal }),
    isAffected: (batch) => batch.sources || isTouched(batch),
  });
}

/** What is wrong with its descriptor. */
export function useEntityProblems(parts: EntityRefParts): Answer<PageOf<ProblemData>> {
  const entity = formatEntityRef(parts);
  return useResource<PageOf<ProblemData>>({
    key: `problems of ${entity}`,
    load: (signal, minRevision) =>
      api.call('GET /api/v1/problems', { query: { entity, limit: MOST_PROBLEMS, minRevision }, signal }),
    isAffected: (batch) => batch.sources,
  });
}

/** One page of its history, newest first. */
export function useHistory(
  parts: EntityRefParts,
  cursor?: string,
  limit: number = HISTORY_STEPS,
): Answer<{ readonly items: readonly HistoryData[]; readonly next?: string | undefined }> {
  return useResource({
    key: `history ${formatEntityRef(parts)} ${limit} ${cursor ?? ''}`,
    load: (signal, minRevision) =>
      api.call(`GET ${ENTITY}/history`, { params: parts, query: { limit, cursor, minRevision }, signal }),
    isAffected: touches(parts),
  });
}

/** The newest steps of its history, as many as a first screen can say something of. */
export function useLatestSteps(parts: EntityRefParts): ReturnType<typeof useHistory> {
  return useHistory(parts, undefined, LATEST_STEPS);
}
