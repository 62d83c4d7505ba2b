import type { EvaluationContext, Predicate, Subject, Tri } from '../model/predicate.ts';
import { testField } from './field-rows.ts';

/** Tests a condition on one subject by itself, without the indexes: for entities as they were. */
export function testSubject(predicate: Predicate, subject: Subject, context: EvaluationContext): Tri {
  switch (predicate.op) {
    case 'constant':
      return predicate.value;
    case 'and':
      return kleene(predicate.args, false, subject, context);
    case 'or':
      return kleene(predicate.args, true, subject, context);
    case 'not': {
      const inner = testSubject(predicate.arg, subject, context);
      return inner === 'unknown' ? inner : !inner;
    }
    case 'field':
    case 'fieldPrefix':
    case 'fieldText':
      return testField(predicate, subject);
    default:
      return predicate.evaluate(subject, context);
  }
}

/** `and` and `or`: one outcome decides at once, unknown stands when no part decides. */
function kleene(args: readonly Predicate[], decisive: boolean, subject: Subject, context: EvaluationContext): Tri {
  let outcome: Tri = !decisive;
  for (const arg of args) {
    const part = testSubject(arg, subject, context);
    if (part === decisive) return decisive;
    if (part === 'unknown') outcome = 'unknown';
  }
  return outcome;
}
