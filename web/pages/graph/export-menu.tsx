import { useRef } from 'react';
import type { ReactNode } from 'react';
import { download, pictureMermaid, pictureSvg, readColors } from './picture-file.ts';
import type { LaidOut } from './use-layout.ts';

/** Takes the picture along: as it is drawn, as data, or as text for a document. */
export function ExportMenu({
  name,
  laidOut,
  answer,
}: {
  /** Beginning of the file names. */
  readonly name: string;
  readonly laidOut: LaidOut | undefined;
  /** What the server told. */
  readonly answer: unknown;
}): ReactNode {
  const menu = useRef<HTMLDivElement>(null);
  const items: readonly (readonly [label: string, take: (shown: LaidOut) => void])[] = [
    ['SVG picture', (shown) => download(`${name}.svg`, 'image/svg+xml', pictureSvg(shown, readColors()))],
    ['Mermaid text', ({ scene }) => download(`${name}.mmd`, 'text/plain', pictureMermaid(scene))],
    ['JSON data', () => download(`${name}.json`, 'application/json', `${JSON.stringify(answer, undefined, 2)}\n`)],
  ];
  return (
    <>
      <button type="button" className="button graph-export" popoverTarget="graph-export" disabled={!laidOut}>
        Export
      </button>
      <div ref={menu} id="graph-export" popover="auto" className="account-menu graph-export-menu">
        <ul className="plain">
          {items.map(([label, take]) => (
            <li key={label}>
              <button
                type="button"
                className="menu-item"
                onClick={() => {
                  menu.current?.hidePopover();
                  if (laidOut) take(laidOut);
                }}
              >
                {label}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}
