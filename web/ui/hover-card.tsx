import { useEffect, useEffectEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import type { FocusEvent, PointerEvent, ReactNode, RefObject } from 'react';
import { createPortal } from 'react-dom';
import { useLayer } from './layers.ts';

/** A pointer that only passes opens nothing. */
const OPEN_MS = 300;
/** Time to get from the link onto the card. */
const CLOSE_MS = 150;
/** Between the link and the card, px. */
const GAP = 6;

/** What a link spreads on itself so that a card opens beside it. */
export interface HoverHandlers {
  readonly onPointerEnter: (event: PointerEvent) => void;
  readonly onPointerLeave: () => void;
  readonly onFocus: (event: FocusEvent) => void;
  readonly onBlur: () => void;
  readonly onClick: () => void;
  readonly 'aria-describedby': string | undefined;
}

/** A card that belongs to a link. */
export interface HoverCardState {
  readonly handlers: HoverHandlers;
  /** Draws the card where it is open. */
  readonly card: ReactNode;
}

/**
 * A card beside a link, for pointer and keyboard (WCAG 1.4.13): it opens after the pointer or the focus has rested, stays
 * while the pointer is on it, and Esc puts it away. It never takes the focus or a click.
 *
 * @param anchor the link
 * @param draw what stands in the card; called only while it is open. It must hold nothing that can be focused.
 */
export function useHoverCard(anchor: RefObject<HTMLElement | null>, draw: () => ReactNode): HoverCardState {
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const turn = (willOpen: boolean, afterMs: number): void => {
    clearTimeout(timer.current);
    if (afterMs === 0) setIsOpen(willOpen);
    else timer.current = setTimeout(() => setIsOpen(willOpen), afterMs);
  };
  return {
    handlers: {
      onPointerEnter: ({ pointerType }) => pointerType === 'mouse' && turn(true, OPEN_MS),
      onPointerLeave: () => turn(false, CLOSE_MS),
      onFocus: ({ target }) => target.matches(':focus-visible') && turn(true, OPEN_MS),
      onBlur: () => turn(false, 0),
      onClick: () => turn(false, 0),
      'aria-describedby': isOpen ? id : undefined,
    },
    card: isOpen && (
      <HoverCard id={id} anchor={anchor} onEnter={() => turn(true, 0)} onLeave={turn}>
        {draw()}
      </HoverCard>
    ),
  };
}

function HoverCard({
  id,
  anchor,
  onEnter,
  onLeave,
  children,
}: {
  readonly id: string;
  readonly anchor: RefObject<HTMLElement | null>;
  readonly onEnter: () => void;
  readonly onLeave: (willOpen: false, afterMs: number) => void;
  readonly children: ReactNode;
}): ReactNode {
  const card = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = card.current;
    if (!element || !anchor.current) return undefined;
    // In the top layer, so that no pane cuts it off.
    element.showPopover();
    const link = anchor.current;
    place(element, link);
    // What it says may come later than the card.
    const observer = new ResizeObserver(() => place(element, link));
    observer.observe(element);
    return () => observer.disconnect();
  }, [anchor]);
  // One Esc closes one layer.
  useLayer(true, () => onLeave(false, 0));
  const onScroll = useEffectEvent(() => onLeave(false, 0));
  useEffect(() => {
    const listener = (): void => onScroll();
    document.addEventListener('scroll', listener, { capture: true, passive: true });
    return () => document.removeEventListener('scroll', listener, true);
  }, []);
  return createPortal(
    <div
      ref={card}
      id={id}
      popover="manual"
      role="tooltip"
      className="hover-card"
      onPointerEnter={onEnter}
      onPointerLeave={() => onLeave(false, CLOSE_MS)}
    >
      {children}
    </div>,
    document.body,
  );
}

/** Below the link, or above where there is no room; never out of the window. */
function place(card: HTMLElement, link: HTMLElement): void {
  const box = link.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = card;
  const isBelow = box.bottom + GAP + height <= innerHeight || box.top < height + GAP;
  card.style.left = `${Math.max(GAP, Math.min(box.left, innerWidth - width - GAP))}px`;
  card.style.top = `${isBelow ? box.bottom + GAP : box.top - GAP - height}px`;
}
