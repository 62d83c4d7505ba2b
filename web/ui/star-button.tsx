import { useState } from 'react';
import type { ReactNode } from 'react';
import { useStarred } from '../data/starred.ts';

const SHOWN_MS = 6000;

/** Stars an entity, or takes its star off. What could not be kept is told beside it for a while. */
export function StarButton({
  entityRef,
  title,
}: {
  /** Canonical. */
  readonly entityRef: string;
  /** What the entity is called. */
  readonly title: string;
}): ReactNode {
  const starred = useStarred();
  const [refusal, setRefusal] = useState<string | undefined>();
  const isStarred = starred.has(entityRef);
  const toggle = async (): Promise<void> => {
    const failure = await starred.toggle(entityRef);
    setRefusal(failure?.title);
    if (failure) setTimeout(() => setRefusal(undefined), SHOWN_MS);
  };
  return (
    <span className="star">
      <button
        type="button"
        className="star-button"
        aria-pressed={isStarred}
        aria-label={`Star ${title}`}
        title={isStarred ? 'Starred: on Home' : 'Star: keep it on Home'}
        disabled={!starred.isKnown}
        onClick={() => void toggle()}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="m8 1.9 1.9 3.9 4.2.6-3 3 .7 4.2L8 11.6l-3.8 2 .7-4.2-3-3 4.2-.6z" />
        </svg>
      </button>
      <output className="star-refusal">{refusal !== undefined && `Not kept. ${refusal}`}</output>
    </span>
  );
}
