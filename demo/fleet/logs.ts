import type { Http2ServerResponse } from 'node:http2';
import { ApiStatusError } from './api-status.ts';
import type { Cluster, Printing } from './cluster.ts';
import { type KubeObject, listAt, textAt, valueAt } from './kube-object.ts';

/** One line that a container printed. */
interface LogLine {
  readonly time: Date;
  readonly text: string;
}

const words = [
  'request served',
  'cache refreshed',
  'connection opened',
  'batch written',
  'health checked',
  'queue drained',
];

/**
 * Answers `pods/<name>/log`. What a container printed follows from its start: the same request tells the same lines.
 * @throws ApiStatusError 400 where it is not said which container, or it has not started
 */
export function sendLog(
  cluster: Cluster,
  pod: KubeObject,
  query: URLSearchParams,
  response: Http2ServerResponse,
): void {
  const container = containerOf(pod, query.get('container') ?? '');
  const isPrevious = query.get('previous') === 'true';
  const status = listAt(pod, 'status', 'containerStatuses').find((each) => textAt(each, 'name') === container);
  const current = textAt(status, 'state', 'running', 'startedAt') || textAt(status, 'state', 'terminated', 'startedAt');
  const started = isPrevious ? textAt(status, 'lastState', 'terminated', 'startedAt') : current;
  if (started === '') {
    const why = isPrevious
      ? `previous terminated container "${container}" in pod "${pod.metadata.name}" not found`
      : `container "${container}" in pod "${pod.metadata.name}" is waiting to start: ${textAt(status, 'state', 'waiting', 'reason') || 'ContainerCreating'}`;
    throw new ApiStatusError('BadRequest', why);
  }
  const ended = isPrevious
    ? textAt(status, 'lastState', 'terminated', 'finishedAt')
    : textAt(status, 'state', 'terminated', 'finishedAt');
  const reason = textAt(status, isPrevious ? 'lastState' : 'state', 'terminated', 'reason');
  const until = ended === '' ? cluster.now() : new Date(ended);
  const show = (line: LogLine): string =>
    query.get('timestamps') === 'true' ? `${line.time.toISOString()} ${line.text}\n` : `${line.text}\n`;
  response.writeHead(200, { 'content-type': 'text/plain' });
  const lines = chosen(
    printed({ started: new Date(started), container, reason }, new Date(0), until, cluster.printing),
    query,
    cluster.now(),
  );
  response.write(limited(lines.map(show).join(''), query));
  const isRunning = ended === '' && valueAt(status, 'state', 'running') !== undefined;
  if (query.get('follow') !== 'true' || !isRunning) {
    response.end();
    return;
  }
  let last = until;
  const timer = setInterval(() => {
    // Who reads slowly is told later, of what is kept by then.
    if (response.stream.writableNeedDrain) return;
    const now = cluster.now();
    const news = printed({ started: new Date(started), container, reason: '' }, last, now, cluster.printing);
    if (news.length > 0) response.write(news.map(show).join(''));
    last = now;
    // A log ends with its pod.
    if (cluster.store.find(cluster.resource('', 'pods'), pod.metadata.namespace, pod.metadata.name) === undefined)
      response.end();
  }, 500);
  response.once('close', () => clearInterval(timer));
}

function containerOf(pod: KubeObject, asked: string): string {
  const names = [...listAt(pod, 'spec', 'containers'), ...listAt(pod, 'spec', 'initContainers')].map((each) =>
    textAt(each, 'name'),
  );
  const [first = ''] = names;
  if (asked === '' && names.length > 1) {
    throw new ApiStatusError(
      'BadRequest',
      `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names.join(' ')}]`,
    );
  }
  if (asked !== '' && !names.includes(asked)) {
    throw new ApiStatusError('BadRequest', `container ${asked} is not valid for pod ${pod.metadata.name}`);
  }
  return asked || first;
}

/** What prints: a container from a start to its end. */
interface Run {
  readonly started: Date;
  readonly container: string;
  /** Why it ended. */
  readonly reason: string;
}

/** The lines that a container printed between two times, as far as they are kept. */
function printed({ started, container, reason }: Run, after: Date, until: Date, printing: Printing): LogLine[] {
  const { everyMs, kept, filling } = printing;
  const countAt = (time: Date): number => Math.max(0, Math.floor((time.getTime() - started.getTime()) / everyMs));
  const count = countAt(until);
  const first = Math.max(count - kept, countAt(after), 0);
  const lines = Array.from({ length: count - first }, (_, at) => {
    const number = first + at + 1;
    const time = new Date(started.getTime() + number * everyMs);
    return {
      time,
      text: `level=info component=${container} seq=${number} msg="${words[number % words.length] ?? ''}"${filling}`,
    };
  });
  if (reason === 'Error')
    lines.push({
      time: until,
      text: `level=fatal component=${container} msg="configuration key DATABASE_URL is missing"`,
    });
  return lines;
}

function chosen(lines: readonly LogLine[], query: URLSearchParams, now: Date): readonly LogLine[] {
  const seconds = query.get('sinceSeconds');
  const time = query.get('sinceTime');
  if (seconds !== null && time !== null)
    throw new ApiStatusError('BadRequest', 'at most one of sinceTime or sinceSeconds may be specified');
  const since =
    time === null ? (seconds === null ? 0 : now.getTime() - Number(seconds) * 1000) : new Date(time).getTime();
  const recent = lines.filter((line) => line.time.getTime() >= since);
  const tail = query.get('tailLines');
  return tail === null ? recent : recent.slice(Math.max(0, recent.length - Number(tail)));
}

function limited(text: string, query: URLSearchParams): string {
  const limit = Number(query.get('limitBytes') ?? 0);
  return limit > 0 ? Buffer.from(text).subarray(0, limit).toString() : text;
}
