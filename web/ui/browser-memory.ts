/** The two storages of a browser: for good, and for this tab. */
export type BrowserStorage = 'localStorage' | 'sessionStorage';

/** A remembered text; nothing where the browser forbids storage. */
export function recall(storage: BrowserStorage, key: string): string | undefined {
  return whereAllowed(() => globalThis[storage].getItem(key) ?? undefined);
}

/** Remembers a text, or forgets it; does nothing where the browser forbids storage. */
export function remember(storage: BrowserStorage, key: string, text: string | undefined): void {
  whereAllowed(() => {
    if (text === undefined) globalThis[storage].removeItem(key);
    else globalThis[storage].setItem(key, text);
  });
}

/** What is remembered is a convenience: a browser that forbids it, or is full, must not break a page. */
function whereAllowed<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}
