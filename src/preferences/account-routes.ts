import { deleteStar, getPreferences, putStar, putTeam, type Preferences } from '../api/preferences.ts';
import type { Route } from '../manifest/manifest.ts';
import { implementRoute } from '../manifest/typed-route.ts';
import { EVERYTHING, MOST_STARS } from '../model/preference.ts';
import { formatEntityRef, parseEntityRef } from '../model/ref.ts';
import type { PreferenceRecord } from '../store/preferences.ts';
import { preferenceError } from './errors.ts';
import { keeperOf } from './keeper.ts';

const show = implementRoute(getPreferences, async ({ principal }, { store }): Promise<Preferences> => {
  const records = await store.preferences.list([keeperOf(principal)]);
  const team = teamOf(records);
  const stars = records
    .filter(({ type }) => type === 'star')
    .toSorted((left, right) => right.updatedAt - left.updatedAt);
  return { ...(team !== undefined && { team }), stars: stars.map(({ key }) => key) };
});

const star = implementRoute(putStar, async ({ principal, params, reply }, { store }) => {
  const record = { owner: keeperOf(principal), type: 'star', key: formatEntityRef(params) } as const;
  const outcome = await store.preferences.write({ op: 'put', ...record, value: null, most: MOST_STARS });
  if (outcome === 'full') throw preferenceError('STARS_FULL', { limit: MOST_STARS });
  return reply.status(204).send();
});

const unstar = implementRoute(deleteStar, async ({ principal, params, reply }, { store }) => {
  const key = formatEntityRef(params);
  await store.preferences.write({ op: 'delete', owner: keeperOf(principal), type: 'star', key });
  return reply.status(204).send();
});

const choose = implementRoute(putTeam, async ({ principal, body, reply }, { store }) => {
  const record = { owner: keeperOf(principal), type: 'team', key: '' } as const;
  if (body.team === undefined) await store.preferences.write({ op: 'delete', ...record });
  else await store.preferences.write({ op: 'put', ...record, value: canonicalTeam(body.team), most: 1 });
  return reply.status(204).send();
});

/** The routes of one's own stars and team. */
export const accountRoutes: readonly Route[] = [show, star, unstar, choose];

/** The team among the records of one person. */
export function teamOf(records: readonly PreferenceRecord[]): string | undefined {
  const value = records.find(({ type }) => type === 'team')?.value;
  return typeof value === 'string' ? value : undefined;
}

/**
 * A team as it is kept: the canonical ref of a group, or `*`.
 * @throws TEAM_INVALID
 */
export function canonicalTeam(team: string): string {
  if (team === EVERYTHING) return team;
  const parts = parseEntityRef(team, { defaultKind: 'Group' });
  const ref = parts && formatEntityRef(parts);
  if (ref?.startsWith('group:') !== true) throw preferenceError('TEAM_INVALID', { team: team.slice(0, 200) });
  return ref;
}
