import type { X509Certificate } from 'node:crypto';
import { ApiStatusError } from './api-status.ts';
import type { JsonMap } from './kube-object.ts';

/** Who asks. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

/** What is asked for. */
export interface Attributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** A rule of RBAC: all of its lists must name what is asked for; `*` names everything. */
export interface AccessRule {
  readonly verbs: readonly string[];
  readonly groups: readonly string[];
  /** Resources, with `/subresource` where one is meant. */
  readonly resources: readonly string[];
  /** Absent: in all namespaces, and what has none. */
  readonly namespaces?: readonly string[];
  /** Absent: whatever its name is. */
  readonly names?: readonly string[];
}

/** What a group of users, or one user, may do. */
export interface Grant {
  /** A user's name, or `group:` and a group's. */
  readonly to: string;
  readonly rules: readonly AccessRule[];
}

/** A bearer token of a cluster. */
export interface Token {
  readonly user: User;
  /** Milliseconds since the epoch; absent: never. */
  readonly expiresAt?: number;
}

const everything: AccessRule = { verbs: ['*'], groups: ['*'], resources: ['*'] };

/** Everybody who is known may ask these. */
const always: AccessRule = {
  verbs: ['create'],
  groups: ['authorization.k8s.io', 'authentication.k8s.io'],
  resources: ['*'],
};

/** Who may ask a cluster, and what each may do. */
export class ClusterAccess {
  readonly tokens = new Map<string, Token>();
  grants: readonly Grant[] = [];
  readonly #bound: (user: User) => readonly AccessRule[];

  /** @param bound rules that roles and bindings among the objects give to a user, beside the grants */
  constructor(bound: (user: User) => readonly AccessRule[] = () => []) {
    this.#bound = bound;
  }

  /**
   * Who a request is from, impersonation taken into account.
   * @param asked what the request is for; undefined: none of the API's objects
   * @throws ApiStatusError 401, or 403 where one may not act for another
   */
  user(
    headers: Readonly<Record<string, string | readonly string[] | undefined>>,
    certificate: X509Certificate | undefined,
    now: number,
    asked: Attributes | undefined,
  ): User {
    const own = this.#authenticate(headers, certificate, now);
    const name = headers['impersonate-user'];
    if (typeof name !== 'string') {
      const others = Object.keys(headers).filter((header) => header.startsWith('impersonate-'));
      if (others.length > 0) throw new ApiStatusError('InternalError', 'requested groups without impersonating a user');
      return own;
    }
    const given = headers['impersonate-group'];
    const groups =
      given === undefined ? [] : typeof given === 'string' ? given.split(',').map((group) => group.trim()) : given;
    if (asked === undefined || !this.#mayActFor(own, name, groups, asked)) {
      const impersonate = { verb: 'impersonate', group: '', resource: 'users', subresource: '', namespace: '', name };
      this.demand(own, impersonate);
      for (const group of groups) this.demand(own, { ...impersonate, resource: 'groups', name: group });
    }
    return { name, groups: [...groups, 'system:authenticated'] };
  }

  /** Constrained impersonation: who may be acted for, and what may be done then, are rights of their own (KEP-5284). */
  #mayActFor(own: User, name: string, groups: readonly string[], asked: Attributes): boolean {
    const group = 'authentication.k8s.io';
    const identity = { verb: 'impersonate:user-info', group, resource: 'users', subresource: '', namespace: '', name };
    return (
      this.allows(own, identity) &&
      groups.every((each) => this.allows(own, { ...identity, resource: 'groups', name: each })) &&
      this.allows(own, { ...asked, verb: `impersonate-on:user-info:${asked.verb}` })
    );
  }

  #authenticate(
    headers: Readonly<Record<string, string | readonly string[] | undefined>>,
    certificate: X509Certificate | undefined,
    now: number,
  ): User {
    const authorization = headers['authorization'];
    if (typeof authorization === 'string' && authorization.startsWith('Bearer ')) {
      const token = this.tokens.get(authorization.slice(7));
      if (token === undefined || (token.expiresAt ?? Infinity) <= now)
        throw new ApiStatusError('Unauthorized', 'Unauthorized');
      return { name: token.user.name, groups: [...token.user.groups, 'system:authenticated'] };
    }
    if (certificate === undefined) return { name: 'system:anonymous', groups: ['system:unauthenticated'] };
    const parts = certificate.subject.split('\n').map((line) => line.split('='));
    const values = (key: string): string[] => parts.filter(([name]) => name === key).map(([, value = '']) => value);
    return { name: values('CN')[0] ?? '', groups: [...values('O'), 'system:authenticated'] };
  }

  /** True when a user may do this. Members of `system:masters` may do everything. */
  allows(user: User, asked: Attributes): boolean {
    return this.rulesOf(user).some((rule) => covers(rule, asked));
  }

  /** The rules that hold for a user. */
  rulesOf(user: User): readonly AccessRule[] {
    if (user.groups.includes('system:masters')) return [everything];
    const own = this.grants.filter(
      ({ to }) => to === user.name || user.groups.some((group) => to === `group:${group}`),
    );
    const rules = [...own.flatMap((grant) => grant.rules), ...this.#bound(user)];
    return user.groups.includes('system:authenticated') ? [...rules, always] : rules;
  }

  /** @throws ApiStatusError 403 as RBAC says it */
  demand(user: User, asked: Attributes): void {
    if (this.allows(user, asked)) return;
    const resource = asked.subresource === '' ? asked.resource : `${asked.resource}/${asked.subresource}`;
    const title = asked.group === '' ? asked.resource : `${asked.resource}.${asked.group}`;
    const where = asked.namespace === '' ? 'at the cluster scope' : `in the namespace "${asked.namespace}"`;
    const named = asked.name === '' ? '' : ` "${asked.name}"`;
    const told = `${title}${named} is forbidden: User "${user.name}" cannot ${asked.verb} resource "${resource}" in API group "${asked.group}" ${where}`;
    throw new ApiStatusError('Forbidden', told, { name: asked.name, group: asked.group, kind: asked.resource });
  }
}

function covers(rule: AccessRule, asked: Attributes): boolean {
  const resource = asked.subresource === '' ? asked.resource : `${asked.resource}/${asked.subresource}`;
  const names = (list: readonly string[], word: string): boolean => list.includes('*') || list.includes(word);
  const isThere =
    rule.namespaces === undefined || (asked.namespace !== '' && rule.namespaces.includes(asked.namespace));
  const isNamed = rule.names === undefined || rule.names.includes(asked.name);
  return (
    isThere &&
    isNamed &&
    names(rule.verbs, asked.verb) &&
    names(rule.groups, asked.group) &&
    names(rule.resources, resource)
  );
}

/** The rules as a review tells them. */
export function ruleItems(rules: readonly AccessRule[]): JsonMap {
  const resourceRules = rules.map(({ verbs, groups, resources }) => ({ verbs, apiGroups: groups, resources }));
  return {
    resourceRules,
    nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/api', '/apis', '/healthz', '/version'] }],
    incomplete: false,
  };
}
