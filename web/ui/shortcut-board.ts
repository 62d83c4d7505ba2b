import { isCharacter, isPlain } from './chord.ts';

/** What a shortcut does. False: nothing, the key is for others. */
export type ShortcutHandler = () => boolean | void;

/** A key press as the board judges it. */
export interface Stroke {
  /** As `chordOf` writes it. */
  readonly chord: string;
  /** When, ms of any one clock. */
  readonly at: number;
  /** True where what has the focus takes plain keys for itself: a field, a log, a menu, anything in a modal dialog. */
  readonly isTaken: boolean;
}

/** How the keys are set. */
export interface KeyChoice {
  /** False: keys that write a character do nothing (WCAG 2.1.4). */
  readonly areCharactersOn: boolean;
  /** The keys of a shortcut, such as `g c`; empty: it has none. */
  keysOf(id: string): string;
}

/** The keys of a sequence follow each other within this time. */
const SEQUENCE_MS = 1000;

/** Knows which shortcuts mean something at the moment, and finds the one that a key press, or the last of several, means. */
export class ShortcutBoard {
  readonly #handlers = new Map<string, ShortcutHandler[]>();
  readonly #choice: () => KeyChoice;
  #begun: { readonly keys: string; readonly at: number } | undefined;

  constructor(choice: () => KeyChoice) {
    this.#choice = choice;
  }

  /** Gives a shortcut a meaning until the returned function is called; of several the last one that does something wins. */
  add(id: string, handler: ShortcutHandler): () => void {
    const handlers = this.#handlers.get(id) ?? [];
    this.#handlers.set(id, handlers);
    handlers.push(handler);
    return () => {
      const at = handlers.lastIndexOf(handler);
      if (at !== -1) handlers.splice(at, 1);
    };
  }

  /** Does what a shortcut means. @returns false where it means nothing at the moment */
  run(id: string): boolean {
    return (this.#handlers.get(id) ?? []).toReversed().some((handler) => handler() !== false);
  }

  /** Takes a key press. @returns true where it meant something, or began a sequence */
  press({ chord, at, isTaken }: Stroke): boolean {
    const begun = this.#begun !== undefined && at - this.#begun.at <= SEQUENCE_MS ? this.#begun.keys : undefined;
    this.#begun = undefined;
    const choice = this.#choice();
    if (isPlain(chord) && (isTaken || (isCharacter(chord) && !choice.areCharactersOn))) return false;
    const keys = begun === undefined ? chord : `${begun} ${chord}`;
    const present = [...this.#handlers.keys()].filter((id) => this.#handlers.get(id)?.length);
    if (present.some((id) => choice.keysOf(id) === keys && this.run(id))) return true;
    if (!present.some((id) => choice.keysOf(id).startsWith(`${keys} `))) return false;
    this.#begun = { keys, at };
    return true;
  }
}
