import type { Json } from './kube-object.ts';
import { atHoles, type Filling, joined, type Part, partsOf } from './message-parts.ts';
import { messageOf } from './message-schema.ts';
import type { BackwardWriter } from './message-writer.ts';

/** What fills the holes of a message. */
export type MessageHoles = Readonly<Record<string, string | number | Uint8Array | undefined>>;

/** One step of writing a message from its end: bytes, a hole, or the end or beginning of something with a length. */
interface Step {
  readonly do: 'bytes' | 'end' | 'begin' | Filling;
  readonly bytes: Uint8Array;
  /** Place of the hole in the names. */
  readonly hole: number;
  /** Of what ends here, the holes in it. */
  readonly holes: readonly number[];
}

const NOTHING = new Uint8Array(0);

/** A message with holes: the texts of the object that it is made of have them, as those of `templateOf` do. */
export class MessageTemplate {
  /** From the end to the beginning. */
  readonly #steps: readonly Step[];
  readonly #names: readonly string[];

  private constructor(steps: readonly Step[], names: readonly string[]) {
    this.#steps = steps;
    this.#names = names;
  }

  /** @param name of the message @throws Error for one that is not known */
  static of(name: string, object: Json): MessageTemplate {
    const names: string[] = [];
    const steps: Step[] = [];
    addSteps(joined(partsOf(messageOf(name), object, atHoles)), steps, names);
    return new MessageTemplate(steps, names);
  }

  /** Writes it. What fills a hole must be ASCII. @throws Error for a hole that nothing fills */
  write(writer: BackwardWriter, ...from: readonly MessageHoles[]): void {
    const values: (string | number | Uint8Array)[] = [];
    for (const name of this.#names) {
      const value = valueOf(name, from);
      if (value === undefined) throw new Error(`Nothing fills ${name}`);
      values.push(value);
    }
    const seconds: number[] = [];
    const ends: number[] = [];
    for (const step of this.#steps) {
      if (step.do === 'bytes') writer.bytes(step.bytes);
      else if (step.do === 'end') ends.push(writer.length);
      else if (step.do === 'begin') writer.varint(writer.length - (ends.pop() ?? 0));
      else if (step.do === 'time') writeTime(writer, (seconds[step.hole] ??= secondsOf(values[step.hole])));
      else fillHole(writer, step.do, values[step.hole] ?? '');
    }
  }

  /** The same with some holes filled already; the others stay. @param scratch is begun anew */
  fillSome(scratch: BackwardWriter, from: MessageHoles): MessageTemplate {
    scratch.clear();
    const values = this.#names.map((name) => valueOf(name, [from]));
    const names: string[] = [];
    const places = values.map((value, at) => (value === undefined ? names.push(this.#names[at] ?? '') - 1 : -1));
    const isOpen = (hole: number): boolean => places[hole] !== -1;
    const left: (Step | { readonly from: number; readonly to: number })[] = [];
    let begun = 0;
    const leave = (step: Step): void => {
      if (scratch.length > begun) left.push({ from: begun, to: scratch.length });
      begun = scratch.length;
      left.push(step);
    };
    // Where what has a length ended; undefined where a hole in it stays.
    const ends: (number | undefined)[] = [];
    for (const step of this.#steps) {
      const value = values[step.hole];
      if (step.do === 'bytes') scratch.bytes(step.bytes);
      else if (step.do === 'end') {
        const open = step.holes.filter(isOpen);
        if (open.length > 0) leave({ ...step, holes: open.map((hole) => places[hole] ?? 0) });
        ends.push(open.length > 0 ? undefined : scratch.length);
      } else if (step.do === 'begin') {
        const end = ends.pop();
        if (end === undefined) leave(step);
        else scratch.varint(scratch.length - end);
      } else if (value === undefined) leave({ ...step, hole: places[step.hole] ?? 0 });
      else fillHole(scratch, step.do, value);
    }
    if (scratch.length > begun) left.push({ from: begun, to: scratch.length });
    const all = scratch.written;
    const steps = left.map((step): Step => {
      if ('do' in step) return step;
      return bytesStep(all.subarray(all.length - step.to, all.length - step.from));
    });
    return new MessageTemplate(steps, names);
  }
}

function bytesStep(bytes: Uint8Array): Step {
  return { do: 'bytes', bytes, hole: -1, holes: [] };
}

function addSteps(parts: readonly Part[], steps: Step[], names: string[]): readonly number[] {
  const holes = new Set<number>();
  for (const part of parts.toReversed()) {
    if (part instanceof Uint8Array) steps.push(bytesStep(part));
    else if ('hole' in part) {
      const known = names.indexOf(part.hole);
      const hole = known === -1 ? names.push(part.hole) - 1 : known;
      holes.add(hole);
      steps.push({ do: part.as, bytes: NOTHING, hole, holes: [] });
    } else {
      const at = steps.push({ do: 'end', bytes: NOTHING, hole: -1, holes: [] }) - 1;
      const inner = addSteps(part.inner, steps, names);
      steps[at] = { do: 'end', bytes: NOTHING, hole: -1, holes: inner };
      steps.push({ do: 'begin', bytes: NOTHING, hole: -1, holes: [] });
      for (const hole of inner) holes.add(hole);
    }
  }
  return [...holes];
}

function valueOf(name: string, from: readonly MessageHoles[]): MessageHoles[string] {
  let value: MessageHoles[string];
  for (const holes of from) value ??= holes[name];
  return value;
}

function fillHole(writer: BackwardWriter, filling: Filling, value: string | number | Uint8Array): void {
  if (filling === 'message') {
    if (!(value instanceof Uint8Array)) throw new Error('A message is to be filled in');
    writer.bytes(value);
    writer.varint(value.length);
  } else if (filling === 'number') writer.varint(Number(value));
  else if (filling === 'text') writer.ascii(String(value));
  else writeTime(writer, secondsOf(value));
}

/** @param value a time as ISO 8601, or in seconds since 1970 */
function secondsOf(value: MessageHoles[string]): number {
  return typeof value === 'number' ? value : Date.parse(String(value)) / 1000;
}

/** A time with its length before it. */
function writeTime(writer: BackwardWriter, seconds: number): void {
  const from = writer.length;
  writer.varint(0);
  writer.varint(16);
  writer.varint(seconds);
  writer.varint(8);
  writer.varint(writer.length - from);
}
