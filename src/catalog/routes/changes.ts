import { listChanges, type ChangedItem, type ChangeGroup } from '../../api/changes.ts';
import type { View } from '../../graph/view.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import type { Entity } from '../../model/entity.ts';
import { formatEntityRef, parseEntityRef } from '../../model/ref.ts';
import type { ChangedEntity, ChangedRevision, ChangeKey } from '../../store/changes.ts';
import type { Store } from '../../store/store.ts';
import { chooseChanges, type ChangeChoice } from './change-choice.ts';
import { entityTitle } from './entity-title.ts';
import { routeError } from './errors.ts';
import { instant } from './instant.ts';
import { readView } from './read.ts';

const PAGE = 20;
const EACH = 3;
/** Changes that are read at once, and stretches that are read for one answer. */
const STRETCH = 2_000;
const MOST_STRETCHES = 10;
/** Entities that are gone whose last owner is looked up for one answer; others are left out. */
const MOST_GONE = 200;
/** What the catalog makes for itself, see `catalog/registration.ts`: nobody wrote it. */
const GENERATED = 'location:default/generated-';

const changes = implementRoute(listChanges, (request, context) =>
  readView(request, request.query.minRevision, context, async (view) => {
    const { limit = PAGE, each = EACH, cursor, since, minRevision: _, ...selection } = request.query;
    const choice = await chooseChanges(view, selection, context);
    const asked = { before: beforeOf(cursor), since: momentOf(since), limit };
    const { found, next } = await readPage(asked, choice, context.store);
    const keys = found.flatMap(({ revision, refs }) => refs.slice(0, each).map((ref) => ({ ref, revision })));
    const described = Map.groupBy(await context.store.changedEntities(keys), ({ revision }) => revision);
    const items = found.flatMap((group) => changeGroup(group, described.get(group.revision) ?? [], view, choice));
    return { revision: view.revision, items, ...(next !== undefined && { next: `before-${next}` }) };
  }),
);

/** The route of what changed lately. */
export const changeRoutes: readonly Route[] = [changes];

interface PageAsked {
  readonly before: number | undefined;
  readonly since: number | undefined;
  readonly limit: number;
}

/** Revisions with what of them is chosen, and the one that the next page comes after. */
async function readPage(
  { before, since, limit }: PageAsked,
  choice: ChangeChoice,
  store: Store,
): Promise<{ readonly found: readonly ChangedRevision[]; readonly next: number | undefined }> {
  const found: ChangedRevision[] = [];
  let next = before;
  let budget = MOST_GONE;
  for (let stretch = 0; stretch < MOST_STRETCHES; stretch += 1) {
    const { revisions, isEnd } = await store.changes({ before: next, since, limit: STRETCH });
    const lost = revisions.flatMap((revision) => unknownOf(revision, choice)).slice(0, budget);
    budget -= lost.length;
    const isOwned = await ownedOf(lost, choice, store);
    for (const { revision, refs, isCut } of revisions) {
      next = revision;
      const chosen = refs.filter((ref) => isChosen(ref, choice) || isOwned.has(keyText({ ref, revision })));
      if (chosen.length === 0) continue;
      found.push({ revision, refs: chosen, isCut });
      const isLast = isEnd && revision === revisions.at(-1)?.revision;
      if (found.length === limit) return { found, next: isLast ? undefined : next };
    }
    if (isEnd) return { found, next: undefined };
  }
  return { found, next };
}

function isChosen(ref: string, choice: ChangeChoice): boolean {
  if (ref.startsWith(GENERATED)) return false;
  return choice.of(ref) !== undefined || (choice.gone === 'all' && !choice.exists(ref));
}

/** Entities of a revision that are gone, where it depends on who owned them whether they count. */
function unknownOf({ revision, refs }: ChangedRevision, choice: ChangeChoice): readonly ChangeKey[] {
  if (choice.gone === 'all' || choice.gone === 'none') return [];
  return refs.filter((ref) => !choice.exists(ref)).map((ref) => ({ ref, revision }));
}

/** Those of them that one of the owners owned then. */
async function ownedOf(keys: readonly ChangeKey[], { gone }: ChangeChoice, store: Store): Promise<ReadonlySet<string>> {
  if (keys.length === 0 || gone === 'all' || gone === 'none') return new Set();
  const described = await store.changedEntities(keys);
  const owned = described.filter(({ body }) => {
    const owner = ownerOf(JSON.parse(body) as Entity);
    return owner !== undefined && gone.has(owner);
  });
  return new Set(owned.map(keyText));
}

function keyText({ ref, revision }: ChangeKey): string {
  return `${revision} ${ref}`;
}

function ownerOf({ metadata, spec }: Entity): string | undefined {
  const written = spec?.['owner'];
  if (typeof written !== 'string') return undefined;
  const parts = parseEntityRef(written, { defaultKind: 'Group', defaultNamespace: metadata.namespace });
  return parts && formatEntityRef(parts);
}

/** Nothing where the history was dropped between two readings. */
function changeGroup(
  { revision, refs, isCut }: ChangedRevision,
  entities: readonly ChangedEntity[],
  view: View,
  choice: ChangeChoice,
): ChangeGroup[] {
  const [first] = entities;
  if (first === undefined) return [];
  const items = entities.map((entity) => changedItem(entity, view, choice));
  return [{ revision, at: instant(first.at), total: refs.length, isCut, items }];
}

const WORDS = { created: 'created', updated: 'changed', deleted: 'removed' } as const;

function changedItem(changed: ChangedEntity, view: View, choice: ChangeChoice): ChangedItem {
  const { ref, op, paths, location, source, commit, body } = changed;
  const id = view.find(ref);
  const entity = id === undefined ? (JSON.parse(body) as Entity) : view.document(id);
  return {
    ref,
    kind: entity.kind,
    title: entityTitle(entity),
    exists: id !== undefined,
    isDependency: choice.of(ref) === 'dependency',
    change: WORDS[op],
    ...(paths !== undefined && { fields: [...paths] }),
    location,
    source,
    ...(commit !== undefined && { commit }),
  };
}

/** @throws SINCE_INVALID */
function momentOf(since: string | undefined): number | undefined {
  if (since === undefined) return undefined;
  const moment = Date.parse(since);
  if (Number.isNaN(moment)) throw routeError('SINCE_INVALID', { written: since.slice(0, 100) });
  return moment;
}

function beforeOf(cursor: string | undefined): number | undefined {
  return cursor === undefined ? undefined : Number(cursor.slice('before-'.length));
}
