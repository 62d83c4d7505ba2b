import type { Ui } from '../../src/api/ui.ts';

/** What the watch needs of the page. */
export interface SignInSurroundings {
  /** Asks the server who this is now; undefined where it gives no answer. */
  ask(): Promise<Ui | undefined>;
  /** The same principal is signed in again: everything may be asked once more. */
  resume(): void;
  /** Somebody else is signed in now, and nothing on the page is theirs. */
  startOver(): void;
}

/**
 * Whether the principal that this page shows is still signed in. A page never turns into the sign-in page by itself once
 * it has shown somebody's data: what was typed stays, and a banner says what happened.
 */
export class SignInWatch {
  readonly #surroundings: SignInSurroundings;
  readonly #listeners = new Set<() => void>();
  #ui: Ui | undefined;
  #isEnded = false;
  #isAsking = false;

  constructor(surroundings: SignInSurroundings) {
    this.#surroundings = surroundings;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** True once the server no longer knows the principal that is shown. */
  readonly read = (): boolean => this.#isEnded;

  /** Ref of the principal that is shown; nothing while none is, or nobody is. */
  principal(): string | undefined {
    const principal = this.#ui?.principal;
    return principal?.kind === 'anonymous' ? undefined : principal?.ref;
  }

  /** Takes the server's answer; returns what the page is to show: of a sign-in that ended, the answer before. */
  settle(ui: Ui): Ui {
    const shown = this.#ui;
    if (ui.principal.kind === 'anonymous' && shown && shown.principal.kind !== 'anonymous') {
      this.end();
      return shown;
    }
    this.#ui = ui;
    return ui;
  }

  /** The server refused the sign-in, or told that it ended. */
  end(): void {
    if (this.#ui === undefined || this.#ui.principal.kind === 'anonymous') return;
    this.#set(true);
  }

  /** Looks whether somebody signed in again, in another tab; to be called when a person comes back to this one. */
  async check(): Promise<void> {
    const shown = this.#ui;
    if (this.#isAsking || !shown || !(this.#isEnded || shown.principal.kind === 'anonymous')) return;
    this.#isAsking = true;
    try {
      const principal = (await this.#surroundings.ask())?.principal;
      if (!principal || principal.kind === 'anonymous') return;
      if (principal.ref !== shown.principal.ref) return this.#surroundings.startOver();
      this.#set(false);
      this.#surroundings.resume();
    } finally {
      this.#isAsking = false;
    }
  }

  #set(isEnded: boolean): void {
    if (this.#isEnded === isEnded) return;
    this.#isEnded = isEnded;
    for (const listener of this.#listeners) listener();
  }
}
