import type { Failure } from '../ui/notice.tsx';

/** What a person is told of a request that failed. Everything unknown is told as it is, without a guess. */
export function describeFailure(thrown: unknown): Failure {
  if (isCoded(thrown) && thrown.status > 0) {
    const title = titles[thrown.status] ?? 'The server could not answer.';
    return { title, detail: thrown.message, code: thrown.code, status: thrown.status };
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
  403: 'You may not see this.',
  404: 'There is nothing here by this name.',
  503: 'Callboard is not ready yet.',
};

interface Coded {
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
