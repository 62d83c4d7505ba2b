import { type ConfigMap, type ConfigNode, nodeAt, scalarNode } from './config-node.ts';
import { appResolvers } from './app-resolvers.ts';
import { readSetting, type Findings, type Layer } from './layer.ts';
import { scalarText } from './value.ts';

/** What one of Backstage's providers is here: keys of `signIn.providers`, or why it is left out. */
type Translated = { readonly fields: Fields } | { readonly leftOut: string };
type Fields = Readonly<Record<string, ConfigNode | string | boolean | undefined>>;
type Translate = (block: ConfigMap) => Translated;

const text = (block: ConfigNode, key: string): string | undefined => {
  const node = nodeAt(block, key);
  return node === undefined ? undefined : scalarText(node);
};

/** What all clients of OpenID Connect have. Backstage believes what the provider says of an address. */
function oidcFields(block: ConfigMap, title: string, issuer: string | ConfigNode | undefined): Translated {
  if (issuer === undefined) return { leftOut: 'it does not say which issuer it is of' };
  const fields = {
    type: 'oidc',
    title,
    issuer,
    clientId: nodeAt(block, 'clientId'),
    clientSecret: nodeAt(block, 'clientSecret'),
    clientAuthentication: nodeAt(block, 'tokenEndpointAuthMethod'),
    prompt: text(block, 'prompt') === 'auto' ? undefined : nodeAt(block, 'prompt'),
    scopes: joined('openid profile email', nodeAt(block, 'additionalScopes')),
    trustEmail: true,
  };
  return { fields };
}

/** The scopes that everybody needs, and those that were written. */
function joined(base: string, more: ConfigNode | undefined): ConfigNode | string {
  if (more === undefined) return base;
  const items = more.kind === 'list' ? more.items : [more];
  const written = items.flatMap((item) => scalarText(item)?.split(/\s+/) ?? []);
  return [...new Set([...base.split(' '), ...written])].join(' ');
}

function discovered(block: ConfigMap): string | undefined {
  return text(block, 'metadataUrl')?.replace(/\/\.well-known\/openid-configuration$/, '');
}

function oktaIssuer(block: ConfigMap): string | undefined {
  const audience = text(block, 'audience');
  const server = text(block, 'authServerId');
  return audience !== undefined && server !== undefined ? `${audience}/oauth2/${server}` : audience;
}

const translations: ReadonlyMap<string, Translate> = new Map<string, Translate>([
  ['oidc', (block) => oidcFields(block, 'OpenID Connect', discovered(block))],
  ['google', (block) => oidcFields(block, 'Google', 'https://accounts.google.com')],
  ['okta', (block) => oidcFields(block, 'Okta', oktaIssuer(block))],
  ['auth0', (block) => oidcFields(block, 'Auth0', prefixed('https://', text(block, 'domain'), '/'))],
  [
    'microsoft',
    (block) =>
      oidcFields(block, 'Microsoft', prefixed('https://login.microsoftonline.com/', text(block, 'tenantId'), '/v2.0')),
  ],
  [
    'github',
    (block) => ({
      fields: {
        type: 'github',
        url: nodeAt(block, 'enterpriseInstanceUrl'),
        clientId: nodeAt(block, 'clientId'),
        clientSecret: nodeAt(block, 'clientSecret'),
        scopes: joined('read:user user:email', nodeAt(block, 'additionalScopes')),
      },
    }),
  ],
  [
    'gcpIap',
    (block) =>
      proxyFields('Google', {
        form: 'gcpIap',
        audience: nodeAt(block, 'audience'),
        header: nodeAt(block, 'jwtHeader'),
      }),
  ],
  ['awsalb', awsFields],
  ['awsAlb', awsFields],
  [
    'cfaccess',
    () => ({
      leftOut: 'any application of the team could sign people in; configure it with its audience in callboard.yaml',
    }),
  ],
  [
    'oauth2Proxy',
    () => ({ leftOut: 'it says nothing by which the proxy proves itself; configure that in callboard.yaml' }),
  ],
]);

function awsFields(block: ConfigMap): Translated {
  const jwt = {
    form: 'awsAlb',
    issuer: nodeAt(block, 'issuer'),
    signer: nodeAt(block, 'signer'),
    region: nodeAt(block, 'region'),
  };
  return jwt.signer === undefined ? { leftOut: 'it does not say which load balancer signs' } : proxyFields('AWS', jwt);
}

