import { scalarText } from './value.ts';
import type { ConfigNode } from './config-node.ts';
import { textFields, type Read } from './structured-value.ts';

/** A credential in the configuration: the text itself, or the name of a secret that Callboard keeps. */
export type SecretText = string | { readonly secret: string };

/** Names of secrets, as `callboard secrets set` takes them. */
const secretName = /^[a-z0-9]([a-z0-9._-]{0,98}[a-z0-9])?$/;

/** Reads a credential: a text, usually from `${VAR}`, or `{secret: name}`. */
export function readSecretText(node: ConfigNode): Read<SecretText> {
  const expected = 'a text, such as ${VAR}, or {secret: <name>}';
  if (node.kind !== 'map') {
    const text = scalarText(node);
    return text === undefined ? { ok: false, expected, at: node } : { ok: true, value: text };
  }
  const fields = textFields(node, ['secret'], expected);
  if (!fields.ok) return fields;
  const { secret } = fields.value;
  if (secret === undefined || !secretName.test(secret)) return { ok: false, expected, at: node };
  return { ok: true, value: { secret } };
}
