/** The time of the demo: that of the machine, which can be set elsewhere and can run faster. */
export class WorldClock {
  readonly #machine: () => number;
  readonly #speed: number;
  #origin: number;
  #since: number;
  #isHeld = false;

  /**
   * @param machine milliseconds of the machine's clock
   * @param speed seconds of the demo in a second of the machine
   */
  constructor(machine: () => number, speed = 1) {
    this.#machine = machine;
    this.#speed = speed;
    this.#since = machine();
    this.#origin = this.#since;
  }

  /** The time of the demo. */
  now(): Date {
    const passed = this.#isHeld ? 0 : (this.#machine() - this.#since) * this.#speed;
    return new Date(this.#origin + passed);
  }

  /** Sets the time and holds it, until `run`. */
  set(time: Date): void {
    this.#origin = time.getTime();
    this.#isHeld = true;
  }

  /** Lets the time run on from where it is. */
  run(): void {
    this.#origin = this.now().getTime();
    this.#since = this.#machine();
    this.#isHeld = false;
  }
}
