import { method, type Overload } from '../overload.ts';
import { findAll, matches } from '../pattern.ts';
import { Unknown } from '../value.ts';

/** Regular expressions in RE2's syntax. */
export const regexFunctions: readonly Overload[] = [
  method(
    'string',
    'matches',
    { params: ['string'], result: 'bool', doc: 'the regular expression fits a part of it' },
    matches,
  ),
  method(
    'string',
    'find',
    { params: ['string'], result: 'string', doc: 'the first part that fits, or ""' },
    (frame, text, pattern) => {
      const found = findAll(frame, text, pattern, 1);
      return found instanceof Unknown ? found : (found[0] ?? '');
    },
  ),
  method(
    'string',
    'findAll',
    { params: ['string'], result: 'list', doc: 'all parts that fit' },
    (frame, text, pattern) => findAll(frame, text, pattern, -1),
  ),
  method(
    'string',
    'findAll',
    { params: ['string', 'int'], result: 'list', doc: 'the first n parts that fit' },
    findAll,
  ),
];
