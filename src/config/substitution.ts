import { extname, resolve } from 'node:path';
import { nodeAt } from './config-node.ts';
import type { ConfigMap, ConfigNode, ConfigScalar } from './config-node.ts';
import type { Environment } from './environment.ts';
import { configFailure } from './errors.ts';
import { fileLabel, parseConfigText, readConfigText } from './yaml-file.ts';

/** Includes may name files with includes; a circle ends here. */
const maxIncludeDepth = 8;
const pattern = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

interface Setting {
  readonly environment: Environment;
  readonly cwd: string;
}

/**
 * Fills in what Backstage's configuration files may leave open: `${VAR}`, `${VAR:-default}`, `$${` for a literal `${`,
 * and maps of the one key `$env`, `$file` or `$include`. A value with a variable that is not set becomes undefined.
 *
 * @param node the tree of one file
 * @returns the tree with values; values from outside keep the text as written for messages
 * @throws CONFIG_INVALID, CONFIG_FILE_MISSING
 */
export async function substitute(node: ConfigNode, setting: Setting, depth = 0): Promise<ConfigNode> {
  if (node.kind === 'scalar') return fill(node, setting.environment);
  if (node.kind === 'list') {
    const items: ConfigNode[] = [];
    for (const item of node.items) items.push(await substitute(item, setting, depth));
    return { ...node, items };
  }
  const special = [...node.entries.keys()].find((key) => key === '$env' || key === '$file' || key === '$include');
  if (special !== undefined) return read(node, special, setting, depth);
  const entries = new Map<string, ConfigNode>();
  for (const [key, child] of node.entries) entries.set(key, await substitute(child, setting, depth));
  return { ...node, entries };
}

function fill(node: ConfigScalar, environment: Environment): ConfigScalar {
  if (typeof node.value !== 'string' || !node.value.includes('${')) return node;
  const unset: string[] = [];
  const value = node.value.replace(pattern, (whole: string, name: string | undefined, fallback: string | undefined) => {
    if (name === undefined) return whole.slice(1);
    const found = environment[name] || fallback;
    if (found === undefined) unset.push(name);
    return found ?? '';
  });
  return { ...node, value: unset.length > 0 ? undefined : value.trim(), unset };
}

async function read(node: ConfigMap, key: string, setting: Setting, depth: number): Promise<ConfigNode> {
  const { label, folder } = node.place;
  const argument = node.entries.get(key);
  if (node.entries.size > 1 || argument?.kind !== 'scalar' || typeof argument.value !== 'string') {
    throw configFailure('CONFIG_INVALID', { text: `${label}: ${key} takes one text and stands alone in its map` });
  }
  const written = `{ ${key}: ${argument.value} }`;
  if (key === '$env') {
    const value = setting.environment[argument.value];
    const unset = value === undefined ? [argument.value] : [];
    return { kind: 'scalar', place: node.place, value: value?.trim(), written, unset };
  }
  const { value: target } = fill(argument, setting.environment);
  if (typeof target !== 'string' || target === '') {
    throw configFailure('CONFIG_INVALID', { text: `${label}: ${key} names a variable that is not set` });
  }
  const [path = '', fragment] = target.split('#', 2);
  const file = resolve(folder, path);
  const text = await readConfigText(file);
  if (key === '$file') return { kind: 'scalar', place: node.place, value: text.trimEnd(), written, unset: [] };
  return include(text, file, fragment, node, setting, depth);
}

async function include(
  text: string,
  file: string,
  fragment: string | undefined,
  from: ConfigMap,
  setting: Setting,
  depth: number,
): Promise<ConfigNode> {
  const fault = (reason: string): Error =>
    configFailure('CONFIG_INVALID', {
      text: `${from.place.label}: $include of ${fileLabel(file, setting.cwd)}: ${reason}`,
    });
  if (depth >= maxIncludeDepth) throw fault(`more than ${maxIncludeDepth} includes inside each other`);
  if (!['.yaml', '.yml', '.json'].includes(extname(file)))
    throw fault('only .yaml, .yml and .json files can be included');
  const tree = parseConfigText(text, file, fileLabel(file, setting.cwd));
  const part = fragment === undefined || fragment === '' ? tree : nodeAt(tree, ...fragment.split('.'));
  if (part === undefined) throw fault(`it has no ${fragment ?? ''}`);
  return substitute(part, setting, depth + 1);
}
