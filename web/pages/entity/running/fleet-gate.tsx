import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { EntityRefParts } from '../../../../src/model/ref.ts';
import { isHeard, type Answer } from '../../../data/use-resource.ts';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { useFindings } from './use-findings.ts';
import { useRunning } from './use-running.ts';

/** What the clusters say is waited for so long, ms: then the rest of the page is shown without it. */
const PATIENCE_MS = 400;

/** Asks what the clusters say of an entity before its page is there; the parts of the page ask the same and share the answers. */
export function FleetAnswers({ parts }: { readonly parts: EntityRefParts }): ReactNode {
  useRunning(parts);
  useFindings(parts);
  return null;
}

/**
 * Shows a page once it is heard how its entity runs, so that nothing is pushed down by it. A fleet that does not answer keeps
 * nobody from the catalog.
 */
export function FleetGate({ parts, children }: GateProps): ReactNode {
  const isKnown = [useRunning(parts), useFindings(parts)].every(isOwn);
  return <Patience isKnown={isKnown}>{children}</Patience>;
}

/** The same where findings are not shown. */
export function RunningGate({ parts, children }: GateProps): ReactNode {
  return <Patience isKnown={isOwn(useRunning(parts))}>{children}</Patience>;
}

interface GateProps {
  readonly parts: EntityRefParts;
  readonly children: ReactNode;
}

function Patience({ isKnown, children }: { readonly isKnown: boolean; readonly children: ReactNode }): ReactNode {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return isKnown || isLate ? children : <Skeleton rows={8} label="Looking where it runs" />;
}

function isOwn(answer: Answer<unknown>): boolean {
  return isHeard(answer) && !answer.isPrevious;
}
