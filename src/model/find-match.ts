import { foldText, isGap, startsWord, typoLength } from './folded-text.ts';

/**
 * How well a text answers what is looked for, best first: the whole name, the beginning of the name, the beginning of a word
 * of name or title, a part of them, a word of another text, a word with one typing error.
 */
export const findKinds = ['exact', 'prefix', 'word', 'part', 'text', 'typo'] as const;
/** One of them. */
export type FindKind = (typeof findKinds)[number];

/** Where something can be found. The first three are what people call a thing, the others are about it. */
export const findFields = ['name', 'title', 'displayName', 'description', 'tag', 'email'] as const;
/** One of them. */
export type FindField = (typeof findFields)[number];

/** A number for each kind, more for better; 0 is no match. */
export const findRank: Readonly<Record<FindKind, number>> = { exact: 6, prefix: 5, word: 4, part: 3, text: 2, typo: 1 };

/** A text of something, and what it says of it. */
export interface FieldText {
  readonly field: FindField;
  readonly text: string;
  /** The text by `foldText`. */
  readonly folded: string;
}

/** What is looked for: every word must be found, in whichever text. */
export interface FindQuestion {
  /** The words with one space between: what a name begins with, or is. */
  readonly phrase: string;
  readonly words: readonly string[];
}

/** A stretch of a text in UTF-16 units: from, and up to but not with. */
export type TextRange = readonly [from: number, to: number];

/** How something was found: by the worst of its words, each taken at its best. */
export interface FindMatch {
  readonly kind: FindKind;
  readonly field: FindField;
  /** The text that the field says. */
  readonly text: string;
  /** Where in it the words stand, ascending. */
  readonly ranges: readonly TextRange[];
}

/** Words that count; more would only cost. */
const MOST_WORDS = 8;

/** One letter is found at the beginning of a name's or title's word only. */
export const SHORTEST_PART = 2;

/** Reads what was typed. No words: everything is meant. */
export function readFindQuestion(text: string): FindQuestion {
  const all = foldText(text)
    .split(' ')
    .filter((word) => word !== '');
  const words = [...new Set(all)].slice(0, MOST_WORDS);
  return { phrase: all.join(' '), words };
}

/** A text with its field, ready to be matched. */
export function fieldText(field: FindField, text: string): FieldText {
  return { field, text, folded: foldText(text) };
}

/** True for what people call a thing: there parts and typing errors count too. */
export function isCalling(field: FindField): boolean {
  return field === 'name' || field === 'title' || field === 'displayName';
}

interface Place {
  readonly rank: number;
  readonly at: FieldText;
  readonly range: TextRange;
}

/**
 * How texts of one thing answer a question.
 * @param errs whether typing errors are looked for
 * @returns nothing where a word stands nowhere, or the question has none
 */
export function matchTexts(
  texts: readonly FieldText[],
  { phrase, words }: FindQuestion,
  errs = true,
): FindMatch | undefined {
  let worst: Place | undefined;
  for (const word of words) {
    const place = bestPlace(texts, word) ?? (errs ? bestTypo(texts, word) : undefined);
    if (place === undefined) return undefined;
    if (worst === undefined || place.rank < worst.rank) worst = place;
  }
  if (worst === undefined) return undefined;
  const name = texts.find(({ field }) => field === 'name');
  if (name?.folded.startsWith(phrase)) {
    const kind = name.folded.length === phrase.length ? 'exact' : 'prefix';
    return { kind, field: 'name', text: name.text, ranges: [[0, phrase.length]] };
  }
  const { rank, at } = worst;
  const kind = findKinds[findRank.exact - rank] ?? 'typo';
  return { kind, field: at.field, text: at.text, ranges: wordRanges(at, words) };
}

/** Where words stand in a text, for showing it: at the start of words where they can, ascending and apart. */
export function wordRanges(at: FieldText, words: readonly string[]): readonly TextRange[] {
  const places = words.flatMap((word) => bestPlace([at], word) ?? bestTypo([at], word) ?? []);
  const ranges = places.map(({ range }) => range).sort((left, right) => left[0] - right[0]);
  const joined: TextRange[] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    if (last === undefined || last[1] < range[0]) joined.push(range);
    else joined[joined.length - 1] = [last[0], Math.max(last[1], range[1])];
  }
  return joined;
}

function bestPlace(texts: readonly FieldText[], word: string): Place | undefined {
  let best: Place | undefined;
  for (const at of texts) {
    const place = placeIn(at, word);
    if (place && (best === undefined || place.rank > best.rank)) best = place;
  }
  return best;
}

function placeIn(at: FieldText, word: string): Place | undefined {
  const { text, folded } = at;
  const calls = isCalling(at.field);
  if (!calls && word.length < SHORTEST_PART) return undefined;
  let part = -1;
  for (let place = folded.indexOf(word); place !== -1; place = folded.indexOf(word, place + 1)) {
    if (calls ? startsWord(text, folded, place) : isGap(folded, place - 1)) {
      return { rank: calls ? findRank.word : findRank.text, at, range: [place, place + word.length] };
    }
    if (part === -1) part = place;
  }
  if (!calls || part === -1 || word.length < SHORTEST_PART) return undefined;
  return { rank: findRank.part, at, range: [part, part + word.length] };
}

function bestTypo(texts: readonly FieldText[], word: string): Place | undefined {
  for (const at of texts) {
    const place = isCalling(at.field) ? typoIn(at, word) : undefined;
    if (place) return place;
  }
  return undefined;
}

function typoIn(at: FieldText, word: string): Place | undefined {
  const { text, folded } = at;
  for (let place = 0; place < folded.length; place += 1) {
    if (!startsWord(text, folded, place)) continue;
    const length = typoLength(folded, place, word);
    if (length !== -1) return { rank: findRank.typo, at, range: [place, place + length] };
  }
  return undefined;
}