function proxyFields(title: string, jwt: Fields): Translated {
  const place = Object.values(jwt).find((value) => typeof value === 'object')?.place ?? {
    label: 'auth.providers',
    folder: '/',
  };
  return { fields: { type: 'proxy', title, jwt: mapOf(jwt, place) } };
}

function prefixed(before: string, value: string | undefined, after: string): string | undefined {
  return value === undefined ? undefined : `${before}${value}${after}`;
}

function mapOf(fields: Fields, place: ConfigMap['place']): ConfigMap {
  const entries = Object.entries(fields).flatMap(([key, value]): [string, ConfigNode][] => {
    if (value === undefined) return [];
    return [[key, typeof value === 'object' ? value : scalarNode(value, place)]];
  });
  return { kind: 'map', place, entries: new Map(entries) };
}

/**
 * Reads `auth` of Backstage's configuration: the providers that have a meaning here, with their resolvers. What has none
 * is left out, and that is said.
 */
export function readAppSignIn(layer: Layer, root: ConfigNode, findings: Findings): void {
  const providers = nodeAt(root, 'auth', 'providers');
  if (providers?.kind !== 'map') return;
  const environment = text(nodeAt(root, 'auth') ?? providers, 'environment') ?? 'development';
  const items: ConfigNode[] = [];
  for (const [id, provider] of providers.entries) {
    if (provider.kind !== 'map') continue;
    if (id === 'guest') {
      readGuest(layer, provider, findings);
      continue;
    }
    const item = readProvider(id, provider, environment, layer, findings);
    if (item !== undefined) items.push(item);
  }
  if (items.length === 0) return;
  readSetting(layer, 'signInProviders', { kind: 'list', place: providers.place, items }, findings, 'auth.providers');
}

function readGuest(layer: Layer, provider: ConfigMap, findings: Findings): void {
  const everywhere = nodeAt(provider, 'dangerouslyAllowOutsideDevelopment');
  const rule = everywhere !== undefined && scalarText(everywhere) === 'true' ? 'everywhere' : 'loopback';
  readSetting(layer, 'guests', scalarNode(rule, provider.place), findings, 'auth.providers.guest');
}

function readProvider(
  id: string,
  provider: ConfigMap,
  environment: string,
  layer: Layer,
  findings: Findings,
): ConfigNode | undefined {
  const key = `auth.providers.${id}`;
  const leaveOut = (why: string): undefined => {
    findings.notices.push(`${provider.place.label}: ${key} is left out: ${why}`);
    return undefined;
  };
  const translate = translations.get(id);
  if (translate === undefined) return leaveOut('Callboard does not know this way to sign in');
  // Proxies may stand without an environment.
  const inner = nodeAt(provider, environment);
  const block = inner?.kind === 'map' ? inner : provider;
  const children = [...provider.entries.values()];
  if (inner === undefined && children.length > 0 && children.every((child) => child.kind === 'map')) {
    return leaveOut(`it has no ${environment}, which auth.environment asks for`);
  }
  const translated = translate(block);
  if ('leftOut' in translated) return leaveOut(translated.leftOut);
  const item = mapOf({ id, ...translated.fields }, block.place);
  const unset = unsetIn(item);
  if (unset.length > 0) return leaveOut(`${unset.join(', ')} is not set`);
  if (nodeAt(block, 'callbackUrl') !== undefined) {
    findings.notices.push(
      `${block.place.label}: ${key}.callbackUrl is not used; it is <baseUrl>/api/auth/${id}/handler/frame`,
    );
  }
  return withResolvers(item, appResolvers(id, block, layer, findings));
}

function withResolvers(item: ConfigMap, resolvers: readonly ConfigNode[]): ConfigMap {
  if (resolvers.length === 0) return item;
  const list: ConfigNode = { kind: 'list', place: item.place, items: resolvers };
  return { ...item, entries: new Map([...item.entries, ['resolvers', list]]) };
}

function unsetIn(node: ConfigNode): readonly string[] {
  if (node.kind === 'scalar') return node.unset;
  const children = node.kind === 'list' ? node.items : [...node.entries.values()];
  return [...new Set(children.flatMap(unsetIn))];
}
