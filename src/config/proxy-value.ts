import { isIP } from 'node:net';
import type { ConfigNode } from './config-node.ts';
import { missing, providerKeys, readGroups } from './provider-keys.ts';
import { readSecretText } from './secret-text.ts';
import type { ProxyConfig, ProxyJwtConfig } from './sign-in-config.ts';
import { eachItem, readFields, type Read } from './structured-value.ts';
import { choice, scalarText, text, type Parser } from './value.ts';

/** Proxies whose tokens have a known form. */
const jwtForms = ['awsAlb', 'gcpIap', 'cloudflareAccess'] as const;

/** Reads a trusted proxy, with its defaults. */
export function proxyConfig(node: ConfigNode): Read<ProxyConfig> {
  const read = readFields(node, {
    ...providerKeys,
    type: choice(['proxy']),
    headers: (child: ConfigNode) =>
      readFields(child, { user: headerName, email: headerName, name: headerName, groups: headerName }),
    jwt: readJwt,
    secret: readSecret,
    peers: addressRanges(),
    groupsClaim: text(),
    groups: readGroups,
  });
  if (!read.ok) return read;
  const { id = 'proxy', headers, ...rest } = read.value;
  if (rest.jwt === undefined && rest.secret === undefined && !rest.peers?.length) {
    return missing(node, 'jwt, secret or peers: without one of them everybody could say that they are the proxy');
  }
  return { ok: true, value: proxyOf({ ...rest, id, ...(headers && { headers: withUser(headers) }) }) };
}

/** What of a proxy has to be said; the headers are those of oauth2-proxy unless others are named. */
export function proxyOf(said: Partial<ProxyConfig> & Pick<ProxyConfig, 'id'>): ProxyConfig {
  return {
    title: said.id,
    headers: { user: 'x-forwarded-user', email: 'x-forwarded-email', groups: 'x-forwarded-groups' },
    groups: { namespace: 'default' },
    ...said,
    type: 'proxy',
  };
}

function withUser(headers: Partial<ProxyConfig['headers']>): ProxyConfig['headers'] {
  return { user: 'x-forwarded-user', ...headers };
}

/** A header’s name, lower case. */
function headerName(node: ConfigNode): Read<string> {
  const value = scalarText(node)?.toLowerCase();
  return value !== undefined && /^[a-z0-9-]{1,100}$/.test(value)
    ? { ok: true, value }
    : { ok: false, expected: 'the name of a header', at: node };
}

function readSecret(node: ConfigNode): Read<NonNullable<ProxyConfig['secret']>> {
  const read = readFields(node, { header: headerName, value: readSecretText });
  if (!read.ok) return read;
  const { header, value } = read.value;
  if (header === undefined || value === undefined) {
    return { ok: false, expected: 'a map of header and value', at: node };
  }
  if (typeof value === 'string' && value.length < 16) {
    return { ok: false, expected: 'a value of at least 16 characters', at: node };
  }
  return { ok: true, value: { header, value } };
}

function readJwt(node: ConfigNode): Read<ProxyJwtConfig> {
  const read = readFields(node, {
    form: choice(jwtForms),
    header: headerName,
    keys: keysUrl,
    issuer: text(),
    audience: text(),
    signer: text(),
    team: text(),
    region: text(),
  });
  if (!read.ok) return read;
  const { form, team, region, ...said } = read.value;
  const all = { ...formOf(form, { team, region }), ...said };
  const { header, keys, issuer, audience, signer } = all;
  const complete = header !== undefined && keys !== undefined && issuer !== undefined;
  if (!complete || (audience === undefined && signer === undefined)) {
    return { ok: false, expected: 'header, keys, issuer, and audience (AWS: signer and region)', at: node };
  }
  return { ok: true, value: { header, keys, issuer, ...(audience && { audience }), ...(signer && { signer }) } };
}

/**
 * What the documentation of each proxy says of its token.
 *
 * @param form the proxy
 * @param named `team`: Cloudflare’s team name; `region`: of the AWS load balancer
 */
function formOf(
  form: (typeof jwtForms)[number] | undefined,
  named: { readonly team?: string | undefined; readonly region?: string | undefined },
): Partial<ProxyJwtConfig> {
  switch (form) {
    case 'gcpIap':
      return {
        header: 'x-goog-iap-jwt-assertion',
        keys: 'https://www.gstatic.com/iap/verify/public_key-jwk',
        issuer: 'https://cloud.google.com/iap',
      };
    case 'cloudflareAccess': {
      if (named.team === undefined || !/^[a-z0-9-]+$/.test(named.team)) return {};
      const issuer = `https://${named.team}.cloudflareaccess.com`;
      return { header: 'cf-access-jwt-assertion', keys: `${issuer}/cdn-cgi/access/certs`, issuer };
    }
    case 'awsAlb':
      if (named.region === undefined || !/^[a-z0-9-]+$/.test(named.region)) return { header: 'x-amzn-oidc-data' };
      return { header: 'x-amzn-oidc-data', keys: `https://public-keys.auth.elb.${named.region}.amazonaws.com/{kid}` };
    case undefined:
      return {};
  }
}

function keysUrl(node: ConfigNode): Read<string> {
  const value = scalarText(node);
  const url = URL.parse(value?.replace('{kid}', 'kid') ?? '');
  return value !== undefined && url !== null && /^https?:$/.test(url.protocol)
    ? { ok: true, value }
    : { ok: false, expected: 'the URL of a key set', at: node };
}

/** Addresses and ranges (CIDR). */
export function addressRanges(): Parser<readonly string[]> {
  return (node) => eachItem(node, 'a list of addresses and ranges such as 10.0.0.0/8', readRange);
}

function readRange(node: ConfigNode): Read<string> {
  const value = scalarText(node) ?? '';
  const [address = '', prefix, ...more] = value.split('/');
  const family = isIP(address);
  const bits = family === 4 ? 32 : 128;
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) > 0 && Number(prefix) <= bits);
  if (family === 0 || !isPrefix || more.length > 0) {
    return { ok: false, expected: 'an address or a range such as 10.0.0.0/8', at: node };
  }
  return { ok: true, value };
}
