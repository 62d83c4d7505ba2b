import { Slots, type Slot } from '../base/slots.ts';

interface Host {
  readonly slots: Slots;
  /** Those that work and those that wait. */
  users: number;
}

/** Lets a number of workers work at a time, and a smaller one of them for the same host. */
export class HostSlots {
  readonly #all: Slots;
  readonly #perHost: number;
  readonly #hosts = new Map<string, Host>();

  /** @param count how many at a time; @param perHost how many of one host */
  constructor(count: number, perHost: number) {
    this.#all = new Slots(count);
    this.#perHost = perHost;
  }

  /** Waits for a place. Rejects with the signal's reason when it aborts before. */
  async take(name: string, signal: AbortSignal): Promise<Slot> {
    const host = this.#hosts.get(name) ?? { slots: new Slots(this.#perHost), users: 0 };
    this.#hosts.set(name, host);
    host.users += 1;
    try {
      // The host's place first: who waits for a slow host takes no place of the others.
      const own = await host.slots.take(signal);
      try {
        const { release } = await this.#all.take(signal);
        let isHeld = true;
        return {
          release: () => {
            if (!isHeld) return;
            isHeld = false;
            release();
            own.release();
            this.#leave(name, host);
          },
        };
      } catch (thrown) {
        own.release();
        throw thrown;
      }
    } catch (thrown) {
      this.#leave(name, host);
      throw thrown;
    }
  }

  #leave(name: string, host: Host): void {
    host.users -= 1;
    if (host.users === 0) this.#hosts.delete(name);
  }
}
