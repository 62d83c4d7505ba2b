import { Bitset } from '../base/bitset.ts';
import { unionWithin } from '../base/postings.ts';
import { type FindQuestion, type FindMatch, findRank, matchTexts, readFindQuestion } from '../model/find-match.ts';
import { formatEntityRef, parseEntityRef } from '../model/ref.ts';
import type { FindIndex } from './find-index.ts';
import { FindRanks } from './find-ranks.ts';
import { textsOf } from './find-texts.ts';
import type { PlanRun } from './plan-run.ts';
import { flavour } from './term.ts';

/** What is looked for, and how much of it is wanted. */
export interface FindRequest {
  /** As it was typed; without letters or digits everything is meant. */
  readonly text: string;
  /** Refs whose entities come first among equal matches. */
  readonly mine: Iterable<string>;
  readonly limit: number;
}

/** One entity that was found. */
export interface FoundEntity {
  readonly id: number;
  /** How; absent where everything is meant. */
  readonly match: FindMatch | undefined;
}

/** What was found, the best first. */
export interface FindResult {
  readonly items: readonly FoundEntity[];
  /** Matches that were found. */
  readonly total: number;
  /** True where weaker matches were not looked for, since there are enough. */
  readonly more: boolean;
}

/** Kinds of match in the order they are looked for. */
const ranks = [findRank.word, findRank.part, findRank.text, findRank.typo];

const LIFECYCLE = ['spec', 'lifecycle'];

/**
 * The entities of `scope` by name, title and what is said of them: by kind of match, then the asker's own, then by
 * lifecycle (production first, deprecated last), then short names first, then by ref. What is not in `scope` changes nothing.
 *
 * @param index ready
 * @param scope what the asker may see, and asks for
 */
export function findEntities(index: FindIndex, run: PlanRun, scope: Bitset, request: FindRequest): FindResult {
  const question = readFindQuestion(request.text);
  const best = new BestList(run, scope, request);
  const found = question.words.length === 0 ? everything(scope, best) : matches(index, question, scope, best);
  const named = refIn(run, scope, request.text);
  const others = best.ids().filter((id) => id !== named);
  const items = others.map((id) => ({ id, match: matchTexts(textsOf(run.cache, id), question) }));
  if (named === undefined) return { ...found, items };
  const isNew = others.length === best.ids().length;
  return {
    items: [{ id: named, match: wholeName(run, named) }, ...items].slice(0, request.limit),
    total: found.total + (isNew ? 1 : 0),
    more: found.more,
  };
}

type Counts = Omit<FindResult, 'items'>;

function everything(scope: Bitset, best: BestList): Counts {
  scope.forEach((id) => best.offer(id, 0, 0));
  return { total: scope.size, more: false };
}

function matches(index: FindIndex, question: FindQuestion, scope: Bitset, best: BestList): Counts {
  const changed = index.changed();
  const table = new FindRanks(index.texts(), question, scope.clone().andNot(changed));
  const others = changed.clone().and(scope);
  let read = changedMatches(index, question, others, false);
  for (const rank of ranks) {
    table.look(rank);
    if (rank === findRank.typo) read = changedMatches(index, question, others, true);
    best.clear();
    table.forEach((id, found) => best.offer(id, found, table.nameLength(id)));
    for (const { id, found, nameLength } of read) if (found >= rank) best.offer(id, found, nameLength);
    const isLast = rank === findRank.typo;
    if (best.isFull || table.isSpent || isLast) return { total: best.offered, more: !isLast || table.isCut };
  }
  return { total: best.offered, more: false };
}

interface ChangedMatch {
  readonly id: number;
  readonly found: number;
  readonly nameLength: number;
}

function changedMatches(index: FindIndex, question: FindQuestion, ids: Bitset, errs: boolean): readonly ChangedMatch[] {
  const found: ChangedMatch[] = [];
  ids.forEach((id) => {
    const texts = index.textsOfChanged(id);
    const match = matchTexts(texts, question, errs);
    const name = texts.find(({ field }) => field === 'name');
    if (match) found.push({ id, found: findRank[match.kind], nameLength: name?.text.length ?? 0 });
  });
  return found;
}

/** The entity that the text is the ref of. */
function refIn(run: PlanRun, scope: Bitset, text: string): number | undefined {
  const parts = parseEntityRef(text.trim());
  const id = parts && run.cache.nodes.idOf(formatEntityRef(parts));
  return id !== undefined && scope.has(id) ? id : undefined;
}

function wholeName(run: PlanRun, id: number): FindMatch | undefined {
  const name = textsOf(run.cache, id).find(({ field }) => field === 'name');
  return name && { kind: 'exact', field: 'name', text: name.text, ranges: [[0, name.text.length]] };
}

/** The best of what is offered, as many as are wanted. */
class BestList {
  readonly #run: PlanRun;
  readonly #limit: number;
  readonly #mine: Bitset;
  readonly #production: Bitset;
  readonly #deprecated: Bitset;
  #best: { readonly id: number; readonly score: number }[] = [];
  offered = 0;

  constructor(run: PlanRun, scope: Bitset, { mine, limit }: FindRequest) {
    this.#run = run;
    this.#limit = limit;
    this.#mine = ownedBy(run, mine, scope);
    this.#production = inLifecycle(run, 'production', scope);
    this.#deprecated = inLifecycle(run, 'deprecated', scope);
  }

  /** True when as many as are wanted are there. */
  get isFull(): boolean {
    return this.offered >= this.#limit;
  }

  clear(): void {
    this.#best = [];
    this.offered = 0;
  }

  ids(): readonly number[] {
    return this.#best.map(({ id }) => id);
  }

  offer(id: number, rank: number, nameLength: number): void {
    this.offered += 1;
    const score = this.#scoreOf(id, rank, nameLength);
    if (this.#best.length >= this.#limit) {
      const last = this.#best.at(-1);
      if (last === undefined || !this.#isBefore(id, score, last)) return;
      this.#best.pop();
    }
    let at = this.#best.length;
    for (; at > 0; at -= 1) {
      const other = this.#best[at - 1];
      if (other && !this.#isBefore(id, score, other)) break;
    }
    this.#best.splice(at, 0, { id, score });
  }

  #scoreOf(id: number, rank: number, nameLength: number): number {
    const mine = this.#mine.has(id) ? 2 : 0;
    const lifecycle = this.#production.has(id) ? 1 : this.#deprecated.has(id) ? -4 : 0;
    return (rank * 8 + 4 + mine + lifecycle) * 256 - Math.min(nameLength, 255);
  }

  #isBefore(id: number, score: number, other: { readonly id: number; readonly score: number }): boolean {
    if (score !== other.score) return score > other.score;
    const { nodes } = this.#run.cache;
    return nodes.refOf(id) < nodes.refOf(other.id);
  }
}

function ownedBy(run: PlanRun, owners: Iterable<string>, scope: Bitset): Bitset {
  const owned = new Bitset();
  const type = run.cache.relations.types.get('ownedBy');
  if (type) for (const owner of owners) owned.absorb(run.sources(type, owner, scope));
  return owned;
}

function inLifecycle(run: PlanRun, lifecycle: string, scope: Bitset): Bitset {
  const column = run.cache.dictionary.find(LIFECYCLE)?.column(flavour.scalar);
  const terms = column?.withText(lifecycle) ?? [];
  return unionWithin(
    terms.map(({ ids }) => ids),
    scope,
  );
}
