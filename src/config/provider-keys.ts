import type { ConfigNode } from './config-node.ts';
import { resolverRules, type GroupRule, type ResolverConfig } from './sign-in-config.ts';
import { eachItem, readFields, type Read } from './structured-value.ts';
import { choice, scalarText, text, type Parser } from './value.ts';

/** Texts as a list, or in one line: scopes are often written so. */
export const words = (node: ConfigNode): Read<readonly string[]> =>
  node.kind === 'list' ? eachItem(node, 'a list of texts', text()) : spacedWords(node);

function spacedWords(node: ConfigNode): Read<readonly string[]> {
  const written = scalarText(node);
  return written === undefined
    ? { ok: false, expected: 'a list of texts', at: node }
    : { ok: true, value: written.split(/[\s,]+/) };
}

/** `signIn.resolvers` */
export function resolvers(): Parser<readonly ResolverConfig[]> {
  return (node) => eachItem(node, 'a list of {by, ...}', readResolver);
}

/** How the groups of a provider become refs. */
export function readGroups(node: ConfigNode): Read<GroupRule> {
  const fields = readFields(node, { namespace: nameText, strip: text() });
  return fields.ok ? { ok: true, value: { namespace: 'default', ...fields.value } } : fields;
}

/** A name as entities have it, lower case. */
function nameText(node: ConfigNode): Read<string> {
  const value = scalarText(node)?.toLowerCase();
  return value !== undefined && /^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/.test(value)
    ? { ok: true, value }
    : { ok: false, expected: 'a name of letters, digits, -, _ and .', at: node };
}

const idText: Parser<string> = (node) => {
  const value = scalarText(node);
  return value !== undefined && /^[a-z][A-Za-z0-9-]{0,38}$/.test(value) && value !== 'guest'
    ? { ok: true, value }
    : { ok: false, expected: 'one word of letters and digits, not guest', at: node };
};

/** The keys that every provider has. */
export const providerKeys = { id: idText, title: text(), resolvers: resolvers() };

/** The answer for a map in which something is missing. */
export function missing(node: ConfigNode, what: string): Extract<Read<never>, { ok: false }> {
  return { ok: false, expected: `a provider with ${what}`, at: node };
}

const emailRules: readonly string[] = ['email', 'emailLocalPart'];

function readResolver(node: ConfigNode): Read<ResolverConfig> {
  const read = readFields(node, {
    by: choice(resolverRules),
    annotation: text(),
    claim: text(),
    allowedDomains: words,
    namespace: nameText,
  });
  if (!read.ok) return read;
  const { by, annotation, allowedDomains, ...rest } = read.value;
  const expected = (what: string): Read<never> => ({ ok: false, expected: `a resolver with ${what}`, at: node });
  if (by === undefined) return expected(`by, one of ${resolverRules.join(', ')}`);
  if ((by === 'annotation') !== (annotation !== undefined)) return expected('annotation where it is by annotation');
  if (allowedDomains !== undefined && !emailRules.includes(by)) return expected('allowedDomains only by e-mail');
  // Jane of any other company has the same local part.
  if (by === 'emailLocalPart' && allowedDomains === undefined) {
    return expected('allowedDomains: names alone do not say which company they are of');
  }
  const domains = allowedDomains?.map((domain) => domain.toLowerCase().replace(/^@/, ''));
  return {
    ok: true,
    value: { by, ...rest, ...(annotation && { annotation }), ...(domains && { allowedDomains: domains }) },
  };
}
