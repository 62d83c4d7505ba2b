import type { Static } from 'typebox';
import type { listChanges, ChangedItem, ChangeGroup } from '../../../src/api/changes.ts';
import type { HomeScope } from '../../../src/api/home.ts';
import type { OwnedAnswer } from '../../../src/api/owned.ts';
import type { Verdicts } from '../../../src/api/running.ts';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import type { LiveBatch } from '../../data/live-stream.ts';
import { api } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';
import { useVerdicts } from '../../data/verdicts.ts';
import type { PageOf, ProblemData } from '../entity/use-entity.ts';
import { useSources, type SourceData } from '../sources/use-sources.ts';

/** Whose things Home shows. */
export type ScopeData = HomeScope;
/** What the scope owns. */
export type OwnedData = OwnedAnswer;
/** What one write changed, and one entity of it. */
export type ChangeGroupData = ChangeGroup;
export type ChangedData = ChangedItem;
/** A page of what changed. */
export type ChangesData = Static<typeof listChanges.response>;

/** The fact that says for how many days what runs has been rolled out. */
export const IMAGE_AGE = 'kubernetes.imageAgeDays';
/** Rows of what is owned; the rest is in the catalog. */
export const MOST_OWNED = 50;
/** Problems that are counted by entity. */
const MOST_PROBLEMS = 1000;
const MOST_CHANGES = 10;
const MOST_PEOPLE = 24;
const MOST_TEAMS = 12;

/** What a landscape is made of, where nobody's things are asked for. */
const LANDSCAPE = ['kind=domain,kind=system'];
const NAME_FIELDS = ['kind,metadata.name,metadata.namespace,metadata.title,spec.profile.displayName'];

const isEntityChange = (batch: LiveBatch): boolean => batch.changes.length > 0;
const isPeopleChange = (batch: LiveBatch): boolean =>
  batch.changes.some(({ ref }) => ref.startsWith('user:') || ref.startsWith('group:'));

/** What Home asks about. */
interface Owners {
  readonly owners: readonly string[];
}

/** What the first screen stands on; each part may fail alone. */
export interface FirstAnswers {
  readonly owned: Answer<OwnedData>;
  readonly problems: Answer<PageOf<ProblemData>>;
  readonly sources: Answer<PageOf<SourceData>>;
  /** How what the scope owns does in the clusters; nothing of everything. */
  readonly health: Answer<Verdicts | undefined>;
}

/** Identity of the question whose things Home shows. @param team as the URL has it */
export function scopeKey(team: string | undefined): string {
  return `home ${team ?? ''}`;
}

/** Whose things Home shows. @param team as the URL has it */
export function useScope(team: string | undefined): Answer<ScopeData> {
  return useResource<ScopeData>({
    key: scopeKey(team),
    load: (signal) => api.call('GET /api/v1/home', { query: { team }, signal }),
    isAffected: isPeopleChange,
  });
}

/** Asks what the first screen stands on. */
export function useFirstAnswers(scope: Owners): FirstAnswers {
  const health = useVerdicts({ ownedBy: scope.owners });
  return { problems: useScopeProblems(scope), owned: useOwned(scope), sources: useSources(), health };
}

/** What the scope owns; of everything the domains and systems. */
function useOwned(scope: Owners): Answer<OwnedData> {
  const query =
    scope.owners.length === 0
      ? { filter: LANDSCAPE, limit: MOST_OWNED }
      : { owner: [...scope.owners], fact: [IMAGE_AGE], limit: MOST_OWNED };
  return useResource<OwnedData>({
    key: `owned ${JSON.stringify(query)}`,
    load: (signal, minRevision) => api.call('GET /api/v1/owned', { query: { ...query, minRevision }, signal }),
    isAffected: isEntityChange,
  });
}

/** How much of each kind there is, whoever owns it. */
export function useKindsOfAll(isAsked: boolean): Answer<OwnedData | undefined> {
  return useResource<OwnedData | undefined>({
    key: `kinds of all ${isAsked}`,
    load: (signal, minRevision) =>
      isAsked
        ? api.call('GET /api/v1/owned', { query: { limit: 0, minRevision }, signal })
        : Promise.resolve(undefined),
    isAffected: (batch) => isAsked && isEntityChange(batch),
  });
}

/** The problems of what the scope owns, errors first. */
function useScopeProblems({ owners }: Owners): Answer<PageOf<ProblemData>> {
  const query = { owner: owners.length === 0 ? undefined : owners.join(','), limit: MOST_PROBLEMS };
  return useResource<PageOf<ProblemData>>({
    key: `problems of ${JSON.stringify(query)}`,
    load: (signal, minRevision) => api.call('GET /api/v1/problems', { query: { ...query, minRevision }, signal }),
    isAffected: (batch) => batch.sources,
  });
}

/** What changed lately of what the scope owns, and of what that depends on. */
export function useChanges({ owners }: ScopeData): Answer<ChangesData> {
  const query = { ...(owners.length > 0 && { owner: owners, dependencies: true }), limit: MOST_CHANGES };
  return useResource<ChangesData>({
    key: `changes ${JSON.stringify(query)}`,
    load: (signal, minRevision) => api.call('GET /api/v1/changes', { query: { ...query, minRevision }, signal }),
    isAffected: isEntityChange,
  });
}

/** Who is in the chosen groups themselves. */
export function usePeople(groups: readonly string[]): Answer<PageOf<RenderedEntity>> {
  const filter = groups.map((ref) => `kind=user,relations.memberOf=${ref}`);
  const query = { filter, order: 'metadata.name', limit: MOST_PEOPLE, fields: NAME_FIELDS };
  return useResource<PageOf<RenderedEntity>>({
    key: `people ${JSON.stringify(query)}`,
    load: (signal, minRevision) => api.call('GET /api/v1/entities', { query: { ...query, minRevision }, signal }),
    isAffected: isPeopleChange,
  });
}

/** Groups to choose from, where nobody's things are shown. */
export function useTeams(isAsked: boolean): Answer<PageOf<RenderedEntity> | undefined> {
  const query = { filter: ['kind=group'], order: 'metadata.name', limit: MOST_TEAMS, fields: NAME_FIELDS };
  return useResource<PageOf<RenderedEntity> | undefined>({
    key: `teams ${isAsked}`,
    load: (signal, minRevision) =>
      isAsked
        ? api.call('GET /api/v1/entities', { query: { ...query, minRevision }, signal })
        : Promise.resolve(undefined),
    isAffected: (batch) => isAsked && isPeopleChange(batch),
  });
}
