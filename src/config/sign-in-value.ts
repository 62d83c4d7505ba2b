import type { ConfigNode } from './config-node.ts';
import { missing, providerKeys, readGroups, words } from './provider-keys.ts';
import { proxyConfig } from './proxy-value.ts';
import { readSecretText } from './secret-text.ts';
import { clientAuthentications } from './sign-in-config.ts';
import type { GithubConfig, OidcConfig, ProviderConfig } from './sign-in-config.ts';
import { eachItem, readFields, type Read } from './structured-value.ts';
import { choice, scalarText, text, truth, webUrl, wholeNumber, type Parser } from './value.ts';

/** `signIn.providers` */
export function providers(): Parser<readonly ProviderConfig[]> {
  return (node) => {
    const list = eachItem(node, 'a list of {id, type, ...}', readProvider);
    if (!list.ok) return list;
    const ids = list.value.map(({ id }) => id);
    const twice = ids.findIndex((id, at) => ids.indexOf(id) !== at);
    if (twice < 0) return list;
    const at = node.kind === 'list' ? (node.items[twice] ?? node) : node;
    return { ok: false, expected: `an id of its own for each provider, not ${ids[twice] ?? ''} twice`, at };
  };
}

function readProvider(node: ConfigNode): Read<ProviderConfig> {
  const type = node.kind === 'map' ? node.entries.get('type') : undefined;
  switch (type && scalarText(type)) {
    case 'oidc':
      return oidcConfig(node);
    case 'github':
      return githubConfig(node);
    case 'proxy':
      return proxyConfig(node);
    default:
      return { ok: false, expected: 'a provider whose type is oidc, github or proxy', at: type ?? node };
  }
}

/** Reads a provider of OpenID Connect, with its defaults. */
function oidcConfig(node: ConfigNode): Read<OidcConfig> {
  const read = readFields(node, {
    ...providerKeys,
    type: choice(['oidc']),
    issuer: issuerUrl,
    clientId: text(),
    clientSecret: readSecretText,
    clientAuthentication: choice(clientAuthentications),
    scopes: words,
    prompt: text(),
    trustEmail: truth(),
    loginClaim: text(),
    groupsClaim: text(),
    groups: readGroups,
    refreshMinutes: wholeNumber(1, 1440),
    endProviderSession: truth(),
  });
  if (!read.ok) return read;
  const { id = 'oidc', issuer, clientId, ...rest } = read.value;
  if (issuer === undefined || clientId === undefined) return missing(node, 'issuer and clientId');
  const clientAuthentication =
    rest.clientAuthentication ?? (rest.clientSecret === undefined ? 'none' : 'client_secret_basic');
  if ((clientAuthentication === 'none') !== (rest.clientSecret === undefined)) {
    return missing(node, 'clientSecret, unless clientAuthentication is none');
  }
  return { ok: true, value: oidcOf({ ...rest, id, issuer, clientId, clientAuthentication }) };
}

/** An issuer is a name too: whether a slash stands at its end matters. */
const issuerUrl: Parser<string> = (node) => {
  const url = webUrl()(node);
  return url.ok ? { ok: true, value: scalarText(node) ?? url.value } : url;
};

/** What of a provider has to be said; everything else has a default. */
export function oidcOf(
  said: Partial<OidcConfig> & Pick<OidcConfig, 'id' | 'issuer' | 'clientId' | 'clientAuthentication'>,
): OidcConfig {
  return {
    title: said.id,
    scopes: ['openid', 'profile', 'email'],
    trustEmail: false,
    loginClaim: 'preferred_username',
    groups: { namespace: 'default' },
    refreshMinutes: 15,
    endProviderSession: false,
    ...said,
    type: 'oidc',
  };
}

function githubConfig(node: ConfigNode): Read<GithubConfig> {
  const read = readFields(node, {
    ...providerKeys,
    type: choice(['github']),
    url: webUrl(),
    clientId: text(),
    clientSecret: readSecretText,
    scopes: words,
    organizations: words,
    groups: readGroups,
  });
  if (!read.ok) return read;
  const { id = 'github', clientId, clientSecret, organizations, ...rest } = read.value;
  if (clientId === undefined || clientSecret === undefined) return missing(node, 'clientId and clientSecret');
  const value = githubOf({ ...rest, id, clientId, clientSecret });
  if (organizations === undefined) return { ok: true, value };
  if (!value.scopes.includes('read:org')) return missing(node, 'the scope read:org, which organizations need');
  return { ok: true, value: { ...value, organizations: organizations.map((name) => name.toLowerCase()) } };
}

/** What of GitHub has to be said; everything else has a default. */
export function githubOf(
  said: Partial<GithubConfig> & Pick<GithubConfig, 'id' | 'clientId' | 'clientSecret'>,
): GithubConfig {
  return {
    title: 'GitHub',
    url: 'https://github.com',
    scopes: ['read:user', 'user:email'],
    groups: { namespace: 'default' },
    ...said,
    type: 'github',
  };
}
