import { useEffect, useRef, useState } from 'react';

const TYPING_MS = 250;

/** A field's text: follows `written` when that changes from elsewhere, and calls `commit` once typing rests. */
export function useTyped(
  written: string,
  commit: (text: string) => void,
): readonly [text: string, type: (text: string) => void] {
  const [text, setText] = useState(written);
  const [lastWritten, setLastWritten] = useState(written);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (written !== lastWritten) {
    setLastWritten(written);
    setText(written);
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  const type = (next: string): void => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => commit(next), TYPING_MS);
  };
  return [text, type];
}
