import type { Preferences } from '../../src/api/preferences.ts';
import type { Ui } from '../../src/api/ui.ts';
import { MOST_STARS } from '../../src/model/preference.ts';
import { recall, remember } from '../ui/browser-memory.ts';
import type { Failure } from '../ui/notice.tsx';
import { describeFailure } from './failure.ts';
import { api, resources } from './session.ts';
import { useResource } from './use-resource.ts';
import { useUi } from './use-ui.ts';

/** Where preferences are kept: with people who are signed in, or, since guests share one name, in their browser. */
export type KeptIn = 'server' | 'browser';

/** What somebody keeps for themselves, as far as it is known. */
export interface KeptPreferences extends Preferences {
  readonly keptIn: KeptIn | undefined;
  /** False while the answer has not come. */
  readonly isKnown: boolean;
  readonly failure: Failure | undefined;
}

const STORAGE_KEY = 'callboard.preferences';
const NONE: Preferences = { stars: [] };

/** Where the preferences of who looks are kept; undefined while it is not known who that is. */
export function keptIn(ui: Ui | undefined): KeptIn | undefined {
  if (!ui) return undefined;
  return ui.principal.kind === 'user' ? 'server' : 'browser';
}

/** What somebody keeps for themselves. */
export function usePreferences(): KeptPreferences {
  const place = keptIn(useUi().data);
  const answer = useResource<Preferences>({
    key: keyOf(place),
    load: (signal) =>
      place === 'server'
        ? api.call('GET /api/v1/account/preferences', { signal })
        : Promise.resolve(place === 'browser' ? readBrowser() : NONE),
    isAffected: () => false,
  });
  const isKnown = place !== undefined && answer.data !== undefined && !answer.isPrevious;
  return { ...(answer.data ?? NONE), keptIn: place, isKnown, failure: answer.failure };
}

/**
 * Stars an entity or takes its star off: at once here, then where it is kept.
 * @returns why it could not be kept; the star then is as before
 */
export function setStar(place: KeptIn, ref: string, isStarred: boolean): Promise<Failure | undefined> {
  const [kind = '', namespace = '', name = ''] = ref.split(/[:/]/);
  const params = { kind, namespace, name };
  return change(place, {
    apply: (now) => withStar(now, ref, isStarred),
    undo: (now) => withStar(now, ref, !isStarred),
    save: () =>
      isStarred
        ? api.call('PUT /api/v1/account/stars/:kind/:namespace/:name', { params })
        : api.call('DELETE /api/v1/account/stars/:kind/:namespace/:name', { params }),
  });
}

/**
 * Chooses what Home is about.
 * @param team ref of a group, `*` for everything, undefined for the groups one is in
 */
export function setTeam(place: KeptIn, team: string | undefined): Promise<Failure | undefined> {
  const before = resources.read<Preferences>(keyOf(place)).data?.team;
  const withTeam = ({ stars }: Preferences, to: string | undefined): Preferences => ({
    stars,
    ...(to !== undefined && { team: to }),
  });
  return change(place, {
    apply: (now) => withTeam(now, team),
    undo: (now) => withTeam(now, before),
    save: () => api.call('PUT /api/v1/account/team', { body: team === undefined ? {} : { team } }),
  });
}

interface Change {
  apply(now: Preferences): Preferences;
  undo(now: Preferences): Preferences;
  save(): Promise<unknown>;
}

async function change(place: KeptIn, { apply, undo, save }: Change): Promise<Failure | undefined> {
  const key = keyOf(place);
  const next = apply(present(place));
  if (next.stars.length > MOST_STARS) {
    return { title: `No more than ${MOST_STARS} stars fit. Take some off first.`, code: 'STARS_FULL' };
  }
  resources.put(key, next);
  if (place === 'browser') {
    remember('localStorage', STORAGE_KEY, JSON.stringify(next));
    return undefined;
  }
  try {
    await save();
    return undefined;
  } catch (thrown) {
    // What else changed meanwhile stays.
    resources.put(key, undo(present(place)));
    return describeFailure(thrown, 'You may not keep this.');
  }
}

function present(place: KeptIn): Preferences {
  return place === 'browser' ? readBrowser() : (resources.read<Preferences>(keyOf(place)).data ?? NONE);
}

function withStar({ stars, ...rest }: Preferences, ref: string, isStarred: boolean): Preferences {
  const others = stars.filter((star) => star !== ref);
  return { ...rest, stars: isStarred ? [ref, ...others] : others };
}

function keyOf(place: KeptIn | undefined): string {
  return `preferences ${place ?? ''}`;
}

/** What stands in the browser may be of an older version, or of somebody's own making. */
function readBrowser(): Preferences {
  const value = parsed(recall('localStorage', STORAGE_KEY));
  if (typeof value !== 'object' || value === null) return NONE;
  const stars = 'stars' in value && Array.isArray(value.stars) ? (value.stars as unknown[]) : [];
  return {
    stars: stars.filter((star) => typeof star === 'string').slice(0, MOST_STARS),
    ...('team' in value && typeof value.team === 'string' && { team: value.team }),
  };
}

/** Reads JSON that stands in the browser; undefined where it is none. */
export function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

// Another tab of a guest has starred something.
addEventListener('storage', ({ key }) => {
  if (key === STORAGE_KEY) resources.repeat(keyOf('browser'));
});
