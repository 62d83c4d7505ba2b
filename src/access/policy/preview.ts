import type { PrincipalEffect } from '../../api/roles.ts';
import { canonicalJson } from '../../base/canonical-json.ts';
import type { Clock } from '../../base/clock.ts';
import { Pacer } from '../../graph/pacer.ts';
import type { GraphReader } from '../../graph/view.ts';
import type { PrincipalContext } from '../../model/predicate.ts';
import type { Principal } from '../principal.ts';
import { principalKey } from '../visibility.ts';
import { compareEntities, type EntityDifference } from './entity-difference.ts';
import { grantsOf } from './grants.ts';
import type { PolicyEngine } from './policy-engine.ts';
import type { PolicySet } from './policy-set.ts';
import type { Grant } from './rule.ts';

/** Effects that are worked out; of more principals it is only told that they are affected. */
const MOST_WORKED_OUT = 2_000;
/** Effects that are told. */
const MOST_TOLD = 200;

/** What a preview compares. */
export interface PreviewParts {
  readonly engine: PolicyEngine;
  readonly graph: GraphReader;
  readonly clock: Clock;
  readonly before: PolicySet;
  readonly after: PolicySet;
  /** Ends the work: nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/** What another policy would do. */
export interface PolicyPreview {
  readonly principals: number;
  readonly affected: number;
  readonly effects: readonly PrincipalEffect[];
}

type Effect = Omit<PrincipalEffect, 'principal'>;

/**
 * Works out who would gain and lose what. Principals with the same rules before and after, none of which speaks of who asks,
 * are worked out once. The event loop is given way every few milliseconds.
 * @throws the reason of the signal
 */
export async function previewPolicy(principals: Iterable<Principal>, parts: PreviewParts): Promise<PolicyPreview> {
  const preview = new Preview(parts);
  const pacer = new Pacer(parts.clock);
  const effects: PrincipalEffect[] = [];
  let count = 0;
  let affected = 0;
  for (const principal of principals) {
    count += 1;
    const effect = preview.of(principal);
    if (effect !== undefined) affected += 1;
    if (effect !== undefined && effect !== 'not worked out') effects.push({ principal: principal.ref, ...effect });
    if (pacer.isDue()) await pacer.pause();
    parts.signal.throwIfAborted();
  }
  const told = effects.toSorted(
    (left, right) =>
      right.entitiesLost - left.entitiesLost ||
      right.loses.length - left.loses.length ||
      right.entitiesGained - left.entitiesGained ||
      (left.principal < right.principal ? -1 : 1),
  );
  return { principals: count, affected, effects: told.slice(0, MOST_TOLD) };
}

class Preview {
  readonly #parts: PreviewParts;
  readonly #effects = new Map<string, Effect | undefined>();
  readonly #ruleNumbers = new Map<string, number>();

  constructor(parts: PreviewParts) {
    this.#parts = parts;
  }

  /** The effect on one principal; undefined where there is none. */
  of(principal: Principal): Effect | undefined | 'not worked out' {
    const { graph, before, after } = this.#parts;
    const context = graph.principalContext(principal.ref, principal.groups);
    const had = grantsOf(principal, context, before);
    const has = grantsOf(principal, context, after);
    const [signatureBefore, signatureAfter] = [this.#signature(had), this.#signature(has)];
    if (signatureBefore === signatureAfter) return undefined;
    const isPersonal = [...had, ...has].some(({ rule: { where } }) => where && this.#parts.engine.isPersonal(where));
    const key = `${signatureBefore}>${signatureAfter}${isPersonal ? `>${principalKey(context)}` : ''}`;
    if (!this.#effects.has(key)) {
      if (this.#effects.size >= MOST_WORKED_OUT) return 'not worked out';
      this.#effects.set(key, this.#work(context, had, has));
    }
    return this.#effects.get(key);
  }

  #signature(grants: readonly Grant[]): string {
    const numbers = new Set<number>();
    for (const { rule } of grants) {
      const text = canonicalJson(rule);
      const known = this.#ruleNumbers.get(text) ?? this.#ruleNumbers.size;
      this.#ruleNumbers.set(text, known);
      numbers.add(known);
    }
    return [...numbers].sort((left, right) => left - right).join(',');
  }

  #work(context: PrincipalContext, had: readonly Grant[], has: readonly Grant[]): Effect | undefined {
    const { engine, graph, before, after } = this.#parts;
    const gains: string[] = [];
    const loses: string[] = [];
    let read: EntityDifference = { before: 0, after: 0, gained: 0, lost: 0 };
    for (const { name, resource } of engine.ground.permissions.values()) {
      const old = engine.decideBy(before, had, name, context);
      const next = engine.decideBy(after, has, name, context);
      const difference = resource === 'entity' ? compareEntities(old, next, { graph, context }) : undefined;
      if (name === 'catalog.entity.read' && difference) read = difference;
      const [oldRank, nextRank] = [rank[old.result], rank[next.result]];
      if (oldRank < nextRank) gains.push(partly(name, next.result));
      else if (oldRank > nextRank) loses.push(partly(name, old.result));
      else if (next.result === 'condition' && difference) {
        if (difference.gained > 0) gains.push(partly(name, next.result));
        if (difference.lost > 0) loses.push(partly(name, next.result));
      }
    }
    if (gains.length === 0 && loses.length === 0) return undefined;
    const { exampleGained, exampleLost } = read;
    return {
      gains,
      loses,
      entitiesBefore: read.before,
      entitiesAfter: read.after,
      entitiesGained: read.gained,
      entitiesLost: read.lost,
      ...(exampleGained !== undefined && { exampleGained }),
      ...(exampleLost !== undefined && { exampleLost }),
    };
  }
}

const rank = { deny: 0, condition: 1, allow: 2 } as const;

function partly(name: string, result: keyof typeof rank): string {
  return result === 'condition' ? `${name} (for some)` : name;
}
