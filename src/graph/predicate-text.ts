import { hash64, type Hash64, quickHash64 } from '../base/digest.ts';
import type { FieldPath, Predicate, Scalar } from '../model/predicate.ts';

/** Longer texts are cut in what people read. */
const LONGEST_SHOWN = 120;

/** What a plan does for a predicate, in short words, e.g. `lookup spec.type == "service"`. */
export function predicateStep(predicate: Predicate): string {
  switch (predicate.op) {
    case 'constant':
      return String(predicate.value);
    case 'and':
    case 'or':
    case 'not':
    case 'owns':
      return predicate.op === 'owns' ? 'lookup owns(principal, entity)' : predicate.op;
    case 'compare': {
      const verb = predicate.cmp === '==' || predicate.cmp === '!=' ? 'lookup' : 'range';
      return `${verb} ${pathText(predicate.path)} ${predicate.cmp} ${literal(predicate.value)}`;
    }
    case 'oneOf':
      return cut(`lookup ${pathText(predicate.path)} in [${predicate.values.map(literal).join(', ')}]`);
    case 'member':
      return `lookup ${literal(predicate.value)} in ${pathText(predicate.path)}`;
    case 'has':
      return `lookup has(${pathText(predicate.path)})`;
    case 'text':
      return `values ${pathText(predicate.path)}.${predicate.fn}(${literal(predicate.arg)})`;
    case 'scan':
      return cut(`scan ${predicate.source}`);
    case 'field':
      return cut(`lookup ${predicate.key}${predicate.values ? `=${predicate.values.join('|')}` : ''}`);
    case 'fieldPrefix':
      return cut(`values ${predicate.key} has prefix ${JSON.stringify(predicate.prefix)}`);
    case 'fieldText':
      return cut(
        `values ${predicate.keys.join(', ')} ${predicate.like ? 'are like' : 'contain'} ${JSON.stringify(predicate.term)}`,
      );
  }
}

const hashes = new WeakMap<Predicate, string>();
const quickHashes = new WeakMap<Predicate, string>();

/** A short text that is equal for predicates that ask the same, for telling apart what must not be taken for each other. */
export function predicateHash(predicate: Predicate): string {
  return hashBy(predicate, hashes, hash64);
}

/**
 * As `predicateHash`, in a tenth of the time, but somebody who looks for two questions that are alike to it may find them:
 * for cursors, which with another question only stand at a place of no meaning.
 */
export function questionHash(predicate: Predicate): string {
  return hashBy(predicate, quickHashes, quickHash64);
}

function hashBy(predicate: Predicate, known: WeakMap<Predicate, string>, hash: (text: string) => Hash64): string {
  let text = known.get(predicate);
  if (text === undefined) {
    const { high, low } = hash(JSON.stringify(plain(predicate)));
    text = `${high.toString(36)}${low.toString(36)}`;
    known.set(predicate, text);
  }
  return text;
}

/** True when the answer depends on who asks, as far as its form tells. */
export function readsPrincipal(predicate: Predicate): boolean {
  return some(predicate, (leaf) => leaf.op === 'owns' || leaf.op === 'scan');
}

/** True when the answer may depend on facts, as far as its form tells. */
export function readsFacts(predicate: Predicate): boolean {
  return some(predicate, (leaf) => {
    if (leaf.op === 'scan') return true;
    if (leaf.op === 'field' || leaf.op === 'fieldPrefix') return isFactKey(leaf.key);
    if (leaf.op === 'fieldText') return leaf.keys.some(isFactKey);
    return 'path' in leaf && leaf.path[0] === 'facts';
  });
}

function some(predicate: Predicate, test: (leaf: Predicate) => boolean): boolean {
  if (predicate.op === 'and' || predicate.op === 'or') return predicate.args.some((arg) => some(arg, test));
  return predicate.op === 'not' ? some(predicate.arg, test) : test(predicate);
}

/** The predicate without its functions, which its other parts determine. */
function plain(predicate: Predicate): unknown {
  if (predicate.op === 'and' || predicate.op === 'or') return [predicate.op, ...predicate.args.map(plain)];
  return predicate.op === 'not' ? ['not', plain(predicate.arg)] : predicate;
}

function pathText(path: FieldPath): string {
  return path.reduce((text, segment) => {
    if (/^\w+$/.test(segment)) return text === '' ? segment : `${text}.${segment}`;
    return `${text}[${JSON.stringify(segment)}]`;
  }, '');
}

function literal(value: Scalar): string {
  return cut(JSON.stringify(value));
}

function cut(text: string): string {
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN - 1)}…`;
}

function isFactKey(key: string): boolean {
  return key.toLowerCase().startsWith('facts.');
}
