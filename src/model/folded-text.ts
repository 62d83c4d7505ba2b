const ASCII = /^[ -~]*$/;

/**
 * A text for comparing: lower case, Latin letters without accents, and a space for everything that is no letter or digit.
 * It is as long as the text, so that a place in one is a place in the other.
 */
export function foldText(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase().replace(/[^a-z0-9]/g, ' ');
  let folded = '';
  for (let at = 0; at < text.length; at += 1) folded += foldUnit(text.charAt(at));
  return folded;
}

/**
 * True where a word begins in a text: at its start, after what is no letter or digit, and at a hump as in `ticketDesk`.
 * @param folded the same text, folded
 */
export function startsWord(text: string, folded: string, at: number): boolean {
  if (isGap(folded, at)) return false;
  if (isGap(folded, at - 1)) return true;
  if (!isUpper(text, at)) return false;
  return !isUpper(text, at - 1) || isLower(text, at + 1);
}

/** True where a folded text has no letter or digit: between words, and beyond both ends. */
export function isGap(folded: string, at: number): boolean {
  const unit = folded.charCodeAt(at);
  // Many texts may stand in one, with zeros between.
  return unit === 32 || unit === 0 || Number.isNaN(unit);
}

function foldUnit(unit: string): string {
  const bare = unit.normalize('NFD').charAt(0).toLowerCase();
  if (/[a-z0-9]/.test(bare)) return bare;
  const lower = unit.toLowerCase();
  return lower.length === 1 && /[\p{L}\p{N}\p{M}]/u.test(lower) ? lower : ' ';
}

function isUpper(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 65 && unit <= 90;
}

function isLower(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 97 && unit <= 122;
}

/** Shorter words have too many neighbours. */
const SHORTEST_TYPO = 4;

/**
 * Length of the text at a place that a word with one typing error means: one letter too many, missing, wrong, or two swapped.
 * What follows need not be typed yet; an error in the last letter counts only where the text's word ends too, since nothing
 * typed after it bears it out.
 *
 * @param folded folded text, `at` the start of a word in it
 * @param word folded
 * @returns -1 where it means nothing there, or is too short for errors
 */
export function typoLength(folded: string, at: number, word: string): number {
  const { length } = word;
  if (length < SHORTEST_TYPO) return -1;
  let same = 0;
  while (same < length && folded.charCodeAt(at + same) === word.charCodeAt(same)) same += 1;
  if (same === length) return length;
  const goesOn = (from: number, place: number): boolean => hasAt(folded, place, word, from);
  const place = at + same;
  const isSwap =
    folded.charCodeAt(place) === word.charCodeAt(same + 1) && folded.charCodeAt(place + 1) === word.charCodeAt(same);
  if (same + 1 < length && isSwap && goesOn(same + 2, place + 2)) return length;
  if (!isEnd(folded, place) && goesOn(same, place + 1)) return length + 1;
  const bears = (end: number): boolean => same < length - 1 || isGap(folded, end);
  if (goesOn(same + 1, place) && bears(place + length - same - 1)) return length - 1;
  if (!isGap(folded, place) && goesOn(same + 1, place + 1) && bears(at + length)) return length;
  return -1;
}

/** True at the end of the text, or of one of many in it. */
function isEnd(folded: string, at: number): boolean {
  return at >= folded.length || folded.charCodeAt(at) === 0;
}

/** True where a folded text goes on at a place with the rest of a word. */
function hasAt(folded: string, place: number, word: string, from: number): boolean {
  for (let at = from; at < word.length; at += 1) {
    if (folded.charCodeAt(place + at - from) !== word.charCodeAt(at)) return false;
  }
  return true;
}
