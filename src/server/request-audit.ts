import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../access/principal.ts';
import type { RouteContract } from '../api/route.ts';
import type { Clock } from '../base/clock.ts';
import type { AuditNote } from '../manifest/manifest.ts';
import type { JsonValue } from '../model/json.ts';
import type { AuditEntry } from '../store/access-records.ts';

/** Records of requests by nobody in particular that are kept at once, and how long until one more is, ms. */
const NAMELESS_BURST = 60;
const NAMELESS_EVERY_MS = 1000;

/** What is known of a request for its audit record while it runs. */
export interface RequestTrail {
  note: AuditNote;
  /** True once the handler has stored the record itself. */
  isStored: boolean;
  /** Code of the error that it was answered with. */
  failure: string | undefined;
  /** What was recorded before it was done, and ends with the record of the request. */
  intent: string | undefined;
}

/** Where audit records go. It resolves when the record is durable, or waits for the store, and never rejects. */
export interface AuditSink {
  /** @param intent that ends with it */
  record(entry: AuditEntry, intent?: string): Promise<void>;
}

/** True for routes that leave a record: whatever may change something for anybody else. */
export function isAudited({
  method,
  reads,
  isOwnTaste,
}: Pick<RouteContract, 'method' | 'reads' | 'isOwnTaste'>): boolean {
  return method !== 'GET' && reads !== true && isOwnTaste !== true;
}

/** The record of a request: who, what, from where, by what proof. */
export function auditEntryOf(request: FastifyRequest, note: AuditNote, at: number): AuditEntry {
  const { principal, id: requestId } = request;
  const { permission } = request.routeOptions.config;
  const reason = request.trail?.failure;
  const via = proofOf(principal);
  const data: { readonly [key: string]: JsonValue } = {
    ...note.data,
    address: request.ip,
    ...(via !== undefined && { via }),
    ...(reason !== undefined && { reason }),
    ...(note.revision !== undefined && { revision: note.revision }),
  };
  return {
    at,
    actor: note.actor ?? principal?.ref ?? 'anonymous',
    action: note.action ?? permission ?? 'server.request.unknown',
    ...(note.target !== undefined && { target: note.target }),
    outcome: note.outcome ?? 'success',
    requestId,
    data,
  };
}

/** A Fastify `onSend` hook that records what became of a request, before the client is told. */
export type AuditHook = (request: FastifyRequest, reply: FastifyReply, payload: unknown) => Promise<unknown>;

/**
 * Makes the hook of routes that leave records. Of requests by nobody in particular only so many are kept that a flood of
 * them cannot fill the store; the next record says how many were left out.
 */
export function auditHook(sink: AuditSink, clock: Clock): AuditHook {
  let leftOut = 0;
  let credit = NAMELESS_BURST;
  let creditAt = clock.monotonic();
  const isKept = (principal: Principal | null, outcome: AuditEntry['outcome']): boolean => {
    // What a guest achieves is kept; what it is refused, anybody can ask for without end.
    const isNameless = principal === null || principal.kind === 'anonymous';
    if (!isNameless && (principal.kind !== 'guest' || outcome === 'success')) return true;
    const now = clock.monotonic();
    credit = Math.min(NAMELESS_BURST, credit + (now - creditAt) / NAMELESS_EVERY_MS);
    creditAt = now;
    if (credit >= 1) {
      credit -= 1;
      return true;
    }
    leftOut += 1;
    return false;
  };
  return async (request, reply, payload) => {
    const { trail } = request;
    const intent = trail?.intent;
    // What was begun and did not answer in time may be done yet.
    const isOpen = intent !== undefined && trail?.failure === 'HANDLER_TIMEOUT';
    const outcome = isOpen ? 'unknown' : outcomeOf(reply.statusCode);
    if (trail?.isStored === true && outcome === 'success') return payload;
    if (intent === undefined && !isKept(request.principal, outcome)) return payload;
    const note: AuditNote = {
      outcome,
      ...trail?.note,
      ...(leftOut > 0 && { data: { ...trail?.note.data, leftOut } }),
    };
    leftOut = 0;
    await sink.record(auditEntryOf(request, note, clock.now()), intent);
    return payload;
  };
}

/** What a request's trail is until something is to be remembered of it. */
export function trailOf(request: FastifyRequest): RequestTrail {
  return (request.trail ??= { note: {}, isStored: false, failure: undefined, intent: undefined });
}

function outcomeOf(status: number): AuditEntry['outcome'] {
  if (status < 400) return 'success';
  return status === 401 || status === 403 ? 'denied' : 'failure';
}

function proofOf(principal: Principal | null): string | undefined {
  const credential = principal?.credential;
  switch (credential?.kind) {
    case 'session':
      return `session ${credential.provider}`;
    case 'token':
      return `token ${credential.id.slice(0, 8)}`;
    case 'identity':
      return 'identity token';
    case 'external':
      return `external ${credential.subject}`;
    case 'proxy':
      return `proxy ${credential.provider}`;
    default:
      return undefined;
  }
}
