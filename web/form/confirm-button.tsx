import { useState } from 'react';
import type { ReactNode } from 'react';

/** One button takes the place of another: the focus goes with it. */
function takeFocus(button: HTMLButtonElement | null): void {
  button?.focus();
}

/** A button that asks once more before it does what cannot be undone. `of` names for whom cannot see what it stands beside. */
export function ConfirmButton({
  label,
  question,
  of,
  isRunning,
  act,
}: {
  readonly label: string;
  /** What is asked, short: `End it?` */
  readonly question: string;
  readonly of: string;
  readonly isRunning?: boolean;
  readonly act: () => void;
}): ReactNode {
  const [isAsking, setIsAsking] = useState(false);
  const [wasAsked, setWasAsked] = useState(false);
  const ask = (isAsked: boolean): void => {
    setIsAsking(isAsked);
    setWasAsked(true);
  };
  if (!isAsking || isRunning) {
    return (
      <button
        type="button"
        className="button button-small"
        aria-disabled={isRunning}
        ref={wasAsked ? takeFocus : undefined}
        onClick={() => !isRunning && ask(true)}
      >
        {label}
        <span className="visually-hidden"> {of}</span>
      </button>
    );
  }
  return (
    <span className="confirm">
      <button
        type="button"
        className="button button-small button-danger"
        ref={takeFocus}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          // It closes one thing: the page stays.
          event.preventDefault();
          ask(false);
        }}
        onClick={() => {
          ask(false);
          act();
        }}
      >
        {question}
        <span className="visually-hidden"> {of}</span>
      </button>
      <button type="button" className="button button-small" onClick={() => ask(false)}>
        Keep
        <span className="visually-hidden"> {of}</span>
      </button>
    </span>
  );
}
