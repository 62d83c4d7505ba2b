import { isJsonObject } from '../model/json.ts';
import type { EntityWrite, Write } from './store.ts';
import { storeError } from './errors.ts';

/** The most writes of one commit. */
export const MAX_WRITES = 100_000;
/** The longest text of one column, in UTF-16 units; a fact's value counts as its JSON text. */
const MAX_TEXT = 8 * 1024 * 1024;
/** Keys are part of indexes, which PostgreSQL limits to about 2,700 bytes. */
const MAX_KEY = 2_000;
const MAX_DEPTH = 64;

/**
 * Checks that both databases can hold the writes and give them back as they were, so that one bad write neither fails
 * a shared transaction nor is accepted by one database and refused by the other.
 * @throws WRITE_INVALID
 */
export function checkWrites(writes: readonly Write[]): void {
  if (writes.length > MAX_WRITES) throw invalid(`${writes.length} writes in one commit, the most is ${MAX_WRITES}`);
  for (const write of writes) checkWrite(write);
}

function checkWrite(write: Write): void {
  switch (write.op) {
    case 'putEntity':
      checkKey('ref', write.entity.ref);
      checkFields(write.entity);
      return;
    case 'putFact': {
      const { entityRef, collector, path } = write.fact;
      checkKey('fact', `${entityRef}|${collector}|${path}`);
      checkDepth(write.fact.value, MAX_DEPTH);
      checkText('value', JSON.stringify(write.fact.value) ?? 'null');
      checkFields({ ...write.fact, value: null });
      return;
    }
    case 'putLease':
      checkKey('lease', `${write.lease.collector}|${write.lease.source}`);
      checkFields(write.lease);
      return;
    case 'putProblem':
      checkKey('id', write.problem.id);
      checkFields(write.problem);
      return;
    case 'putLocation':
      checkKey('ref', write.location.ref);
      checkFields(write.location);
      return;
    case 'deleteEntity':
    case 'deleteFact':
    case 'deleteLease':
    case 'deleteProblem':
    case 'deleteLocation':
      checkFields(write);
  }
}

/** Texts that both databases give back, and whole numbers. */
export function checkFields(record: object): void {
  for (const [name, value] of Object.entries(record)) {
    if (typeof value === 'string') checkText(name, value);
    else if (typeof value === 'number' && !Number.isSafeInteger(value)) throw invalid(`${name} is not a whole number`);
  }
}

function checkKey(name: string, key: string): void {
  if (key === '') throw invalid(`${name} is empty`);
  if (Buffer.byteLength(key) > MAX_KEY) throw invalid(`${name} is longer than ${MAX_KEY} bytes`);
}

/** PostgreSQL refuses NUL; both replace lone surrogates, after which the text would not be found again. */
export function checkText(name: string, text: string): void {
  if (text.length > MAX_TEXT) throw invalid(`${name} is longer than ${MAX_TEXT} characters`);
  if (text.includes('\0')) throw invalid(`${name} holds a NUL character`);
  if (!text.isWellFormed()) throw invalid(`${name} is not well-formed Unicode`);
}

/** @param left levels that are still allowed */
export function checkDepth(value: unknown, left: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (left === 0) throw invalid(`a value is nested more than ${MAX_DEPTH} deep`);
  for (const item of Object.values(value)) checkDepth(item, left - 1);
}

/** How bodies begin that our own readers made: there the uid is put in its place without writing all of it anew. */
const usualHead = /^\{"apiVersion":"[^"\\]*","kind":"[^"\\]*","metadata":\{"name":"[^"\\]*"/;

/**
 * The body of an entity with `metadata.uid` set.
 * @throws WRITE_INVALID when the body is not the JSON text of an entity
 */
export function bodyWithUid(entity: EntityWrite, uid: string): string {
  let body: unknown;
  try {
    body = JSON.parse(entity.body);
  } catch (error) {
    throw storeError('WRITE_INVALID', { reason: `the body of ${entity.ref} is not JSON` }, error);
  }
  const metadata = isJsonObject(body) ? body['metadata'] : undefined;
  if (!isJsonObject(body) || !isJsonObject(metadata)) throw invalid(`the body of ${entity.ref} has no metadata`);
  const head = metadata['uid'] === undefined ? usualHead.exec(entity.body)?.[0] : undefined;
  if (head !== undefined) return `${head},"uid":${JSON.stringify(uid)}${entity.body.slice(head.length)}`;
  return JSON.stringify({ ...body, metadata: { ...metadata, uid } });
}

function invalid(reason: string): Error {
  return storeError('WRITE_INVALID', { reason });
}
