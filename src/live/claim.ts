import type { FactTeller } from './facts.ts';

/** Why a workload is said to be of an entity; the first that holds is told, the surest come first. */
export type ClaimRule =
  | 'label-selector'
  | 'kubernetes-id'
  | 'argo-app'
  | 'kubernetes-id-name'
  | 'argo-app-name'
  | 'app-name'
  | 'helm-release'
  | 'namespace';

/** What an entity says of where it runs. */
export interface ServiceClaim {
  /** Canonical ref of the entity. */
  readonly ref: string;
  /** `backstage.io/kubernetes-label-selector`; goes before `id`. */
  readonly labelSelector?: string | undefined;
  /** `backstage.io/kubernetes-id`: the value of the label of that name. */
  readonly id?: string | undefined;
  /** `argocd/app-name`: the Argo CD application that brings it out. */
  readonly argoApp?: string | undefined;
  /** Name by which it is guessed where it says neither selector nor id; absent: it is not. */
  readonly name?: string | undefined;
  /** `backstage.io/kubernetes-namespace`: only there. */
  readonly namespace?: string | undefined;
  /** `backstage.io/kubernetes-cluster`: only there. */
  readonly cluster?: string | undefined;
}

/** What the fleet is told of an entity: what it claims, and what lists and guesses say of it. */
export interface EntityClaim extends ServiceClaim {
  readonly kind: string;
  readonly title?: string | undefined;
  /** `spec.type` */
  readonly type?: string | undefined;
  readonly lifecycle?: string | undefined;
  /** Canonical ref of its owner. */
  readonly owner?: string | undefined;
  /** Canonical ref of its system. */
  readonly system?: string | undefined;
}

/** What became of the claims of the catalog. */
export interface ClaimChange {
  /** True: those that are not named are no more. */
  readonly isWhole: boolean;
  readonly put: readonly EntityClaim[];
  /** Refs of entities that claim nothing any more. */
  readonly dropped: readonly string[];
}

/** Who is told what entities claim, and tells what became of it. */
export interface ClaimTaker extends FactTeller {
  changeClaims(change: ClaimChange): void;
}
