import type { ClaimRule, EntityClaim } from '../../live/claim.ts';
import { type LabelRequirement, parseLabelSelector, selectsLabels } from '../label-selector.ts';

/** An entity that something belongs to, and why. */
export interface Match {
  readonly claim: EntityClaim;
  readonly rule: ClaimRule;
}

interface SelectorClaim {
  readonly match: Match;
  readonly requirements: readonly LabelRequirement[];
}

const ID = 'backstage.io/kubernetes-id';
const ARGO_LABEL = 'argocd.argoproj.io/instance';
const TRACKING = 'argocd.argoproj.io/tracking-id';

const guesses: ReadonlySet<ClaimRule> = new Set(['kubernetes-id-name', 'argo-app-name', 'app-name', 'helm-release']);

/** Whether a rule finds what an entity does not say itself. */
export function isGuess(rule: ClaimRule): boolean {
  return guesses.has(rule);
}

/** The surest first: what entities say themselves, then guesses. */
const order: readonly ClaimRule[] = [
  'label-selector',
  'kubernetes-id',
  'argo-app',
  'kubernetes-id-name',
  'argo-app-name',
  'app-name',
  'helm-release',
  'namespace',
];

/** The claims of the catalog, found by what labels, annotations and namespaces say. */
export class ClaimBook {
  readonly #claims = new Map<string, EntityClaim>();
  /** By a pair `key=value` among the labels, or the annotations. */
  readonly #byLabel = new Map<string, Match[]>();
  readonly #byAnnotation = new Map<string, Match[]>();
  readonly #byNamespace = new Map<string, Match[]>();
  /** Selectors by a pair that they need; those that need none are asked every time. */
  readonly #selectors = new Map<string, SelectorClaim[]>();
  readonly #looseSelectors: SelectorClaim[] = [];
  /** What is wrong with the label selector of an entity. */
  readonly #wrong = new Map<string, Error>();
  #version = 0;

  /** Another number after every change. */
  get version(): number {
    return this.#version;
  }

  get size(): number {
    return this.#claims.size;
  }

  get(ref: string): EntityClaim | undefined {
    return this.#claims.get(ref);
  }

  all(): Iterable<EntityClaim> {
    return this.#claims.values();
  }

  /** What is wrong with the label selector of an entity; undefined: nothing. */
  problemOf(ref: string): Error | undefined {
    return this.#wrong.get(ref);
  }

  /** Takes claims in the place of those that were there; all are sorted in anew. */
  replace(claims: Iterable<EntityClaim>): void {
    this.#version += 1;
    const kept = Array.from(claims);
    for (const index of [
      this.#claims,
      this.#byLabel,
      this.#byAnnotation,
      this.#byNamespace,
      this.#selectors,
      this.#wrong,
    ])
      index.clear();
    this.#looseSelectors.length = 0;
    for (const claim of kept) {
      this.#claims.set(claim.ref, claim);
      this.#sortIn(claim);
    }
  }

  /** Entities that objects with these labels and annotations (lines `key=value`) in this namespace belong to, the surest first. */
  matchesOf(
    labels: readonly string[],
    annotations: readonly string[],
    namespace: string | undefined,
  ): readonly Match[] {
    const found = new Map<string, Match>();
    const add = (match: Match): void => {
      const { claim, rule } = match;
      if (claim.namespace !== undefined && claim.namespace !== namespace) return;
      const known = found.get(claim.ref);
      if (known === undefined || order.indexOf(rule) < order.indexOf(known.rule)) found.set(claim.ref, match);
    };
    // What says itself whose it is, is guessed to be of nobody but whom it names.
    const saysWhose = labels.some((pair) => pair.startsWith(`${ID}=`));
    const addAll = (matches: readonly Match[] | undefined): void => {
      for (const match of matches ?? [])
        if (!saysWhose || match.rule === 'kubernetes-id-name' || !guesses.has(match.rule)) add(match);
    };
    for (const pair of labels) addAll(this.#byLabel.get(pair));
    for (const pair of annotations) addAll(this.#byAnnotation.get(withoutPlace(pair)));
    for (const { match, requirements } of this.#selectorsFor(labels)) {
      if (selectsLabels(requirements, recordOf(labels))) add(match);
    }
    if (found.size === 0 && namespace !== undefined)
      for (const match of this.#byNamespace.get(namespace) ?? []) add(match);
    return [...found.values()].sort((one, other) => order.indexOf(one.rule) - order.indexOf(other.rule));
  }

  #selectorsFor(labels: readonly string[]): Iterable<SelectorClaim> {
    if (this.#selectors.size === 0) return this.#looseSelectors;
    return new Set([...this.#looseSelectors, ...labels.flatMap((pair) => this.#selectors.get(pair) ?? [])]);
  }

  #sortIn(claim: EntityClaim): void {
    const { labelSelector, id, argoApp, name, namespace } = claim;
    // As in Backstage, a selector takes the place of the id.
    if (labelSelector !== undefined) {
      this.#sortSelector(claim, labelSelector);
      return;
    }
    if (id !== undefined) push(this.#byLabel, `${ID}=${id}`, { claim, rule: 'kubernetes-id' });
    // As in Backstage, the name takes the place of an id that is not said.
    else if (name !== undefined) push(this.#byLabel, `${ID}=${name}`, { claim, rule: 'kubernetes-id-name' });
    if (argoApp !== undefined) this.#sortArgo(argoApp, { claim, rule: 'argo-app' });
    else if (name !== undefined) {
      this.#sortArgo(name, { claim, rule: 'argo-app-name' });
      push(this.#byLabel, `app.kubernetes.io/name=${name}`, { claim, rule: 'app-name' });
      push(this.#byLabel, `app.kubernetes.io/instance=${name}`, { claim, rule: 'app-name' });
      push(this.#byAnnotation, `meta.helm.sh/release-name=${name}`, { claim, rule: 'helm-release' });
    }
    // Who says nothing but a namespace has what nobody else claims there.
    if (id === undefined && argoApp === undefined && namespace !== undefined)
      push(this.#byNamespace, namespace, { claim, rule: 'namespace' });
  }

  #sortArgo(app: string, match: Match): void {
    push(this.#byLabel, `${ARGO_LABEL}=${app}`, match);
    push(this.#byAnnotation, `${TRACKING}=${app}`, match);
  }

  #sortSelector(claim: EntityClaim, text: string): void {
    let requirements: readonly LabelRequirement[];
    try {
      requirements = parseLabelSelector(text);
    } catch (error) {
      this.#wrong.set(claim.ref, error as Error);
      return;
    }
    const selector: SelectorClaim = { match: { claim, rule: 'label-selector' }, requirements };
    const needed = requirements.find(({ values, isNegated }) => values !== undefined && !isNegated);
    // A selector without conditions would claim everything.
    if (requirements.length === 0) return;
    if (needed === undefined) this.#looseSelectors.push(selector);
    else for (const value of needed.values ?? []) push(this.#selectors, `${needed.key}=${value}`, selector);
  }
}

function push<Item>(index: Map<string, Item[]>, key: string, item: Item): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, [item]);
  else known.push(item);
}

/** A tracking id of Argo CD is `<app>:<group>/<kind>:<place>`; the app is what is asked for. */
function withoutPlace(pair: string): string {
  if (!pair.startsWith(`${TRACKING}=`)) return pair;
  const colon = pair.indexOf(':', TRACKING.length);
  return colon < 0 ? pair : pair.slice(0, colon);
}

function recordOf(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}
