import { permissionActions, type AccessRestriction, type ExternalAccess } from './backstage-config.ts';
import type { ConfigNode } from './config-node.ts';
import { words } from './provider-keys.ts';
import { readSecretText, type SecretText } from './secret-text.ts';
import { eachItem, readFields, type Read } from './structured-value.ts';
import { choice, scalarText, webUrl, type Parser } from './value.ts';

/** Backstage's bound. */
const LEAST_TOKEN_LENGTH = 8;

/** `backend.auth.externalAccess` of Backstage: a list of `{type, options, accessRestrictions}`. */
export function externalAccess(): Parser<readonly ExternalAccess[]> {
  return (node) => eachItem(node, 'a list of {type, options}', readEntry);
}

/** Origins of web pages, `https://portal.example`; what comes after the port is dropped. */
export function origins(): Parser<readonly string[]> {
  return (node) => {
    const list = eachItem(node.kind === 'list' ? node : asList(node), 'a list of origins', origin);
    return list.ok ? { ok: true, value: [...new Set(list.value)] } : list;
  };
}

const origin: Parser<string> = (node) => {
  const url = webUrl()(node);
  return url.ok ? { ok: true, value: new URL(url.value).origin } : url;
};

function asList(node: ConfigNode): ConfigNode {
  return { kind: 'list', place: node.place, items: [node] };
}

function readEntry(node: ConfigNode): Read<ExternalAccess> {
  const type = node.kind === 'map' ? node.entries.get('type') : undefined;
  const readOptions = optionReaders.get((type && scalarText(type)) ?? '');
  if (readOptions === undefined) return { ok: false, expected: 'a type: static, legacy or jwks', at: type ?? node };
  const read = readFields(node, {
    type: (at: ConfigNode): Read<unknown> => ({ ok: true, value: at }),
    options: readOptions,
    accessRestrictions: (at: ConfigNode) => eachItem(at, 'a list of {plugin, permission}', readRestriction),
  });
  if (!read.ok) return read;
  const { options, accessRestrictions = [] } = read.value;
  if (options === undefined) return { ok: false, expected: 'an entry with options', at: node };
  // As in Backstage, an empty list restricts nothing.
  return {
    ok: true,
    value: accessRestrictions.length === 0 ? options : { ...options, restrictions: accessRestrictions },
  };
}

const optionReaders: ReadonlyMap<string, (node: ConfigNode) => Read<ExternalAccess>> = new Map([
  ['static', readStatic],
  ['legacy', readLegacy],
  ['jwks', readJwks],
]);

function readStatic(node: ConfigNode): Read<ExternalAccess> {
  const token = credential(
    (text) => text.length >= LEAST_TOKEN_LENGTH && !/\s/.test(text),
    'at least 8 characters, no spaces',
  );
  const read = readFields(node, { token, subject: word });
  if (!read.ok) return read;
  const { token: value, subject } = read.value;
  if (value === undefined || subject === undefined) return { ok: false, expected: 'token and subject', at: node };
  return { ok: true, value: { type: 'static', token: value, subject } };
}

function readLegacy(node: ConfigNode): Read<ExternalAccess> {
  const secret = credential((text) => /^[A-Za-z0-9+/_-]+={0,2}$/.test(text), 'base64');
  const read = readFields(node, { secret, subject: word });
  if (!read.ok) return read;
  const { secret: value, subject } = read.value;
  if (value === undefined || subject === undefined) return { ok: false, expected: 'secret and subject', at: node };
  return { ok: true, value: { type: 'legacy', secret: value, subject } };
}

function readJwks(node: ConfigNode): Read<ExternalAccess> {
  const keySet: Parser<string> = (at) => {
    const url = scalarText(at);
    const isWeb = /^https?:$/.test(URL.parse(url ?? '')?.protocol ?? '');
    return url !== undefined && isWeb ? { ok: true, value: url } : { ok: false, expected: 'an http(s) URL' };
  };
  const read = readFields(node, { url: keySet, issuer: words, audience: words, algorithm: words, subjectPrefix: word });
  if (!read.ok) return read;
  const { url, issuer, audience, algorithm, subjectPrefix } = read.value;
  if (url === undefined) return { ok: false, expected: 'the url of a key set', at: node };
  return {
    ok: true,
    value: {
      type: 'jwks',
      url,
      ...(issuer && { issuers: issuer }),
      ...(audience && { audiences: audience }),
      ...(algorithm && { algorithms: algorithm }),
      ...(subjectPrefix !== undefined && { subjectPrefix }),
    },
  };
}

function readRestriction(node: ConfigNode): Read<AccessRestriction> {
  const actions = (at: ConfigNode) => readFields(at, { action: readActions });
  const read = readFields(node, { plugin: word, permission: words, permissionAttribute: actions });
  if (!read.ok) return read;
  const { plugin, permission, permissionAttribute } = read.value;
  if (plugin === undefined) return { ok: false, expected: 'the id of a plugin, such as catalog', at: node };
  const action = permissionAttribute?.action;
  return {
    ok: true,
    value: { plugin, ...(permission && { permissions: permission }), ...(action && { actions: action }) },
  };
}

function readActions(node: ConfigNode): Read<AccessRestriction['actions']> {
  const written = words(node);
  if (!written.ok) return written;
  const items = written.value.map(
    (action) => ({ kind: 'scalar', place: node.place, value: action, written: action, unset: [] }) as const,
  );
  return eachItem({ kind: 'list', place: node.place, items }, '', choice(permissionActions));
}

/** One text without spaces. */
const word: Parser<string> = (node) => {
  const value = scalarText(node);
  return value !== undefined && !/\s/.test(value) ? { ok: true, value } : { ok: false, expected: 'one word' };
};

/** A credential whose text, where it stands in the configuration itself, has a form. */
function credential(fits: (text: string) => boolean, form: string): (node: ConfigNode) => Read<SecretText> {
  return (node) => {
    const read = readSecretText(node);
    if (!read.ok || typeof read.value !== 'string' || fits(read.value)) return read;
    return { ok: false, expected: form, at: node };
  };
}
