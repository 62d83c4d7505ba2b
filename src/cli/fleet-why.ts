import type { Finding, FindingPage } from '../api/findings.ts';
import type { Incident } from '../api/incidents.ts';
import type { VerdictItem } from '../api/running.ts';
import type { TimelineItem } from '../api/timeline.ts';
import { ageText } from '../base/age-text.ts';
import { formatEntityRef, parseEntityRef } from '../model/ref.ts';
import { commandFailure } from './errors.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { documentOf, warnIncomplete } from './fleet-answer.ts';
import { connectServer, type ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';
import { printable } from './text-table.ts';

/** What `callboard fleet why` was told. */
export interface FleetWhyRequest extends ServerTarget {
  /** Ref of an entity as it was typed; a component where it names no kind. */
  readonly entity: string;
  readonly notices?: boolean;
  readonly output: 'text' | 'json' | 'yaml';
}

const MOST = { findings: 100, incidents: 5, changes: 8, shown: 12 };
/** What changed is told from so long before the first of what is wrong, ms, and where nothing is: of the last so long. */
const BEFORE_MS = 60 * 60_000;
/** What is wrong for longer than this says nothing of what just changed, ms. */
const OLD_MS = 24 * 60 * 60_000;

interface Answer {
  readonly ref: string;
  readonly verdict: VerdictItem['verdict'];
  readonly findings: readonly Finding[];
  readonly total: number;
  readonly incidents: readonly Incident[];
  readonly changes: readonly TimelineItem[];
  readonly incomplete: FindingPage['incomplete'];
}

/** `callboard fleet why`: what is wrong with an entity, what to do, and what changed just before. @throws ARGUMENT_INVALID */
export async function runFleetWhy(request: FleetWhyRequest, surroundings: Surroundings): Promise<ExitCode> {
  const params = parseEntityRef(request.entity, { defaultKind: 'component' });
  if (params === undefined) {
    const reason = 'the ref of an entity is expected, such as lights or component:default/lights';
    throw commandFailure('ARGUMENT_INVALID', { argument: 'entity', reason });
  }
  const now = surroundings.clock.now();
  const answer = await ask(request, formatEntityRef(params), params, surroundings);
  surroundings.out(documentOf(answer, request.output) ?? written(answer, now));
  warnIncomplete(answer.incomplete, surroundings);
  return exitCodes.ok;
}

async function ask(
  request: FleetWhyRequest,
  ref: string,
  params: { readonly kind: string; readonly namespace: string; readonly name: string },
  surroundings: Surroundings,
): Promise<Answer> {
  const connection = connectServer(request, surroundings);
  const severity: Finding['severity'][] | undefined = request.notices === true ? undefined : ['critical', 'warning'];
  const [verdicts, page, incidents] = await Promise.all([
    connection.call('GET /api/v1/entities/:kind/:namespace/:name/verdict', { params }),
    connection.call('GET /api/v1/fleet/findings', { query: { entity: ref, severity, limit: MOST.findings } }),
    connection.call('GET /api/v1/fleet/incidents', { query: { entity: ref, state: 'open', limit: MOST.incidents } }),
  ]);
  const [item] = verdicts.items;
  if (item === undefined)
    throw commandFailure('ARGUMENT_INVALID', { argument: 'entity', reason: `nothing is known of ${ref}` });
  const began = beganAt(page.items, incidents.items, surroundings.clock.now());
  const query = { entity: ref, from: new Date(began - BEFORE_MS).toISOString(), limit: MOST.changes };
  const changes = await connection.call('GET /api/v1/fleet/timeline', { query });
  const { verdict } = item;
  const { items: findings, total, incomplete } = page;
  return { ref, verdict, findings, total, incidents: incidents.items, changes: changes.items, incomplete };
}

/** When what is wrong now began. */
function beganAt(findings: readonly Finding[], incidents: readonly Incident[], now: number): number {
  const times = [...findings.map(({ since }) => since), ...incidents.map(({ began }) => began)]
    .map((since) => Date.parse(since ?? ''))
    .filter((at) => now - at < OLD_MS);
  return Math.min(now, ...times);
}

function written({ ref, verdict, findings, total, incidents, changes, incomplete }: Answer, now: number): string {
  const shown = merged(findings).slice(0, MOST.shown);
  const left = total - shown.reduce((sum, { clusters }) => sum + clusters.length, 0);
  const none =
    incomplete.length > 0
      ? 'Nothing is known to be wrong, but not all could be read.'
      : 'Nothing is wrong that is known.';
  const lines = [
    sentence(ref, verdict, now),
    ...incidents.map(({ title }) => `Incident: ${title}`),
    '',
    ...(shown.length === 0 ? [none] : shown.flatMap((each) => findingLines(each, now))),
    ...(left > 0 ? [`${left} more; -o json has them`, ''] : []),
    ...(changes.length === 0
      ? []
      : ['What changed, the latest first:', ...changes.map((item) => changeLine(item, now))]),
  ];
  return lines.map(printable).join('\n').trimEnd();
}

function sentence(
  ref: string,
  { status, reason, since, clusters, spread }: VerdictItem['verdict'],
  now: number,
): string {
  const why = reason === undefined ? '' : `, ${reason}`;
  const age = since === undefined ? '' : ` for ${ageText(now - Date.parse(since))}`;
  const others = Object.entries(spread).map(([each, count]) => `${count} ${each}`);
  return `${ref} is ${status}${why}${age}: ${clusters} cluster${clusters === 1 ? '' : 's'} (${others.join(', ') || 'none'})`;
}

/** The same finding in several clusters is read once. */
interface Merged {
  readonly finding: Finding;
  readonly clusters: readonly string[];
  /** What is said of it, with the clusters of which that is true: numbers and limits may differ. */
  readonly messages: ReadonlyMap<string, readonly string[]>;
}

function merged(findings: readonly Finding[]): readonly Merged[] {
  const groups = Map.groupBy(findings, ({ severity, rule, kind, namespace, name }) =>
    [severity, rule, kind, namespace, name].join(' '),
  );
  return Array.from(groups.values(), (same) => {
    const clusters = same.map(({ cluster }) => cluster);
    const byMessage = Map.groupBy(same, ({ message }) => message);
    const messages = new Map(Array.from(byMessage, ([text, those]) => [text, those.map(({ cluster }) => cluster)]));
    return same[0] === undefined ? [] : { finding: same[0], clusters, messages };
  }).flat();
}

function findingLines({ finding, clusters, messages }: Merged, now: number): readonly string[] {
  const { severity, kind, namespace, name, reason, since, fix } = finding;
  const where = [kind, namespace, name].filter((part) => part !== undefined).join('/');
  const age = since === undefined ? '' : `, for ${ageText(now - Date.parse(since))}`;
  return [
    `${severity.toUpperCase()}  ${reason}  ${where} in ${clusters.join(', ')}${age}`,
    ...Array.from(messages, ([text, those]) => `  ${messages.size > 1 ? `${those.join(', ')}: ` : ''}${text}`),
    `  Do: ${fix}`,
    '',
  ];
}

function changeLine({ at, title, cluster, actor }: TimelineItem, now: number): string {
  const place = cluster === undefined ? '' : `  ${cluster}`;
  return `  ${at.slice(11, 16)}Z  ${ageText(now - Date.parse(at))} ago${place}  ${title}${actor === undefined ? '' : ` by ${actor}`}`;
}
