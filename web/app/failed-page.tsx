import { useRouter } from '@tanstack/react-router';
import type { ErrorComponentProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { describeFailure } from '../data/failure.ts';
import { FailureNotice } from '../ui/notice.tsx';
import { PageHead } from '../ui/panel.tsx';

/** In place of a page that broke while it was drawn; the frame around it goes on working. */
export function FailedPage({ error, reset }: ErrorComponentProps): ReactNode {
  const router = useRouter();
  const retry = (): void => {
    reset();
    void router.invalidate();
  };
  return (
    <>
      <PageHead title="This page failed" />
      <FailureNotice failure={describeFailure(error)} onRetry={retry} />
    </>
  );
}
