import { Bitset } from '../base/bitset.ts';
import type { Predicate } from '../model/predicate.ts';
import { pathOutcome, ownsOutcome } from './plan-cel.ts';
import { type FieldLeaf, fieldMatches } from './plan-field.ts';
import type { Outcome, PlanRun } from './plan-run.ts';
import { predicateStep } from './predicate-text.ts';
import type { PlanNode } from './view.ts';

/**
 * Answers a condition for the entities of `scope`, by Kleene's logic. Conjunctions and disjunctions answer their cheap
 * parts first, and the later parts only for entities that are still open.
 *
 * @param trace where given, takes a node that tells how the answer was found
 * @throws QUERY_TOO_EXPENSIVE
 */
export function answer(run: PlanRun, predicate: Predicate, scope: Bitset, trace?: PlanNode[]): Outcome {
  const children: PlanNode[] | undefined = trace && [];
  const before = run.evaluated;
  const outcome = outcomeOf(run, predicate, scope, children);
  if (trace && children) {
    const evaluated = run.evaluated - before;
    trace.push({
      step: predicateStep(predicate),
      access: accessOf(predicate, evaluated, children),
      true: outcome.true.size,
      unknown: outcome.unknown.size,
      evaluated: evaluated - children.reduce((sum, child) => sum + total(child), 0),
      children,
    });
  }
  return outcome;
}

function outcomeOf(run: PlanRun, predicate: Predicate, scope: Bitset, trace: PlanNode[] | undefined): Outcome {
  switch (predicate.op) {
    case 'constant':
      return {
        true: predicate.value === true ? scope.clone() : new Bitset(),
        unknown: predicate.value === 'unknown' ? scope.clone() : new Bitset(),
      };
    case 'and':
      return conjunction(run, predicate.args, scope, trace);
    case 'or':
      return disjunction(run, predicate.args, scope, trace);
    case 'not': {
      const inner = answer(run, predicate.arg, scope, trace);
      return { true: scope.clone().andNot(inner.true).andNot(inner.unknown), unknown: inner.unknown };
    }
    case 'compare':
    case 'oneOf':
    case 'member':
    case 'has':
    case 'text':
      return pathOutcome(run, predicate, scope);
    case 'owns':
      return ownsOutcome(run, predicate, scope);
    case 'scan':
      return run.testEach(predicate.evaluate, scope);
    case 'field':
    case 'fieldPrefix':
    case 'fieldText':
      return { true: fieldMatches(run, predicate, scope), unknown: new Bitset() };
  }
}

/** False decides; an entity that is unknown in one part may still turn false in another. */
function conjunction(run: PlanRun, args: readonly Predicate[], scope: Bitset, trace: PlanNode[] | undefined): Outcome {
  let open = scope;
  let unknown = new Bitset();
  for (const arg of cheapestFirst(args)) {
    if (open.isEmpty && !trace) break;
    // From the second part on the open entities are a set of this conjunction's own: it may be narrowed in its place.
    const narrowed = open !== scope && !trace && isField(arg) ? fieldMatches(run, arg, open, true) : undefined;
    const part = narrowed ? { true: narrowed, unknown: NOTHING } : answer(run, arg, open, trace);
    if (part.unknown.isEmpty && unknown.isEmpty) open = part.true;
    else {
      open = part.true.clone().or(part.unknown);
      unknown = unknown.or(part.unknown).and(open);
    }
  }
  return { true: unknown.isEmpty ? (open === scope ? scope.clone() : open) : open.clone().andNot(unknown), unknown };
}

const NOTHING = new Bitset();

function isField(predicate: Predicate): predicate is FieldLeaf {
  return predicate.op === 'field' || predicate.op === 'fieldPrefix' || predicate.op === 'fieldText';
}

/** True decides. */
function disjunction(run: PlanRun, args: readonly Predicate[], scope: Bitset, trace: PlanNode[] | undefined): Outcome {
  const open = scope.clone();
  const anyTrue = new Bitset();
  const unknown = new Bitset();
  for (const arg of cheapestFirst(args)) {
    if (open.isEmpty && !trace) break;
    const part = answer(run, arg, open, trace);
    anyTrue.or(part.true);
    unknown.or(part.unknown);
    open.andNot(part.true);
  }
  return { true: anyTrue, unknown: unknown.andNot(anyTrue) };
}

function cheapestFirst(args: readonly Predicate[]): readonly Predicate[] {
  for (let index = 1; index < args.length; index += 1) {
    const [before, after] = [args[index - 1], args[index]];
    if (before && after && costOf(before) > costOf(after)) {
      return args.toSorted((left, right) => costOf(left) - costOf(right));
    }
  }
  return args;
}

/** A rank, not a measure: lookups, then dictionary passes, then evaluation. */
function costOf(predicate: Predicate): number {
  switch (predicate.op) {
    case 'constant':
      return 0;
    case 'field':
    case 'oneOf':
    case 'member':
    case 'has':
    case 'owns':
      return 1;
    case 'compare':
      return predicate.cmp === '==' || predicate.cmp === '!=' ? 1 : 2;
    case 'fieldPrefix':
    case 'fieldText':
    case 'text':
      return 3;
    case 'not':
      return costOf(predicate.arg);
    case 'and':
    case 'or':
      return predicate.args.reduce((most, arg) => Math.max(most, costOf(arg)), 1);
    case 'scan':
      return 4;
  }
}

function accessOf(predicate: Predicate, evaluated: number, children: readonly PlanNode[]): PlanNode['access'] {
  if (predicate.op === 'scan') return 'scan';
  if (children.length > 0 && children.every((child) => child.access === 'scan')) return 'scan';
  return evaluated > 0 || children.some((child) => child.access !== 'index') ? 'mixed' : 'index';
}

function total(node: PlanNode): number {
  return node.children.reduce((sum, child) => sum + total(child), node.evaluated);
}
