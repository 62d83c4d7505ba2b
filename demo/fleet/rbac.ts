import type { AccessRule, User } from './access.ts';
import { type JsonMap, listAt, mapAt, textAt } from './kube-object.ts';
import type { ObjectStore } from './object-store.ts';

/** The rules that the roles and bindings of a cluster give to a user. Aggregated roles are not there. */
export function rulesOfBindings(store: ObjectStore, user: User): readonly AccessRule[] {
  const everywhere = bindingsOf(store, 'clusterrolebindings', user).flatMap((binding) => rulesOf(store, binding));
  const inPlaces = bindingsOf(store, 'rolebindings', user).flatMap((binding) => {
    const namespaces = [textAt(binding, 'metadata', 'namespace')];
    return rulesOf(store, binding).map((rule) => ({ ...rule, namespaces }));
  });
  return [...everywhere, ...inPlaces];
}

function bindingsOf(store: ObjectStore, plural: string, user: User): readonly JsonMap[] {
  const all = (store.named(plural)?.list() ?? []).map(({ object }) => object as JsonMap);
  return all.filter((binding) => listAt(binding, 'subjects').some((subject) => isMeant(subject as JsonMap, user)));
}

function isMeant(subject: JsonMap, { name, groups }: User): boolean {
  const named = textAt(subject, 'name');
  switch (textAt(subject, 'kind')) {
    case 'User':
      return named === name;
    case 'Group':
      return groups.includes(named);
    case 'ServiceAccount':
      return name === `system:serviceaccount:${textAt(subject, 'namespace')}:${named}`;
    default:
      return false;
  }
}

function rulesOf(store: ObjectStore, binding: JsonMap): readonly AccessRule[] {
  const { kind, name } = mapAt(binding, 'roleRef');
  const namespace = textAt(binding, 'metadata', 'namespace');
  const roles = store.named(kind === 'Role' ? 'roles' : 'clusterroles')?.list() ?? [];
  const role = roles.find(
    ({ object: { metadata } }) =>
      metadata.name === name && (kind === 'ClusterRole' || metadata.namespace === namespace),
  );
  return listAt((role?.object ?? {}) as JsonMap, 'rules').map((rule) => {
    const texts = (list: string): readonly string[] => listAt(rule as JsonMap, list).map(String);
    const names = texts('resourceNames');
    return {
      verbs: texts('verbs'),
      groups: texts('apiGroups'),
      resources: texts('resources'),
      ...(names.length > 0 && { names }),
    };
  });
}
