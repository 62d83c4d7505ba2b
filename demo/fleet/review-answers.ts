import { type Attributes, type ClusterAccess, ruleItems, type User } from './access.ts';
import type { Review } from './discovery.ts';
import { isMap, type Json, type JsonMap, listAt, mapAt, textAt } from './kube-object.ts';

/** Answers a review of what somebody may do, or who one is. */
export function answerReview(access: ClusterAccess, review: Review, user: User, body: Json): JsonMap {
  const asked = isMap(body) ? body : {};
  const head = {
    kind: review.kind,
    apiVersion: `${review.group}/v1`,
    metadata: { creationTimestamp: null },
    spec: mapAt(asked, 'spec'),
  };
  switch (review.kind) {
    case 'SelfSubjectReview':
      return { ...head, status: { userInfo: { username: user.name, groups: user.groups } } };
    case 'SelfSubjectRulesReview':
      return { ...head, status: ruleItems(access.rulesOf(user)) };
    case 'SubjectAccessReview': {
      const groups = listAt(asked, 'spec', 'groups').map(String);
      return { ...head, status: decision(access, { name: textAt(asked, 'spec', 'user'), groups }, asked) };
    }
    default:
      return { ...head, status: decision(access, user, asked) };
  }
}

function decision(access: ClusterAccess, user: User, asked: JsonMap): JsonMap {
  if (!isMap(mapAt(asked, 'spec')['resourceAttributes'])) return { allowed: user.groups.includes('system:masters') };
  const attribute = (name: string): string => textAt(asked, 'spec', 'resourceAttributes', name);
  const attributes: Attributes = {
    verb: attribute('verb'),
    group: attribute('group'),
    resource: attribute('resource'),
    subresource: attribute('subresource'),
    namespace: attribute('namespace'),
    name: attribute('name'),
  };
  const allowed = access.allows(user, attributes);
  return allowed ? { allowed, reason: 'a rule of the demo allows it' } : { allowed };
}
