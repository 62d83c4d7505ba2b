import { useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useLayer } from '../../ui/layers.ts';

/** A button that opens a small panel below it; it closes by Escape, and when the focus or a click goes elsewhere. */
export function ListMenu({
  label,
  children,
}: {
  readonly label: string;
  /** Draws the panel; only while it is open. */
  readonly children: (close: () => void) => ReactNode;
}): ReactNode {
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const close = (): void => setIsOpen(false);
  useLayer(isOpen, close);
  return (
    <div
      ref={frame}
      className="list-menu"
      onBlur={(event) => {
        const isElsewhere = event.relatedTarget !== null && !event.currentTarget.contains(event.relatedTarget);
        if (isElsewhere) close();
      }}
    >
      <button
        type="button"
        className="button button-small"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
      >
        {label}
        <svg className="menu-arrow" viewBox="0 0 10 10" aria-hidden="true">
          <path d="m2 3.5 3 3 3-3" />
        </svg>
      </button>
      {isOpen && <div className="list-menu-screen" aria-hidden="true" onPointerDown={close} />}
      <div id={id} className="list-menu-panel" hidden={!isOpen}>
        {isOpen && children(close)}
      </div>
    </div>
  );
}
