import { chargeText, type Frame } from './frame.ts';
import {
  isWholeDouble,
  kindOf,
  toDouble,
  type Cidr,
  type Duration,
  type Ip,
  type Kind,
  type MapValue,
  type Optional,
  type Quantity,
  type Result,
  type Semver,
  type Timestamp,
  type Type,
  type TypeName,
  type UrlValue,
  type Value,
} from './value.ts';

/** What a function gets for each kind of parameter. `number` takes ints and doubles, `dyn` takes anything. */
interface Parameters {
  readonly null: null;
  readonly bool: boolean;
  readonly int: number;
  readonly double: number;
  readonly number: number;
  readonly string: string;
  readonly list: readonly Value[];
  readonly map: MapValue;
  readonly timestamp: Timestamp;
  readonly duration: Duration;
  readonly type: TypeName;
  readonly optional: Optional;
  readonly quantity: Quantity;
  readonly semver: Semver;
  readonly url: UrlValue;
  readonly ip: Ip;
  readonly cidr: Cidr;
  readonly dyn: Value;
}

/** The type of a parameter. */
export type ParameterType = keyof Parameters;

type Arguments<P extends readonly ParameterType[]> = { readonly [I in keyof P]: Parameters[P[I]] };

/** One form of a function: a name, what it takes, what it gives. The documentation is made from these. */
export interface Overload {
  /** With its namespace, where it has one: `sets.contains`. */
  readonly name: string;
  /** The receiver of a method. */
  readonly on?: ParameterType | undefined;
  readonly params: readonly ParameterType[];
  readonly result: Type;
  readonly doc: string;
  /** Receiver first. Gives unknown where the values have no answer. */
  readonly run: (args: readonly Value[], frame: Frame) => Result;
}

interface Signature<P> {
  readonly params: P;
  readonly result: Type;
  readonly doc: string;
}

/** Declares a function that is called `name(a, b)`. */
export function globalFunction<const P extends readonly ParameterType[]>(
  name: string,
  signature: Signature<P>,
  run: (frame: Frame, ...args: Arguments<P>) => Result,
): Overload {
  return { ...signature, name, run: adapt(signature.params, signature.result, run) };
}

/** Declares a function that is called `receiver.name(a, b)`. */
export function method<const R extends ParameterType, const P extends readonly ParameterType[]>(
  on: R,
  name: string,
  signature: Signature<P>,
  run: (frame: Frame, receiver: Parameters[R], ...args: Arguments<P>) => Result,
): Overload {
  return { ...signature, name, on, run: adapt([on, ...signature.params], signature.result, run) };
}

/**
 * The one place where the types of a declaration are given up: `accepts` has checked the arguments before `run`.
 * Doubles go in as plain numbers and come out as CEL's.
 */
function adapt(
  params: readonly ParameterType[],
  result: Type,
  run: (frame: Frame, ...args: never) => Result,
): Overload['run'] {
  const call = run as (frame: Frame, ...args: readonly unknown[]) => Result;
  const takesDouble = params.some((param) => param === 'double' || param === 'number');
  return (args, frame) => {
    const plain = takesDouble ? args.map((arg, index) => unbox(arg, params[index])) : args;
    const value = call(frame, ...plain);
    return result === 'double' && typeof value === 'number' ? toDouble(value) : value;
  };
}

function unbox(arg: Value, param: ParameterType | undefined): Value {
  return (param === 'double' || param === 'number') && isWholeDouble(arg) ? arg.value : arg;
}

/** The types an overload takes, receiver first. */
export function parametersOf(overload: Overload): readonly ParameterType[] {
  return overload.on === undefined ? overload.params : [overload.on, ...overload.params];
}

/** True when a type that is known before evaluation may turn out right for a parameter. */
export function mayAccept(param: ParameterType, type: Type): boolean {
  return type === 'dyn' || accepts(param, type);
}

function accepts(param: ParameterType, kind: Kind): boolean {
  return param === kind || param === 'dyn' || (param === 'number' && (kind === 'int' || kind === 'double'));
}

/**
 * Calls the first overload that takes the values; pays for going over text and lists once.
 *
 * @returns undefined where no overload takes them
 * @throws EXHAUSTED
 */
export function callFirst(candidates: readonly Candidate[], args: readonly Value[], frame: Frame): Result | undefined {
  let size = 64;
  for (const arg of args) {
    if (typeof arg === 'string') size += arg.length;
    else if (Array.isArray(arg)) size += arg.length * 16;
  }
  chargeText(frame, size);
  for (const { overload, params } of candidates) {
    if (args.every((arg, index) => accepts(params[index] ?? 'dyn', kindOf(arg)))) return overload.run(args, frame);
  }
  return undefined;
}

/** An overload with its parameters, receiver first. */
export interface Candidate {
  readonly overload: Overload;
  readonly params: readonly ParameterType[];
}

/** `string.startsWith(string)`, as messages and the reference show it. */
export function signatureText(overload: Overload): string {
  const receiver = overload.on === undefined ? '' : `${overload.on}.`;
  return `${receiver}${overload.name}(${overload.params.join(', ')})`;
}
