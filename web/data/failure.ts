import { ClientError } from '../../src/client.ts';
import type { Failure } from '../ui/notice.tsx';

/** Code of what was not sent because the browser has no network. */
export const OFFLINE = 'OFFLINE';

/**
 * What a person is told of a request that failed. Everything unknown is told as it is, without a guess.
 * @param denied what a refusal is called: that of an act is another one than that of a page
 */
export function describeFailure(thrown: unknown, denied = 'You may not see this.'): Failure {
  if (isCoded(thrown) && thrown.status > 0) {
    const title = thrown.status === 403 ? denied : (titles[thrown.status] ?? 'The server could not answer.');
    const problem = thrown instanceof ClientError ? thrown.problem : undefined;
    return { title, detail: thrown.message, code: thrown.code, status: thrown.status, problem };
  }
  if (isCoded(thrown) && isCoded(thrown.cause) && thrown.cause.code === OFFLINE) {
    return {
      title: 'You are offline.',
      detail: 'This browser has no network, so nothing was sent. Try again when it is back.',
      code: OFFLINE,
    };
  }
  if (isCoded(thrown)) {
    return {
      title: 'Callboard cannot be reached.',
      detail: 'What is shown may be out of date. The page tries again by itself when the connection is back.',
      code: thrown.code,
    };
  }
  return {
    title: 'The page could not be shown.',
    detail: thrown instanceof Error ? thrown.message : String(thrown),
    code: 'PAGE_FAILED',
  };
}

const titles: Readonly<Record<number, string>> = {
  400: 'The server did not understand this question.',
  401: 'You are not signed in.',
  404: 'There is nothing here by this name.',
  503: 'Callboard is not ready yet.',
};

interface Coded {
  readonly cause?: unknown;
  readonly code: string;
  readonly status: number;
  readonly message: string;
}

function isCoded(thrown: unknown): thrown is Coded {
  return (
    thrown instanceof Error &&
    'code' in thrown &&
    typeof thrown.code === 'string' &&
    'status' in thrown &&
    typeof thrown.status === 'number'
  );
}
