import { equals, mapKeys, order } from '../equality.ts';
import { charge, type Frame } from '../frame.ts';
import { add } from '../arithmetic.ts';
import { globalFunction, method, type Overload } from '../overload.ts';
import { isList, kindOf, Unknown, type Result, type Value } from '../value.ts';

const EMPTY = new Unknown('the list is empty');
const NO_ORDER = new Unknown('the elements have no order');
const OUT_OF_RANGE = new Unknown('an index is out of range');
const NOT_NUMBERS = new Unknown('the elements cannot be added up');

/** Size, and Kubernetes' and CEL's extensions on lists and sets. */
export const listFunctions: readonly Overload[] = [
  globalFunction('size', { params: ['list'], result: 'int', doc: 'number of elements' }, (_, list) => list.length),
  method('list', 'size', { params: [], result: 'int', doc: 'number of elements' }, (_, list) => list.length),
  globalFunction('size', { params: ['map'], result: 'int', doc: 'number of keys' }, (_, map) => mapKeys(map).length),
  method('map', 'size', { params: [], result: 'int', doc: 'number of keys' }, (_, map) => mapKeys(map).length),

  method('list', 'isSorted', { params: [], result: 'bool', doc: 'each element is at least the one before' }, isSorted),
  method('list', 'sum', { params: [], result: 'dyn', doc: 'sum of numbers or durations; 0 of nothing' }, sum),
  method('list', 'min', { params: [], result: 'dyn', doc: 'the least element' }, (frame, list) =>
    extreme(frame, list, -1),
  ),
  method('list', 'max', { params: [], result: 'dyn', doc: 'the greatest element' }, (frame, list) =>
    extreme(frame, list, 1),
  ),
  method(
    'list',
    'indexOf',
    { params: ['dyn'], result: 'int', doc: 'where it stands first, or -1' },
    (frame, list, item) => list.findIndex((other) => equals(other, item, frame)),
  ),
  method(
    'list',
    'lastIndexOf',
    { params: ['dyn'], result: 'int', doc: 'where it stands last, or -1' },
    (frame, list, item) => list.findLastIndex((other) => equals(other, item, frame)),
  ),
  method(
    'list',
    'includes',
    { params: ['dyn'], result: 'bool', doc: 'has the element, as `in` says' },
    (frame, list, item) => hasItem(frame, list, item),
  ),
  method('list', 'distinct', { params: [], result: 'list', doc: 'each element once' }, (frame, list) => {
    const seen: Value[] = [];
    for (const item of list) if (!hasItem(frame, seen, item)) seen.push(item);
    return seen;
  }),
  method('list', 'reverse', { params: [], result: 'list', doc: 'backwards' }, (_, list) => list.toReversed()),
  method('list', 'sort', { params: [], result: 'list', doc: 'in order' }, sort),
  method(
    'list',
    'slice',
    { params: ['int', 'int'], result: 'list', doc: 'from a position to before another' },
    (_, list, from, to) => (from < 0 || to > list.length || from > to ? OUT_OF_RANGE : list.slice(from, to)),
  ),
  method(
    'list',
    'flatten',
    { params: [], result: 'list', doc: 'lists in it replaced by their elements' },
    (frame, list) =>
      list.flatMap((item) => {
        charge(frame, isList(item) ? item.length : 1);
        return item;
      }),
  ),

  globalFunction(
    'sets.contains',
    { params: ['list', 'list'], result: 'bool', doc: 'the first has all of the second' },
    contains,
  ),
  globalFunction(
    'sets.equivalent',
    { params: ['list', 'list'], result: 'bool', doc: 'each has all of the other' },
    (frame, left, right) => contains(frame, left, right) && contains(frame, right, left),
  ),
  globalFunction(
    'sets.intersects',
    { params: ['list', 'list'], result: 'bool', doc: 'they have an element in common' },
    (frame, left, right) => left.some((item) => hasItem(frame, right, item)),
  ),
];

function contains(frame: Frame, list: readonly Value[], items: readonly Value[]): boolean {
  return items.every((item) => hasItem(frame, list, item));
}

function hasItem(frame: Frame, list: readonly Value[], item: Value): boolean {
  return list.some((other) => equals(other, item, frame));
}

function isSorted(frame: Frame, list: readonly Value[]): Result {
  for (const [index, item] of list.entries()) {
    const difference = order(list[index - 1] ?? item, item, frame);
    if (difference === undefined || Number.isNaN(difference)) return NO_ORDER;
    if (difference > 0) return false;
  }
  return true;
}

function sum(_: Frame, list: readonly Value[]): Result {
  let total: Value | undefined;
  for (const item of list) {
    if (!['int', 'double', 'duration'].includes(kindOf(item))) return NOT_NUMBERS;
    const next = total === undefined ? item : add(total, item);
    if (next === undefined || next instanceof Unknown) return NOT_NUMBERS;
    total = next;
  }
  return total ?? 0;
}

function extreme(frame: Frame, list: readonly Value[], direction: 1 | -1): Result {
  let best: Value | undefined;
  for (const item of list) {
    const difference = order(item, best ?? item, frame);
    if (difference === undefined || Number.isNaN(difference)) return NO_ORDER;
    if (best === undefined || difference * direction > 0) best = item;
  }
  return best ?? EMPTY;
}

function sort(frame: Frame, list: readonly Value[]): Result {
  const isMixed = list.some((item) => {
    const difference = order(list[0] ?? null, item, frame);
    return difference === undefined || Number.isNaN(difference);
  });
  if (isMixed) return NO_ORDER;
  return list.toSorted((left, right) => order(left, right, frame) ?? 0);
}
