import picomatch from 'picomatch';
import type { AllowedKind, CatalogRule, RuleLocation } from '../model/catalog-rule.ts';

/** What anybody may register: no people, teams, templates or infrastructure. The same as Backstage's default. */
const REGISTERED_BY_DEFAULT: readonly AllowedKind[] = [{ kind: 'Component' }, { kind: 'API' }, { kind: 'Location' }];

/**
 * The kinds that may come from a root. Without rules a configured location may hold everything, since whoever wrote the
 * configuration chose it; a registered one holds what Backstage allows by default.
 *
 * @param origin ref of the configured or registered location at the top of the chain
 * @param own rules of that location alone, besides the general ones
 * @returns absent: all kinds
 */
export function allowedKinds(
  origin: string,
  isConfigured: boolean,
  rules: readonly CatalogRule[] | undefined,
  own: readonly AllowedKind[] = [],
): readonly AllowedKind[] | undefined {
  if (rules === undefined) {
    if (own.length > 0) return own;
    return isConfigured ? undefined : REGISTERED_BY_DEFAULT;
  }
  const colon = origin.indexOf(':');
  const [type, target] = [origin.slice(0, colon), origin.slice(colon + 1)];
  const matching = rules.filter((rule) => rule.locations?.some((place) => isAt(place, type, target)) ?? true);
  return [...own, ...matching.flatMap((rule) => rule.allow)];
}

/** True when an entity of the kind and type may come from where `allowed` is for. */
export function isAllowed(allowed: readonly AllowedKind[] | undefined, kind: string, type: unknown): boolean {
  if (allowed === undefined) return true;
  return allowed.some(
    (one) =>
      one.kind.toLowerCase() === kind.toLowerCase() &&
      (one.type === undefined || (typeof type === 'string' && one.type.toLowerCase() === type.toLowerCase())),
  );
}

function isAt({ type, exact, pattern }: RuleLocation, actualType: string, target: string): boolean {
  if (type !== undefined && type !== actualType) return false;
  if (exact !== undefined && exact !== target) return false;
  return pattern === undefined || picomatch.isMatch(target, pattern, { nocase: true, dot: true });
}
