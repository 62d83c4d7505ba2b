import type { Impersonation } from '../../kube/connection.ts';
import type { LogProblem } from '../../api/logs.ts';

/** A pod whose log is read, or one container of it. */
export interface LogPlace {
  readonly cluster: string;
  readonly namespace: string;
  readonly pod: string;
  /** Absent: not known yet, and where the pod has one. */
  readonly container?: string | undefined;
}

/** What is asked of every log. */
export interface LogQuestion {
  readonly container?: string | undefined;
  readonly isFollowed: boolean;
  readonly isPrevious: boolean;
  /** RFC 3339; goes before `sinceSeconds`. */
  readonly sinceTime?: string | undefined;
  readonly sinceSeconds?: number | undefined;
  /** The last so many lines of each. */
  readonly tail?: number | undefined;
  readonly q?: string | undefined;
  /** Lines of text instead of JSON. */
  readonly isText: boolean;
}

/** What the acting thread is told to read; plain data. */
export interface LogArgs {
  /** By which the pods are changed later. */
  readonly session: string;
  readonly question: LogQuestion;
  /** The most interesting first: there is a limit. */
  readonly pods: readonly LogPlace[];
  /** As whom, by cluster. */
  readonly users: Readonly<Record<string, Impersonation>>;
  /** What is known to be wrong before anything is read. */
  readonly problems: readonly Omit<LogProblem, 'type'>[];
}

/** Path of a log in its API server. */
export function logPath({ namespace, pod }: LogPlace): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;
}

/** The query of a log. @param from where reading goes on, RFC 3339; goes before what was asked for */
export function logFields(
  question: LogQuestion,
  container: string | undefined,
  from: string | undefined,
): Record<string, string> {
  const { isFollowed, isPrevious, tail, sinceSeconds } = question;
  const sinceTime = from ?? question.sinceTime;
  return {
    timestamps: 'true',
    ...(isFollowed && { follow: 'true' }),
    ...(isPrevious && { previous: 'true' }),
    ...(container !== undefined && { container }),
    ...(sinceTime !== undefined ? { sinceTime } : sinceSeconds !== undefined && { sinceSeconds: String(sinceSeconds) }),
    ...(from === undefined && tail !== undefined && { tailLines: String(tail) }),
  };
}

/**
 * The containers of a pod, of which the cluster wants one to be named.
 *
 * @param message of its refusal: `a container name must be specified for pod web, choose one of: [web proxy] or one of the init containers: [copy]`
 */
export function containersIn(message: string): readonly string[] | undefined {
  const named = /a container name must be specified.*?choose one of: \[([^\]]*)\]/.exec(message)?.[1];
  return named?.split(/\s+/).filter((name) => name !== '');
}
