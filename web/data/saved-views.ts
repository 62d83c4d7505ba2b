import type { SavedView } from '../../src/api/preferences.ts';
import { MOST_VIEWS } from '../../src/model/preference.ts';
import { recall, remember } from '../ui/browser-memory.ts';
import type { Failure } from '../ui/notice.tsx';
import { describeFailure } from './failure.ts';
import { keptIn, parsed } from './preferences.ts';
import { api, resources } from './session.ts';
import { useResource } from './use-resource.ts';
import { useUi } from './use-ui.ts';

/** What a view shows. */
export interface ViewText {
  readonly title: string;
  /** Query of the page, without the question mark. */
  readonly search: string;
}

/** The saved views of a page. What cannot be done answers the failure. */
export interface SavedViews {
  /** By title; `group` is set on those that are shared with a group. */
  readonly views: readonly SavedView[];
  /** Refs of groups that a view may be shared with; none for guests. */
  readonly groups: readonly string[];
  readonly isKnown: boolean;
  readonly failure: Failure | undefined;
  /** @param group shares it with this group; absent: it is one's own */
  save(view: ViewText, group?: string): Promise<Failure | undefined>;
  change(view: SavedView, to: ViewText): Promise<Failure | undefined>;
  remove(view: SavedView): Promise<Failure | undefined>;
}

interface Known {
  readonly items: readonly SavedView[];
  readonly groups: readonly string[];
}

const STORAGE_KEY = 'callboard.views';
const NONE: Known = { items: [], groups: [] };

/**
 * Views of a page that were saved: kept on the server for who is signed in, in the browser for guests.
 * @param page first part of the page's path, e.g. `catalog`
 */
export function useSavedViews(page: string): SavedViews {
  const place = keptIn(useUi().data);
  const key = `views ${place ?? ''} ${page}`;
  const answer = useResource<Known>({
    key,
    load: (signal) =>
      place === 'server'
        ? api.call('GET /api/v1/account/views', { query: { page }, signal })
        : Promise.resolve(place === 'browser' ? { items: readBrowser(page), groups: [] } : NONE),
    isAffected: () => false,
  });
  const act = async (onServer: () => Promise<unknown>, inBrowser: () => void): Promise<Failure | undefined> => {
    try {
      if (place === 'server') await onServer();
      else inBrowser();
      resources.repeat(key);
      return undefined;
    } catch (thrown) {
      return describeFailure(thrown, 'You may not save this.');
    }
  };
  const isKnown = place !== undefined && answer.data !== undefined && !answer.isPrevious;
  const { items, groups } = answer.data ?? NONE;
  return {
    views: items,
    groups,
    isKnown,
    failure: answer.failure,
    save: (view, group) =>
      act(
        () => saveOnServer({ page, ...view }, group),
        () => writeBrowser([...readBrowser(), browserView({ page, ...view })]),
      ),
    change: (view, to) =>
      act(
        () => changeOnServer(view, { page, ...to }),
        () => writeBrowser(readBrowser().map((other) => (other.id === view.id ? { ...other, ...to } : other))),
      ),
    remove: (view) =>
      act(
        () => removeOnServer(view),
        () => writeBrowser(readBrowser().filter(({ id }) => id !== view.id)),
      ),
  };
}

type NewView = ViewText & { readonly page: string };

function saveOnServer(body: NewView, group: string | undefined): Promise<unknown> {
  return group === undefined
    ? api.call('POST /api/v1/account/views', { body })
    : api.call('POST /api/v1/groups/:namespace/:group/views', { params: groupParams(group), body });
}

function changeOnServer({ id, group }: SavedView, body: NewView): Promise<unknown> {
  return group === undefined
    ? api.call('PUT /api/v1/account/views/:id', { params: { id }, body })
    : api.call('PUT /api/v1/groups/:namespace/:group/views/:id', { params: { id, ...groupParams(group) }, body });
}

function removeOnServer({ id, group }: SavedView): Promise<unknown> {
  return group === undefined
    ? api.call('DELETE /api/v1/account/views/:id', { params: { id } })
    : api.call('DELETE /api/v1/groups/:namespace/:group/views/:id', { params: { id, ...groupParams(group) } });
}

function groupParams(ref: string): { readonly namespace: string; readonly group: string } {
  const [, namespace = '', group = ''] = ref.split(/[:/]/);
  return { namespace, group };
}

function browserView(view: NewView): SavedView {
  const now = Date.now();
  return { ...view, id: now.toString(36), savedBy: 'user:default/guest', savedAt: new Date(now).toISOString() };
}

function readBrowser(page?: string): readonly SavedView[] {
  const value = parsed(recall('localStorage', STORAGE_KEY));
  const views = Array.isArray(value) ? (value as unknown[]).filter(isSavedView) : [];
  return views
    .filter((view) => page === undefined || view.page === page)
    .toSorted((left, right) => left.title.localeCompare(right.title));
}

function writeBrowser(views: readonly SavedView[]): void {
  if (views.length > MOST_VIEWS) throw new Error(`No more than ${MOST_VIEWS} views fit. Remove some first.`);
  remember('localStorage', STORAGE_KEY, JSON.stringify(views));
}

function isSavedView(value: unknown): value is SavedView {
  if (typeof value !== 'object' || value === null) return false;
  const view = value as Readonly<Record<string, unknown>>;
  return ['id', 'page', 'title', 'search', 'savedBy', 'savedAt'].every((key) => typeof view[key] === 'string');
}
