import { useEffect } from 'react';

/** The title of the browser's tab: what is wrong with the connection, the page, the product. */
class TabTitle {
  #page: string | undefined;
  #state: string | undefined;

  setPage(page: string): void {
    this.#page = page;
    this.#show();
  }

  setState(state: string | undefined): void {
    this.#state = state;
    this.#show();
  }

  #show(): void {
    document.title = [this.#state, this.#page, 'Callboard'].filter((part) => part !== undefined).join(' · ');
  }
}

const tabTitle = new TabTitle();

/** Sets the title of the browser's tab, e.g. `checkout · Callboard`. */
export function useDocumentTitle(title: string): void {
  useEffect(() => tabTitle.setPage(title), [title]);
}

/** Says in front of the title what a person who looks at another tab must know, e.g. `Offline`; nothing: all is well. */
export function useTitleState(state: string | undefined): void {
  useEffect(() => tabTitle.setState(state), [state]);
}
