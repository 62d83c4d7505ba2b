/** The namespace of an entity that names none. */
export const DEFAULT_NAMESPACE = 'default';

/** The three parts of an entity reference, in the case they were written. */
export interface EntityRefParts {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** What to fill in for the parts that a written reference leaves out. */
export interface RefContext {
  readonly defaultKind?: string | undefined;
  readonly defaultNamespace?: string | undefined;
}

/**
 * Parses `[<kind>:][<namespace>/]<name>`. A colon separates the kind only where it stands before the first slash.
 *
 * @param text the reference as written
 * @param context defaults for kind and namespace (namespace falls back to `default`)
 * @returns the parts in their written case, or `undefined` where a part is empty or the kind is unknown
 * @example parseEntityRef('team-a', { defaultKind: 'Group' }) // { kind: 'Group', namespace: 'default', name: 'team-a' }
 */
export function parseEntityRef(text: string, context: RefContext = {}): EntityRefParts | undefined {
  let rest = text;
  let kind = context.defaultKind;
  let namespace = context.defaultNamespace ?? DEFAULT_NAMESPACE;
  const colon = rest.indexOf(':');
  const slash = rest.indexOf('/');
  if (colon !== -1 && (slash === -1 || colon < slash)) {
    kind = rest.slice(0, colon);
    rest = rest.slice(colon + 1);
  }
  const nameAt = rest.indexOf('/');
  if (nameAt !== -1) {
    namespace = rest.slice(0, nameAt);
    rest = rest.slice(nameAt + 1);
  }
  if (!kind || !namespace || !rest) return undefined;
  return { kind, namespace, name: rest };
}

/** The canonical form of a reference: `kind:namespace/name`, lower case. It is the identity of an entity. */
export function formatEntityRef(parts: EntityRefParts): string {
  return `${parts.kind}:${parts.namespace}/${parts.name}`.toLowerCase();
}

/** The canonical ref of an entity envelope. */
export function entityRefOf(entity: {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}): string {
  return formatEntityRef({
    kind: entity.kind,
    namespace: entity.metadata.namespace ?? DEFAULT_NAMESPACE,
    name: entity.metadata.name,
  });
}
