import { graphError } from './errors.ts';
import type { SortKey } from './permutation.ts';

/** Cursors of ours are far shorter: a key and a ref of at most some hundred characters. */
const LONGEST_CURSOR = 4096;

/** A place between two entities of an ordered list. */
export interface Cursor {
  /** `next`: the page after the place; `previous`: the page before it. */
  readonly direction: 'next' | 'previous';
  /** Sort key and ref of the entity beside the place. */
  readonly key: SortKey;
  readonly ref: string;
}

/**
 * Writes a cursor. It names an entity's place, not a count, so that changes elsewhere move nothing.
 * @param question hash of condition and order, which the cursor must be used with
 */
export function writeCursor(cursor: Cursor, question: string): string {
  const letter = cursor.direction === 'next' ? 'n' : 'p';
  return Buffer.from(JSON.stringify([letter, question, cursor.key ?? null, cursor.ref])).toString('base64url');
}

/**
 * Reads a cursor.
 * @throws CURSOR_INVALID when it is damaged or belongs to another question
 */
export function readCursor(text: string, question: string): Cursor {
  const parts = text.length <= LONGEST_CURSOR ? parse(text) : undefined;
  if (!Array.isArray(parts) || parts.length !== 4) throw graphError('CURSOR_INVALID', { reason: 'it is damaged' });
  const [letter, hash, key, ref] = parts as unknown[];
  const isKey = key === null || typeof key === 'string' || typeof key === 'number';
  if ((letter !== 'n' && letter !== 'p') || !isKey || typeof ref !== 'string') {
    throw graphError('CURSOR_INVALID', { reason: 'it is damaged' });
  }
  if (hash !== question) throw graphError('CURSOR_INVALID', { reason: 'it belongs to another question' });
  return { direction: letter === 'n' ? 'next' : 'previous', key: key ?? undefined, ref };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
