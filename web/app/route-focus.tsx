import { useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';

/** Long enough for the new page to have given its title. */
const SETTLE_MS = 150;

/**
 * After going to another place the focus stands at its content, so that the next Tab goes on from there, and its title is
 * told to whom cannot see it. Where the page itself has given the focus to something, such as the row that one comes back
 * to, it stays there.
 */
export function RouteFocus(): ReactNode {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const last = useRef(path);
  const [told, setTold] = useState('');
  useEffect(() => {
    if (last.current === path) return undefined;
    const isFirst = last.current === undefined;
    last.current = path;
    if (isFirst) return undefined;
    const content = document.getElementById('content');
    if (content && !content.contains(document.activeElement)) content.focus({ preventScroll: true });
    const timer = setTimeout(() => setTold(document.title), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [path]);
  return <output className="visually-hidden">{told}</output>;
}
