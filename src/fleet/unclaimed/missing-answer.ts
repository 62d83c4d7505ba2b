import { compareText } from '../../base/text-order.ts';
import type { EntityClaim } from '../../live/claim.ts';
import type { LivePosition, LiveScope } from '../../live/live-reader.ts';
import type { MatchedHoldings } from '../matching/matched-holdings.ts';
import { answerBytes } from '../render.ts';
import { doubtOf, LookedPlaces, type Places } from '../running/looked-places.ts';

/** An entity of which nothing runs where one may look. */
export interface MissingRow {
  readonly claim: EntityClaim;
  readonly state: 'missing' | 'undeployed' | 'unknown';
  readonly why: string;
  /** Clusters that were looked through. */
  readonly clusters: number;
  readonly unread: readonly string[];
}

/** What the fleet's thread answers of entities that run nowhere. */
export interface MissingAnswer {
  readonly items: readonly MissingRow[];
  readonly position: LivePosition;
}

/** All entities that should run somewhere and of which nothing was found, as JSON of `MissingAnswer`, by ref. */
export function missingAnswer(holdings: MatchedHoldings, scope: LiveScope, position: LivePosition): Uint8Array {
  const { matches } = holdings;
  const running = new Set<string>();
  for (const row of matches.workloads(scope)) for (const { claim } of row.matches) running.add(claim.ref);
  const looked = new LookedPlaces(holdings, scope);
  // Without clusters nobody says that anything is missing.
  const claims = holdings.clusters.size === 0 ? [] : Array.from(matches.claims());
  const items = claims.flatMap((claim): readonly MissingRow[] => {
    const problem = matches.problemOf(claim.ref);
    if (running.has(claim.ref) || !isExpected(claim)) return [];
    const places = looked.of(claim);
    return [{ claim, ...(problem === undefined ? verdictOf(claim, places) : unreadable), ...counts(places) }];
  });
  items.sort((left, right) => compareText(left.claim.ref, right.claim.ref));
  return answerBytes(JSON.stringify({ items, position } satisfies MissingAnswer));
}

/** Whether an entity says that it runs: by an annotation of its own, or since it is a service. */
export function isExpected(claim: EntityClaim): boolean {
  return isSaid(claim) || claim.type === 'service';
}

/** Whether an entity says itself where it runs; others are looked for by their name. */
export function isSaid({ labelSelector, id, argoApp, name, namespace }: EntityClaim): boolean {
  if (labelSelector !== undefined || id !== undefined || argoApp !== undefined) return true;
  return name === undefined && namespace !== undefined;
}

type Verdict = Pick<MissingRow, 'state' | 'why'>;

const unreadable: Verdict = { state: 'unknown', why: 'Its label selector cannot be read.' };

function counts({ seen, unread }: Places): Pick<MissingRow, 'clusters' | 'unread'> {
  return { clusters: seen.length, unread };
}

function verdictOf(claim: EntityClaim, places: Places): Verdict {
  const doubt = doubtOf(claim, places);
  if (doubt !== undefined) return { state: 'unknown', why: doubt.message };
  if (isSaid(claim)) return { state: 'missing', why: 'Nothing that runs is as its annotations say.' };
  return {
    state: 'undeployed',
    why: 'Nothing that runs has its name: it may not be deployed, or is named otherwise there.',
  };
}
