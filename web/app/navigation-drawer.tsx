import { useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { Ui } from '../../src/api/ui.ts';
import { Icon } from './icons.tsx';
import { NavigationFoot, PlaceList } from './navigation.tsx';
import { ThemeChoice } from './theme-choice.tsx';

/** On a narrow screen the places are in a drawer: a modal dialog, so that the browser keeps the focus in it and Escape closes it. */
export function NavigationDrawer({ ui }: { readonly ui: Ui | undefined }): ReactNode {
  const drawer = useRef<HTMLDialogElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => drawer.current?.close(), [path]);
  const open = (): void => {
    setIsOpen(true);
    drawer.current?.showModal();
  };
  return (
    <>
      <button type="button" className="shell-button drawer-button" aria-label="Places" onClick={open}>
        <Icon name="menu" />
      </button>
      {/* A click beside the drawer is one on the dialog itself; the keyboard has Escape. */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions */}
      <dialog
        ref={drawer}
        className="shell-drawer"
        aria-label="Places"
        onClose={() => setIsOpen(false)}
        onClick={(event) => event.target === event.currentTarget && event.currentTarget.close()}
      >
        {isOpen && (
          <div className="drawer-content">
            <button
              type="button"
              className="shell-button drawer-close"
              aria-label="Close"
              onClick={() => drawer.current?.close()}
            >
              <Icon name="close" />
            </button>
            <PlaceList ui={ui} />
            <div className="nav-foot">
              <ThemeChoice isNamed />
              <NavigationFoot ui={ui} />
            </div>
          </div>
        )}
      </dialog>
    </>
  );
}
