import { useEffect, useEffectEvent, useMemo } from 'react';

interface Layer {
  readonly close: () => void;
  /** What the browser itself had open when this came on top of it. */
  readonly below: readonly Element[];
}

/** What lies over the page and is not the browser's own, the last opened last. */
const stack: Layer[] = [];

/** Modal dialogs and popovers: the browser keeps their order, and closes the topmost itself. */
function browserLayers(): readonly Element[] {
  return [...document.querySelectorAll('dialog:modal, [popover=""]:popover-open, [popover="auto"]:popover-open')];
}

/**
 * A part of the page that lies over the rest, such as a pane or a drawer: while it is open, Escape closes it before
 * anything below it. When it closes, the focus goes back to where it was, unless it went elsewhere meanwhile. A
 * modal `<dialog>` and a `popover` need none of this: they are layers by themselves.
 *
 * @param close called by Escape; it is to make `isOpen` false
 */
export function useLayer(isOpen: boolean, close: () => void): void {
  // Read before the layer is drawn: its parts may take the focus as they come.
  const opener = useMemo(() => (isOpen ? document.activeElement : null), [isOpen]);
  const onClose = useEffectEvent(close);
  useEffect(() => {
    if (!isOpen) return undefined;
    const layer: Layer = { close: () => onClose(), below: browserLayers() };
    stack.push(layer);
    return () => {
      stack.splice(stack.indexOf(layer), 1);
      giveFocusBack(opener);
    };
  }, [isOpen, opener]);
}

/** Gives the focus to `opener` where nothing that can be seen has it. */
function giveFocusBack(opener: Element | null): void {
  const now = document.activeElement;
  if (now !== null && now !== document.body && now.checkVisibility()) return;
  const canTakeIt = opener instanceof HTMLElement || opener instanceof SVGElement;
  if (canTakeIt && opener.isConnected) opener.focus({ preventScroll: true });
}

/**
 * Closes what lies on top, for Escape.
 * @returns `browser`: on top is what the browser closes by itself; `none`: nothing lies over the page
 */
export function closeTopLayer(): 'closed' | 'browser' | 'none' {
  const top = stack.at(-1);
  if (browserLayers().some((element) => !top?.below.includes(element))) return 'browser';
  if (!top) return 'none';
  top.close();
  return 'closed';
}
