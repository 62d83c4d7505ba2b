import { useState } from 'react';
import type { ReactNode } from 'react';

const SHOWN_MS = 2000;

/** Copies `text`; says so, by word, for two seconds. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const [outcome, setOutcome] = useState<'copied' | 'failed' | undefined>();
  const copy = (): void => {
    const show = (result: 'copied' | 'failed'): void => {
      setOutcome(result);
      setTimeout(() => setOutcome(undefined), SHOWN_MS);
    };
    // Browsers have no clipboard on plain http beyond localhost.
    const written = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('No clipboard'));
    written.then(
      () => show('copied'),
      () => show('failed'),
    );
  };
  return (
    <button type="button" className="button button-small" onClick={copy} aria-label={label}>
      <span aria-live="polite">{outcome === 'copied' ? 'Copied' : outcome === 'failed' ? 'Not allowed' : 'Copy'}</span>
    </button>
  );
}
