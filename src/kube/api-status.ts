import { MAGIC, readEnvelopedStatus } from './protobuf-envelope.ts';
import { ProtocolViolation } from './reflector-failure.ts';

/** A refusal of an API server: its `Status` object, or what can be said of an answer without one. */
export interface ApiStatus {
  /** HTTP status, or the code of an ERROR line of a watch. */
  readonly code: number;
  /** A word of Kubernetes, e.g. `Expired`; empty where it was not said. */
  readonly reason: string;
  /** At most 500 characters. */
  readonly message: string;
  /** How long to wait before asking again, ms. */
  readonly retryAfterMs?: number | undefined;
  /** Reasons of `details.causes`. */
  readonly causes: readonly string[];
}

const MESSAGE_CHARACTERS = 500;
/** The longest that a server may ask us to wait, ms. */
const LONGEST_WAIT_MS = 120_000;

/**
 * Reads a refusal.
 *
 * @param code HTTP status, for bodies that do not say one
 * @param body of the answer or the object of an ERROR line; anything may stand in it
 * @param retryAfter value of the header `retry-after`
 */
export function readApiStatus(code: number, body: unknown, retryAfter?: string): ApiStatus {
  const status = isMap(body) ? body : {};
  const details = isMap(status['details']) ? status['details'] : {};
  const causes = Array.isArray(details['causes']) ? details['causes'] : [];
  const seconds = Number(retryAfter ?? details['retryAfterSeconds'] ?? Number.NaN);
  return {
    code: typeof status['code'] === 'number' ? status['code'] : code,
    reason: word(status['reason']),
    message: word(status['message']) || `HTTP ${code}`,
    ...(seconds > 0 && { retryAfterMs: Math.min(seconds * 1000, LONGEST_WAIT_MS) }),
    causes: causes.slice(0, 20).map((cause: unknown) => (isMap(cause) ? word(cause['reason']) : '')),
  };
}

/** Reads the body of a refused request, which may be a `Status` as JSON or protocol buffers, or anything else. */
export function readRefusal(code: number, body: Buffer, retryAfter?: string): ApiStatus {
  if (body.subarray(0, MAGIC.length).equals(MAGIC)) {
    try {
      return readApiStatus(code, readEnvelopedStatus(body), retryAfter);
    } catch (thrown) {
      if (!(thrown instanceof ProtocolViolation)) throw thrown;
      return readApiStatus(code, {}, retryAfter);
    }
  }
  const text = body.toString('utf8', 0, 65_536);
  if (text.startsWith('{')) {
    try {
      return readApiStatus(code, JSON.parse(text) as unknown, retryAfter);
    } catch (thrown) {
      if (!(thrown instanceof SyntaxError)) throw thrown;
    }
  }
  return readApiStatus(code, { message: text.trim() }, retryAfter);
}

/** True where the history that was asked for is gone: list again. */
export function isExpired({ code, reason }: ApiStatus): boolean {
  return code === 410 || reason === 'Expired' || reason === 'Gone';
}

/** True where the server has not come to the version that was asked for, as after a restore. */
export function isVersionTooLarge({ code, message, causes }: ApiStatus): boolean {
  return causes.includes('ResourceVersionTooLarge') || (code === 504 && message.includes('Too large resource version'));
}

function word(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MESSAGE_CHARACTERS) : '';
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
