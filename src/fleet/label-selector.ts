import type { PairSets } from './pair-sets.ts';
import type { Words } from './words.ts';
import { fleetError } from './errors.ts';
import { knownNo, knownYes, WordAnswers } from './word-answers.ts';

/** One condition of a label selector: labels must have one of the pairs, or (`isNegated`) none of them. */
export interface LabelRequirement {
  readonly key: string;
  /** Absent: any value. */
  readonly values?: readonly string[] | undefined;
  readonly isNegated: boolean;
}

const tokenPattern = /\s*(?:([A-Za-z0-9][A-Za-z0-9._/-]*)|(==|!=|[=!(),]))/y;

/**
 * Parses a label selector in Kubernetes' syntax: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a`, `!a`, joined by
 * commas. As there, `!=` and `notin` also select what does not have the label.
 *
 * @throws LIVE_QUERY_INVALID
 */
export function parseLabelSelector(text: string): readonly LabelRequirement[] {
  const tokens = tokensOf(text);
  const requirements: LabelRequirement[] = [];
  let at = 0;
  const take = (): string => tokens[at++] ?? '';
  const isWord = (token: string | undefined): boolean => token !== undefined && /^[A-Za-z0-9]/.test(token);
  const wrong = (expected: string): Error =>
    invalid(text, `${expected} is expected ${tokens[at] === undefined ? 'at the end' : `before '${tokens[at]}'`}`);

  const takeValue = (): string => (isWord(tokens[at]) ? take() : '');
  const takeValues = (): string[] => {
    if (take() !== '(') {
      at -= 1;
      throw wrong("'('");
    }
    const values = [takeValue()];
    for (; tokens[at] === ','; values.push(takeValue())) at += 1;
    if (tokens[at] !== ')') throw wrong("')'");
    at += 1;
    return values;
  };
  const takeRequirement = (): LabelRequirement => {
    const isAbsence = tokens[at] === '!';
    if (isAbsence) at += 1;
    if (!isWord(tokens[at])) throw wrong('the key of a label');
    const key = take();
    if (isAbsence) return { key, isNegated: true };
    const operator = tokens[at];
    if (operator === undefined || operator === ',') return { key, isNegated: false };
    at += 1;
    if (operator === '=' || operator === '==') return { key, values: [takeValue()], isNegated: false };
    if (operator === '!=') return { key, values: [takeValue()], isNegated: true };
    if (operator === 'in' || operator === 'notin') {
      return { key, values: takeValues(), isNegated: operator === 'notin' };
    }
    at -= 1;
    throw wrong('one of =, ==, !=, in, notin');
  };

  if (tokens.length === 0) return [];
  requirements.push(takeRequirement());
  while (tokens[at] === ',') {
    at += 1;
    requirements.push(takeRequirement());
  }
  if (at < tokens.length) throw wrong("','");
  return requirements;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const end = text.trimEnd().length;
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < end) {
    const from = tokenPattern.lastIndex;
    const match = tokenPattern.exec(text);
    const token = match?.[1] ?? match?.[2];
    if (token === undefined) throw invalid(text, `'${text.slice(from).trim()}' cannot be read`);
    tokens.push(token);
  }
  return tokens;
}

function invalid(text: string, problem: string): Error {
  return fleetError('LIVE_QUERY_INVALID', { problem: `label selector '${text}': ${problem}` });
}

/** Whether labels are selected. */
export function selectsLabels(
  requirements: readonly LabelRequirement[],
  labels: Readonly<Record<string, string>>,
): boolean {
  return requirements.every(({ key, values, isNegated }) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    const isMet = value !== undefined && (values === undefined || values.includes(value));
    return isMet !== isNegated;
  });
}

/**
 * Makes a test of sets of labels: the pairs of each requirement are found once. Where one must be there, only the sets that have it are
 * looked at; else each set is tested once, however many objects share it.
 */
export function pairSetAnswers(requirements: readonly LabelRequirement[], words: Words, sets: PairSets): WordAnswers {
  const wanted = requirements.map(({ key, values, isNegated }) => ({ among: pairsOf(key, values, words), isNegated }));
  const passes = (set: number): boolean =>
    wanted.every(({ among, isNegated }) => sets.hasOne(set, among) !== isNegated);
  const needed = wanted.find(({ isNegated }) => !isNegated);
  if (needed === undefined) return new WordAnswers(sets.end, passes);
  const known = new Uint8Array(sets.end).fill(knownNo);
  const passing: number[] = [];
  for (let pair = needed.among.indexOf(1); pair >= 0; pair = needed.among.indexOf(1, pair + 1)) {
    sets.tellSets(pair, (set) => {
      // A set with several of the pairs is told of several times.
      if (known[set] === knownYes || !passes(set)) return;
      known[set] = knownYes;
      passing.push(set);
    });
  }
  return new WordAnswers(known, passes, passing);
}

/** One byte a word: whether it is a pair of this key with one of these values. */
function pairsOf(key: string, values: readonly string[] | undefined, words: Words): Uint8Array {
  const among = new Uint8Array(words.end);
  if (values === undefined) words.forPrefix(`${key}=`, (id) => (among[id] = 1));
  for (const value of values ?? []) {
    const id = words.find(`${key}=${value}`);
    if (id >= 0) among[id] = 1;
  }
  return among;
}
