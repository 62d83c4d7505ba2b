import type { EvaluationContext, Subject } from '../model/predicate.ts';
import type { Result } from './value.ts';

/** One evaluation of one condition on one subject. */
export interface Frame {
  readonly subject: Subject;
  readonly context: EvaluationContext;
  /** Steps that are left: work is paid for before or as it is done. */
  left: number;
  /** Values of the variables that macros bind, by slot. */
  readonly slots: Result[];
  /** Regular expressions that this evaluation has paid for. */
  patterns?: Set<string>;
}

/** Thrown when the steps are used up, caught by whoever made the frame. One object: it is not a fault, it has no stack. */
export const EXHAUSTED: Error = Object.freeze(new Error('the expression used up its steps'));

/** Text longer than this is not made; it ends the evaluation like used-up steps do. */
export const MAX_TEXT_LENGTH = 1 << 20;

/** Characters that cost one step where text is copied, compared or searched. */
const TEXT_PER_STEP = 64;

/**
 * Pays for work.
 * @throws EXHAUSTED when the steps are used up
 */
export function charge(frame: Frame, steps: number): void {
  frame.left -= steps;
  if (frame.left < 0) throw EXHAUSTED;
}

/** Pays for going over text once. @throws EXHAUSTED */
export function chargeText(frame: Frame, length: number): void {
  frame.left -= length / TEXT_PER_STEP;
  if (frame.left < 0) throw EXHAUSTED;
}

/** Pays for making text of a length. @throws EXHAUSTED also where the text would be too long */
export function chargeMade(frame: Frame, length: number): void {
  if (length > MAX_TEXT_LENGTH) throw EXHAUSTED;
  chargeText(frame, length);
}
