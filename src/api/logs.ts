import { Type, type Static } from 'typebox';
import { Instant } from './paging.ts';
import { defineRoute } from './route.ts';

/** Pods whose logs are read together, at most. */
export const MOST_LOG_PODS = 100;

const tag = 'Fleet';
const name = (description: string, ...examples: readonly string[]) =>
  Type.String({ minLength: 1, maxLength: 253, description, examples });
const truth = (description: string) => Type.Optional(Type.Boolean({ default: false, description }));

const place = {
  cluster: Type.String({ examples: ['prod-eu-1'] }),
  pod: Type.String({ examples: ['box-office-7f9-x2v9k'] }),
  container: Type.Optional(Type.String({ description: 'Absent where the pod has one container.' })),
};

/** A line that a container printed. */
export const LogLine = Type.Object({
  type: Type.Literal('line'),
  at: Type.String({
    description: 'When it was printed, as precise as the cluster tells it; empty where it does not.',
    examples: ['2026-05-04T09:14:22.317504112Z'],
  }),
  ...place,
  text: Type.String({ description: 'Without colours; at most 16,384 bytes of it.' }),
  cut: Type.Optional(Type.Integer({ minimum: 1, description: 'Bytes of the line that were left out.' })),
  marks: Type.Optional(
    Type.Array(Type.Tuple([Type.Integer(), Type.Integer()]), {
      description:
        'Where `q` was found in the text, as places of its UTF-16 units, the end not included; the first 20.',
    }),
  ),
});
export type LogLine = Static<typeof LogLine>;

/** Lines that were left out since the reader was too slow. */
export const LogGap = Type.Object({
  type: Type.Literal('gap'),
  at: Type.String({ description: 'Time of the first of them.' }),
  ...place,
  lines: Type.Integer({ minimum: 1, description: 'How many.' }),
});
export type LogGap = Static<typeof LogGap>;

/** A pod that cannot be read; the others go on. */
export const LogProblem = Type.Object({
  type: Type.Literal('problem'),
  cluster: Type.Optional(Type.String({ description: 'Absent: it is about the whole question.' })),
  pod: Type.Optional(Type.String()),
  container: Type.Optional(Type.String()),
  code: Type.String({ description: 'One word for machines.', examples: ['Forbidden'] }),
  message: Type.String({ description: 'What happened, and what to do where that is known.' }),
});
export type LogProblem = Static<typeof LogProblem>;

/** A container whose log is read from now on, is at its end, or is no more. */
export const LogPod = Type.Object({
  type: Type.Literal('pod'),
  ...place,
  state: Type.Union([Type.Literal('open'), Type.Literal('ended'), Type.Literal('gone')]),
});
export type LogPod = Static<typeof LogPod>;

/** Nothing happened for a while; the connection lives. */
export const LogAlive = Type.Object({ type: Type.Literal('alive') });

/** The last item: everything was told, or who asks may not read on. */
export const LogEnd = Type.Object({
  type: Type.Literal('end'),
  reason: Type.Union([Type.Literal('whole'), Type.Literal('signed-out'), Type.Literal('permission')]),
});
export type LogEnd = Static<typeof LogEnd>;

/** One line of the answer. */
export const LogItem = Type.Union([LogLine, LogGap, LogProblem, LogPod, LogAlive, LogEnd]);
export type LogItem = Static<typeof LogItem>;

/** Query of `GET /api/v1/fleet/logs`. */
export const LogQuery = Type.Object({
  cluster: Type.Optional(
    Type.Array(name('Only of these clusters (repeatable); absent: all where it runs.', 'prod-eu-1'), { maxItems: 200 }),
  ),
  namespace: name('Namespace of the workload or of the pods.', 'box-office'),
  kind: Type.Optional(name('Id of the kind of a workload.', 'Deployment')),
  name: Type.Optional(name('Name of the workload.', 'box-office')),
  pod: Type.Optional(
    Type.Array(name('Pods instead of a workload (repeatable).', 'box-office-7f9-x2v9k'), {
      maxItems: MOST_LOG_PODS,
    }),
  ),
  container: Type.Optional(name('Only of this container; absent: all that the pods have.', 'box-office')),
  follow: truth('Goes on with what is printed from now on, also by pods that come.'),
  previous: truth('What the container printed before it last ended.'),
  since: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 31_536_000, description: 'Only of so many seconds before now.' }),
  ),
  sinceTime: Type.Optional(Instant('Only from this moment on; goes before `since`.')),
  tail: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 100_000,
      description: 'The last so many lines of each container. Default: as many as make about 2,000, without `since`.',
    }),
  ),
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 500,
      description:
        'Only lines with this text, letter case does not count; or, between slashes, that this regular expression in RE2’s syntax fits.',
      examples: ['timeout', '/status=5\\d\\d/'],
    }),
  ),
  download: truth('As a text file: time, cluster, pod, container, line.'),
});
export type LogQuery = Static<typeof LogQuery>;

/** `GET /api/v1/fleet/logs` */
export const readLogs = defineRoute({
  method: 'GET',
  path: '/api/v1/fleet/logs',
  summary: 'Read logs of pods, of many clusters together',
  description:
    'Logs of all pods of a workload, or of named pods, merged in order of time as far as they came. Each cluster is asked as ' +
    'who asks here. The answer is one JSON object a line: `line`, `gap` (lines that a slow reader did not take), `problem` ' +
    '(one pod cannot be read), `pod` (one is read, at its end, or gone), `alive` every 15 seconds, `end`. Where a connection ' +
    'to a cluster breaks, reading goes on where it stopped: no line is lost or told twice. It is recorded who read what.',
  tag,
  permission: 'fleet.log.read',
  checksEntity: true,
  query: LogQuery,
  contentType: 'application/x-ndjson',
});
