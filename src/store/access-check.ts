import type { AccessBatch } from './access-commit.ts';
import type { AccessWrite, AuditEntry } from './access-records.ts';
import { storeError } from './errors.ts';
import { checkDepth, checkFields, checkText } from './write-check.ts';

/** The longest key of a record, in UTF-16 units. */
const MAX_ACCESS_KEY = 200;
/** The most writes and audit entries of one commit. */
const MAX_ENTRIES = 10_000;
/** The deepest value, and the longest JSON text of one, in UTF-16 units. */
const MAX_DEPTH = 32;
const MAX_VALUE = 1024 * 1024;

/**
 * Checks that both databases can hold what is written and give it back as it was.
 * @throws WRITE_INVALID
 */
export function checkAccessBatch({ writes, audit }: AccessBatch): void {
  const entries = writes.length + audit.length;
  if (entries > MAX_ENTRIES) throw invalid(`${entries} entries in one commit, the most is ${MAX_ENTRIES}`);
  for (const write of writes) checkWrite(write);
  for (const entry of audit) checkEntry(entry);
}

function checkWrite(write: AccessWrite): void {
  const { key } = write;
  if (key === '' || key.length > MAX_ACCESS_KEY) throw invalid(`a key has not 1 to ${MAX_ACCESS_KEY} characters`);
  checkText('key', key);
  if (write.op === 'delete') return;
  checkValue('value', write.value);
  checkFields({ expiresAt: write.expiresAt, expect: write.expect });
}

function checkEntry({ data, ...fields }: AuditEntry): void {
  checkFields(fields);
  if (data !== undefined) checkValue('data', data);
}

function checkValue(name: string, value: unknown): void {
  checkDepth(value, MAX_DEPTH);
  const text = JSON.stringify(value) ?? '';
  if (text === '') throw invalid(`${name} is no JSON value`);
  if (text.length > MAX_VALUE) throw invalid(`${name} is longer than ${MAX_VALUE} characters`);
}

function invalid(reason: string): Error {
  return storeError('WRITE_INVALID', { reason });
}
