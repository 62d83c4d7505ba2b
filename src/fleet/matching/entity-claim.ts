import type { Entity } from '../../model/entity.ts';
import { formatEntityRef, parseEntityRef } from '../../model/ref.ts';
import { text, tree } from '../reduce/json-read.ts';
import type { EntityClaim } from '../../live/claim.ts';

/**
 * What an entity says of where it runs, by Backstage's annotations and by that of the Argo CD plugin; a component that says neither
 * selector nor id is looked for by its name.
 *
 * @param ref its canonical ref
 * @returns undefined: it claims nothing
 */
export function claimOf(
  ref: string,
  { kind, metadata, spec }: Pick<Entity, 'kind' | 'metadata' | 'spec'>,
): EntityClaim | undefined {
  const annotations = tree(metadata.annotations);
  const of = (key: string): string | undefined => text(annotations[key])?.trim() || undefined;
  const labelSelector = of('backstage.io/kubernetes-label-selector');
  const id = of('backstage.io/kubernetes-id');
  const argoApp = of('argocd/app-name');
  const namespace = of('backstage.io/kubernetes-namespace');
  const isGuessed = labelSelector === undefined && id === undefined && kind.toLowerCase() === 'component';
  if (!isGuessed && [labelSelector, id, argoApp, namespace].every((said) => said === undefined)) return undefined;
  const { type, lifecycle, owner, system } = tree(spec);
  const own = metadata.namespace;
  return {
    ref,
    labelSelector,
    id,
    argoApp,
    name: isGuessed ? metadata.name : undefined,
    namespace,
    cluster: of('backstage.io/kubernetes-cluster'),
    kind,
    title: text(metadata.title),
    type: text(type),
    lifecycle: text(lifecycle),
    owner: refOf(owner, 'group', own),
    system: refOf(system, 'system', own),
  };
}

/** A reference in a field of the spec as a canonical ref; one that cannot be read is none. */
function refOf(value: unknown, defaultKind: string, defaultNamespace: string | undefined): string | undefined {
  const reference = text(value);
  const parts = reference === undefined ? undefined : parseEntityRef(reference, { defaultKind, defaultNamespace });
  return parts && formatEntityRef(parts);
}
