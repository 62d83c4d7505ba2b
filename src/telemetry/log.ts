import { Writable } from 'node:stream';
import { pino, type Logger } from 'pino';
import { formatLogLine } from './log-line.ts';
import { maskSecrets } from './mask.ts';

/** How to log. */
export interface LogOptions {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  /** `json`: one object a line, for machines; `text`: one readable line. */
  readonly format: 'json' | 'text';
  /** Where the lines go; standard error when absent, so that standard output stays the program's answer. */
  readonly destination?: Writable | undefined;
}

/** Keys whose values never reach a log, at the top of a line's fields and one and two levels down. */
const secretKeys = ['authorization', 'cookie', 'set-cookie', 'password', 'secret', 'token', 'databaseUrl'];

/**
 * Makes the process's logger. Messages are static, data stands in fields; times are ISO 8601.
 *
 * @param options level, format and destination
 * @returns a pino logger that replaces secret fields by `[redacted]`, and passwords in URLs of errors and secrets that
 *   the process was told of by `***`
 */
export function createLog(options: LogOptions): Logger {
  const destination = options.destination ?? process.stderr;
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretPaths(), censor: '[redacted]' },
      serializers: { error: serializeError, err: serializeError },
      errorKey: 'error',
      hooks: { streamWrite: maskSecrets },
    },
    options.format === 'json' ? destination : textDestination(destination),
  );
}

/** Replaces the password of every URL in a text: errors of drivers like to quote the URL they were given. */
export function withoutPasswords(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s/@]*@/gi, '$1***@');
}

function secretPaths(): string[] {
  const quoted = secretKeys.map((key) => `["${key}"]`);
  return quoted.flatMap((key) => [key, `*${key}`, `*.*${key}`]);
}

function serializeError(thrown: unknown): Record<string, unknown> {
  if (!(thrown instanceof Error)) return writtenError(thrown) ?? { message: withoutPasswords(String(thrown)) };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  return {
    ...(code === undefined ? {} : { code }),
    message: withoutPasswords(thrown.message),
    stack: withoutPasswords(thrown.stack ?? ''),
    ...(thrown.cause === undefined ? {} : { cause: serializeCause(thrown.cause) }),
  };
}

/** What the log of another thread wrote of an error; undefined: it is none. */
function writtenError(thrown: unknown): Record<string, string> | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('message' in thrown)) return undefined;
  const texts = Object.entries(thrown).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(texts.map(([key, text]) => [key, withoutPasswords(text)]));
}

function serializeCause(cause: unknown): string {
  return withoutPasswords(cause instanceof Error ? cause.message : String(cause));
}

function textDestination(out: Writable): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      out.write(formatLogLine(chunk.toString()));
      done();
    },
  });
}
