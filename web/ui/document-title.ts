import { useEffect } from 'react';

/** Sets the title of the browser's tab, e.g. `checkout · Callboard`. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Callboard`;
  }, [title]);
}
