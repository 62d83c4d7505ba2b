import { hash64 } from '../../base/digest.ts';
import type { Severity } from '../findings/finding.ts';
import type { Candidate, IncidentRule } from './correlate.ts';
import { continued, type Episode, QUIET } from './episode.ts';

/** Clusters, nodes or workloads that one incident names, at most. */
const MOST_MEMBERS = 300;

/** A change that reached all regions just before, and is likely the cause. */
export interface Cause {
  readonly text: string;
  /** Seconds since 1970. */
  readonly at: number;
  readonly clusters: readonly string[];
}

/** What failed together, as one thing. Times are in seconds since 1970. */
export interface Incident {
  /** The same for the same thing that began at the same time. */
  readonly id: string;
  readonly key: string;
  readonly rule: IncidentRule;
  readonly severity: Severity;
  readonly began: number;
  /** Absent: it goes on. */
  readonly ended?: number | undefined;
  /** When something of it was last seen. */
  readonly seen: number;
  readonly members: readonly Episode[];
  /** Refs of the entities that it is about, the surest first. */
  readonly entities: readonly string[];
  readonly cause?: Cause | undefined;
  /** Whether it is, or was when it ended, about all clusters of the fleet. */
  readonly isFleet?: boolean | undefined;
  /** Id of the incident that it turned out to be part of; it ended then. */
  readonly partOf?: string | undefined;
}

/** Begins an incident. */
export function begun({ key, rule, severity, members, isFleet }: Candidate): Incident {
  const began = Math.min(...members.map((member) => member.began));
  const { high, low } = hash64(`${key} ${began}`);
  const id = `${high.toString(36)}${low.toString(36)}`;
  const seen = Math.max(...members.map((member) => member.seen));
  return { id, key, rule, severity, began, seen, members: members.slice(0, MOST_MEMBERS), entities: [], isFleet };
}

/** The same incident as it goes on: who was part of it stays so, and it never gets milder. */
export function goneOn(incident: Incident, { rule, severity, members, isFleet }: Candidate): Incident {
  const known = new Map(incident.members.map((member) => [memberKey(member), member]));
  for (const member of members) {
    const before = known.get(memberKey(member));
    if (before !== undefined || known.size < MOST_MEMBERS)
      known.set(memberKey(member), before === undefined ? member : continued(before, member));
  }
  return {
    ...incident,
    rule: rule === 'oom-cycle' ? rule : incident.rule,
    severity: severity === 'critical' ? severity : incident.severity,
    seen: Math.max(incident.seen, ...members.map((member) => member.seen)),
    members: [...known.values()],
    isFleet,
  };
}

/**
 * Takes a candidate up among the open incidents: the oldest that it is goes on with its id, or a new one begins.
 *
 * @param open by key; is changed
 * @param now seconds since 1970
 * @returns the others that it is, which end as part of it
 */
export function takenUp(open: Map<string, Incident>, candidate: Candidate, now: number): readonly Incident[] {
  const keys = new Set([candidate.key, ...(candidate.takes ?? [])]);
  const known = [...keys].map((key) => open.get(key)).filter((incident) => incident !== undefined);
  const [oldest, ...parts] = known.sort((left, right) => left.began - right.began);
  for (const { key } of known) open.delete(key);
  const members = [...parts.flatMap((part) => part.members), ...candidate.members];
  const whole = oldest === undefined ? begun(candidate) : goneOn(oldest, { ...candidate, members });
  open.set(candidate.key, { ...whole, key: candidate.key });
  return parts.map((part) => ({ ...part, seen: now, ended: now, partOf: whole.id }));
}

/** Ends what was not seen for some minutes. @param now seconds since 1970 */
export function endedIfQuiet(incident: Incident, now: number): Incident {
  return incident.ended === undefined && now - incident.seen > QUIET ? { ...incident, ended: incident.seen } : incident;
}

function memberKey({ cluster, key }: Episode): string {
  return `${cluster} ${key}`;
}
