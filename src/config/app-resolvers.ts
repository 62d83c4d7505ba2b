import { nodeAt, scalarNode, type ConfigNode } from './config-node.ts';
import { readSetting, type Findings, type Layer } from './layer.ts';
import type { ResolverConfig } from './sign-in-config.ts';
import { scalarText } from './value.ts';

/** Backstage's resolvers that are the same for every provider. */
const resolvers: Readonly<Record<string, ResolverConfig>> = {
  emailMatchingUserEntityProfileEmail: { by: 'email' },
  emailLocalPartMatchingUserEntityName: { by: 'emailLocalPart' },
  usernameMatchingUserEntityName: { by: 'login' },
  forwardedUserMatchingUserEntityName: { by: 'login' },
  preferredUsernameMatchingUserEntityName: { by: 'login' },
  oidcSubClaimMatchingKeycloakUserId: { by: 'annotation', annotation: 'keycloak.org/id' },
  oidcSubClaimMatchingPingIdentityUserId: { by: 'annotation', annotation: 'pingidentity.org/id' },
};

const emailAnnotations: Readonly<Record<string, string>> = {
  google: 'google.com/email',
  gcpIap: 'google.com/email',
  microsoft: 'microsoft.com/email',
  okta: 'okta.com/email',
};

/** Those whose annotation is the provider's. */
function resolverOf(name: string, provider: string): ResolverConfig | undefined {
  if (Object.hasOwn(resolvers, name)) return resolvers[name];
  const annotation = Object.hasOwn(emailAnnotations, provider) ? emailAnnotations[provider] : undefined;
  if (name === 'emailMatchingUserEntityAnnotation' && annotation !== undefined) {
    return { by: 'annotation', annotation, claim: 'email' };
  }
  if (name !== 'userIdMatchingUserEntityAnnotation') return undefined;
  if (provider === 'github') return { by: 'annotation', annotation: 'github.com/user-id' };
  if (provider === 'microsoft') return { by: 'annotation', annotation: 'graph.microsoft.com/user-id', claim: 'oid' };
  return undefined;
}

/**
 * The resolvers of one of Backstage's providers as those of `signIn.providers`; what cannot be taken over is said.
 *
 * @param provider Backstage's name of it
 * @param block its settings in one environment
 */
export function appResolvers(
  provider: string,
  block: ConfigNode,
  layer: Layer,
  findings: Findings,
): readonly ConfigNode[] {
  const list = nodeAt(block, 'signIn', 'resolvers');
  if (list?.kind !== 'list') return [];
  return list.items.flatMap((item) => readResolver(provider, item, layer, findings));
}

function readResolver(provider: string, item: ConfigNode, layer: Layer, findings: Findings): readonly ConfigNode[] {
  const nameNode = nodeAt(item, 'resolver');
  const name = (nameNode && scalarText(nameNode)) ?? '';
  const leaveOut = (why: string): readonly ConfigNode[] => {
    findings.notices.push(`${item.place.label}: auth.providers.${provider}: resolver ${name} is left out: ${why}`);
    return [];
  };
  const resolver = resolverOf(name, provider);
  if (resolver === undefined) return leaveOut('Callboard does not know it');
  const domains = nodeAt(item, 'allowedDomains');
  if (resolver.by === 'emailLocalPart' && domains === undefined) {
    return leaveOut('without allowedDomains, people of any domain would share names');
  }
  const unknown = nodeAt(item, 'dangerouslyAllowSignInWithoutUserInCatalog');
  if (unknown !== undefined && scalarText(unknown) === 'true')
    readSetting(layer, 'allowUnknownUsers', unknown, findings);
  const entries = Object.entries(resolver).map(([key, value]) => [key, scalarNode(String(value), item.place)] as const);
  const isByEmail = resolver.by === 'email' || resolver.by === 'emailLocalPart';
  const more = domains !== undefined && isByEmail ? [['allowedDomains', domains] as const] : [];
  return [{ kind: 'map', place: item.place, entries: new Map<string, ConfigNode>([...entries, ...more]) }];
}
