import { compileExpression } from '../../src/cel/expression.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { EvaluationContext, Predicate, Subject, SubjectFact, Tri } from '../../src/model/predicate.ts';

/** What a test says of a subject; the rest is a plain component. */
export interface SubjectParts {
  readonly kind?: string;
  readonly metadata?: JsonObject;
  readonly spec?: JsonObject;
  readonly relations?: Subject['relations'];
  readonly facts?: Subject['facts'];
}

/** A subject of a test. */
export function subjectOf(parts: SubjectParts = {}): Subject {
  const metadata = { name: 'sample', namespace: 'default', ...parts.metadata };
  return {
    ref: 'component:default/sample',
    entity: {
      apiVersion: 'backstage.io/v1alpha1',
      kind: parts.kind ?? 'Component',
      metadata,
      ...(parts.spec ? { spec: parts.spec } : {}),
    },
    relations: parts.relations ?? {},
    facts: parts.facts ?? {},
  };
}

/** A fresh fact. */
export function fresh(value: SubjectFact['value']): SubjectFact {
  return { value, unknown: false };
}

/** A fact whose lease has expired. */
export function stale(value: SubjectFact['value']): SubjectFact {
  return { value, unknown: true };
}

/** A principal with claims. */
export function contextOf(...claims: string[]): EvaluationContext {
  return { principal: { ref: 'user:default/somebody', claims: new Set(claims) } };
}

/** Compiles and evaluates; a problem of the source is thrown. */
export function outcomeOf(source: string, subject: Subject = subjectOf(), context = contextOf()): Tri {
  return compiled(source).evaluate(subject, context);
}

/** Compiles; a problem of the source is thrown. */
export function compiled(source: string): Extract<ReturnType<typeof compileExpression>, { ok: true }>['expression'] {
  const result = compileExpression(source);
  if (!result.ok) throw new Error(`${source}: ${result.problem.message}`);
  return result.expression;
}

/** What a predicate's tree says, leaf by leaf, by Kleene's logic. */
export function answerOf(predicate: Predicate, subject: Subject, context: EvaluationContext): Tri {
  switch (predicate.op) {
    case 'constant':
      return predicate.value;
    case 'and':
    case 'or': {
      const answers = predicate.args.map((arg) => answerOf(arg, subject, context));
      const decisive = predicate.op === 'or';
      if (answers.includes(decisive)) return decisive;
      return answers.includes('unknown') ? 'unknown' : !decisive;
    }
    case 'not': {
      const answer = answerOf(predicate.arg, subject, context);
      return answer === 'unknown' ? answer : !answer;
    }
    case 'field':
    case 'fieldPrefix':
    case 'fieldText':
      throw new Error(`CEL makes no ${predicate.op}`);
    default:
      return predicate.evaluate(subject, context);
  }
}
