import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { readSecretKey, type SecretKey } from '../config/secret-keys.ts';
import { accessError } from './errors.ts';

/** Name of the file in the data folder. */
export const SECRET_KEY_FILE = 'secret-keys';

const head =
  '# Keys of kept secrets: the first one encrypts, all of them decrypt. Keep this file apart from backups.\n';

/**
 * The keys of the file; where there is none it is made, with one key, readable by its owner only. Two processes that make
 * it at once agree on one. Reads and writes at once, since whoever needs a key cannot go on without; it happens once.
 * @throws SECRET_KEYS_INVALID
 */
export function fileSecretKeys(file: string, clock: Clock): readonly SecretKey[] {
  return readKeys(file) ?? makeKeys(file, clock);
}

function readKeys(file: string): readonly SecretKey[] | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^ENO(ENT|TDIR)$/.test(String(error.code))) return undefined;
    throw accessError('SECRET_KEYS_INVALID', { file, reason: 'it cannot be read' }, error);
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const keys = lines.map((line) => readSecretKey(line));
  const whole = keys.filter((key) => key !== undefined);
  const reason = lines.length === 0 ? 'it holds no key' : 'a line of it is not <id>:<base64 of 32 bytes>';
  if (whole.length === 0 || whole.length !== keys.length) throw accessError('SECRET_KEYS_INVALID', { file, reason });
  return whole;
}

/** The file appears under its name only when it is whole and on disk: a key that is lost takes its secrets along. */
function makeKeys(file: string, clock: Clock): readonly SecretKey[] {
  const key = `${clock.token(3)}:${Buffer.from(clock.token(32), 'hex').toString('base64')}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeOnce(file, `${file}.${clock.token(6)}`, `${head}${key}\n`);
  } catch (error) {
    throw accessError('SECRET_KEYS_INVALID', { file, reason: 'it cannot be made; set secrets.keys instead' }, error);
  }
  const keys = readKeys(file);
  if (keys === undefined) throw accessError('SECRET_KEYS_INVALID', { file, reason: 'it is gone again' });
  return keys;
}

function writeOnce(file: string, temporary: string, text: string): void {
  const handle = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
    placeOnce(temporary, file);
  } finally {
    closeSync(handle);
    rmSync(temporary, { force: true });
  }
}

/** A link, unlike a rename, never replaces what another process has put there meanwhile. */
function placeOnce(temporary: string, file: string): void {
  try {
    linkSync(temporary, file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return;
    // Some file systems know no links; there the folder belongs to one process.
    renameSync(temporary, file);
  }
}
