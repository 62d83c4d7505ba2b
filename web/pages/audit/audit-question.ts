import type { AuditOutcome, AuditSearch } from './audit-search.ts';

/** The filters as the API takes them. */
export function auditFilters(search: AuditSearch): {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  readonly outcome?: AuditOutcome | undefined;
  readonly q?: string | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
} {
  const { actor, action, target, outcome, q, from, until } = search;
  return {
    actor,
    action,
    target,
    outcome,
    q,
    from: from === undefined ? undefined : `${from}T00:00:00.000Z`,
    until: until === undefined ? undefined : dayAfter(until),
  };
}

/** True where anything narrows the log. */
export function isNarrowed(search: AuditSearch): boolean {
  return Object.values(auditFilters(search)).some((value) => value !== undefined);
}

function dayAfter(day: string): string {
  const start = new Date(`${day}T00:00:00.000Z`);
  start.setUTCDate(start.getUTCDate() + 1);
  return start.toISOString();
}
