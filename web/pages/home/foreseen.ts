import { useEffect } from 'react';
import { EVERYTHING } from '../../../src/model/preference.ts';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { parsed } from '../../data/preferences.ts';
import { recall, remember } from '../../ui/browser-memory.ts';
import type { ScopeData } from './use-home.ts';

const STORAGE_KEY = 'callboard.home';

/**
 * Whose things Home will probably show, so that they are asked for before the server has told: what this browser saw last,
 * else the group of the URL alone. A slip costs a request; what is shown is what the server says.
 *
 * @param team as the URL has it
 * @returns owners as a scope has them; undefined where nothing can be foreseen
 */
export function foreseenOwners(team: string | undefined): readonly string[] | undefined {
  if (team === EVERYTHING) return [];
  return rememberedOwners(team) ?? (team?.startsWith('group:') === true ? [team] : undefined);
}

/**
 * What Home shows of a team that its URL names until the server has told more of it: things by their owners, and the
 * group's name for its title.
 *
 * @param team as the URL has it
 */
export function foreseenScope(team: string | undefined): ScopeData | undefined {
  const owners = team === undefined ? undefined : foreseenOwners(team);
  const parts = team === undefined ? undefined : parseEntityRef(team);
  if (!owners || team === undefined) return undefined;
  const rest = { revision: 0, owners: [...owners], isCut: false, groups: [] };
  if (team === EVERYTHING) return { ...rest, choice: 'everything', teams: [] };
  return parts && { ...rest, choice: 'team', teams: [{ ref: team, title: parts.name, exists: true }] };
}

/** Remembers whose things Home shows, once it is known. @param team as the URL has it */
export function useRememberedOwners(team: string | undefined, owners: readonly string[] | undefined): void {
  const text = owners && JSON.stringify({ team, owners });
  useEffect(() => {
    if (text !== undefined) remember('localStorage', STORAGE_KEY, text);
  }, [text]);
}

/** What stands in the browser may be of an older version, or of somebody's own making. */
function rememberedOwners(team: string | undefined): readonly string[] | undefined {
  const value = parsed(recall('localStorage', STORAGE_KEY));
  if (typeof value !== 'object' || value === null || !('owners' in value) || !Array.isArray(value.owners))
    return undefined;
  if (('team' in value ? value.team : undefined) !== team) return undefined;
  return (value.owners as unknown[]).filter((owner) => typeof owner === 'string');
}
