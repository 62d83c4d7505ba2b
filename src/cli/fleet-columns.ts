import type { LiveObjectItem } from '../api/fleet.ts';
import { ageText } from '../base/age-text.ts';

/** A column of `callboard fleet get`. */
export interface PrintedColumn {
  readonly head: string;
  /** Printed with `-o wide` only. */
  readonly isWide?: boolean;
  cell(item: LiveObjectItem, now: number): string;
}

const field = (head: string, name: string): PrintedColumn => ({ head, cell: ({ fields }) => text(fields[name]) });
const wide = (head: string, name: string): PrintedColumn => ({ ...field(head, name), isWide: true });
const of = (head: string, part: string, whole: string): PrintedColumn => ({
  head,
  cell: ({ fields }) => `${count(fields[part])}/${count(fields[whole])}`,
});
const since = (head: string, name: string): PrintedColumn => ({
  head,
  cell: ({ fields }, now) => (typeof fields[name] === 'string' ? ageText(now - Date.parse(fields[name])) : '-'),
});

const images = wide('images', 'images');
const workload = [
  of('ready', 'ready', 'desired'),
  field('up to date', 'updated'),
  field('available', 'available'),
  images,
];

/** What kubectl shows of a kind, as far as it is kept. */
const byKind: Readonly<Record<string, readonly PrintedColumn[]>> = {
  Namespace: [field('status', 'phase')],
  Deployment: workload,
  StatefulSet: workload,
  DaemonSet: workload,
  ReplicaSet: [field('desired', 'desired'), field('current', 'current'), field('ready', 'ready'), images],
  Pod: [
    of('ready', 'ready', 'containers'),
    { head: 'status', cell: ({ fields }) => text(fields['reason'] ?? fields['phase']) },
    field('restarts', 'restarts'),
    wide('node', 'node'),
    images,
  ],
  Job: [of('completions', 'succeeded', 'completions'), field('failed', 'failed'), images],
  CronJob: [
    field('schedule', 'schedule'),
    field('suspend', 'suspended'),
    field('active', 'active'),
    since('last schedule', 'lastScheduled'),
    images,
  ],
  HorizontalPodAutoscaler: [
    { head: 'reference', cell: ({ fields }) => `${text(fields['targetKind'])}/${text(fields['targetName'])}` },
    field('minimum', 'minimum'),
    field('maximum', 'maximum'),
    field('replicas', 'current'),
  ],
  PodDisruptionBudget: [field('allowed', 'allowed'), field('healthy', 'healthy'), field('needed', 'needed')],
  Service: [field('type', 'type'), field('ports', 'ports'), wide('selector', 'selector')],
  Ingress: [field('class', 'class'), field('hosts', 'hosts'), field('addresses', 'addresses')],
  HTTPRoute: [field('hosts', 'hosts'), field('parents', 'parents')],
  PersistentVolumeClaim: [field('status', 'phase'), field('class', 'class'), wide('volume', 'volume')],
  Node: [
    {
      head: 'status',
      cell: ({ fields }) => {
        const ready = fields['ready'] === undefined ? 'Unknown' : fields['ready'] === true ? 'Ready' : 'NotReady';
        return fields['unschedulable'] === true ? `${ready},SchedulingDisabled` : ready;
      },
    },
    field('version', 'version'),
    wide('zone', 'zone'),
    wide('instance', 'instance'),
  ],
  Event: [
    since('last seen', 'last'),
    field('reason', 'reason'),
    { head: 'object', cell: ({ fields }) => `${text(fields['objectKind'])}/${text(fields['objectName'])}` },
    field('message', 'message'),
  ],
};

const custom: readonly PrintedColumn[] = [field('phase', 'phase'), of('ready', 'ready', 'desired')];

/** The columns for a table of objects; those of several kinds have what all kinds have. */
export function columnsFor(kinds: ReadonlySet<string>, isWide: boolean): readonly PrintedColumn[] {
  const [only] = kinds;
  const isOne = only !== undefined && kinds.size === 1;
  const own = isOne ? (byKind[only] ?? (only.includes('.') ? custom : [])) : [];
  return [
    { head: 'cluster', cell: ({ cluster }) => cluster },
    ...(isOne ? [] : [{ head: 'kind', cell: ({ kind }: LiveObjectItem) => kind }]),
    { head: 'namespace', cell: ({ namespace = '' }) => namespace },
    { head: 'name', cell: ({ name }) => name },
    ...own.filter((column) => isWide || column.isWide !== true),
    { head: 'age', cell: ({ createdAt }, now) => ageText(now - Date.parse(createdAt)) },
  ];
}

function text(value: unknown): string {
  if (value === undefined || value === null || value === '') return '-';
  if (Array.isArray(value)) return value.join(',') || '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function count(value: unknown): string {
  return typeof value === 'number' ? String(value) : '0';
}
