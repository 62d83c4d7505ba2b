import type { ConfigNode, ConfigScalar } from './config-node.ts';
import { nearestName } from '../base/nearest-name.ts';
import { optionNames, options } from './options.ts';
import type { Option, OptionName, Settings } from './options.ts';

/** What reading finds out beside the values. */
export interface Findings {
  /** What must be put right before the program can start. */
  readonly problems: string[];
  /** What the person should know. */
  readonly notices: string[];
}

/** The settings that one source gives: a file, the environment, or the flags. */
export type Layer = { -readonly [Name in OptionName]?: Settings[Name] };

/** The text that messages may show: never the value of a secret, nor one that came from a variable or another file. */
function shown(node: ConfigNode, option: Option): string {
  if (option.secret === true) return 'a value that is not shown';
  if (node.kind !== 'scalar') return node.kind === 'list' ? 'a list' : 'a map';
  if (node.written === '') return 'empty';
  // A URL may hold a password also where none belongs.
  return /\/\/[^/\s]*@/.test(node.written) ? 'a URL with a user name' : JSON.stringify(node.written.slice(0, 120));
}

/** A value somewhere in a node that names a variable which is not set. */
export function unsetIn(node: ConfigNode): ConfigScalar | undefined {
  if (node.kind === 'scalar') return node.unset.length > 0 ? node : undefined;
  for (const child of node.kind === 'list' ? node.items : node.entries.values()) {
    const found = unsetIn(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Reads one setting from a node into a layer; what is wrong goes to the findings with place, key, value and what is allowed.
 *
 * @param key how the source calls the setting, e.g. `listen.port` or `backend.listen`
 */
export function readSetting<Name extends OptionName>(
  layer: Layer,
  name: Name,
  node: ConfigNode,
  findings: Findings,
  key: string = options[name].yaml,
): void {
  const option = options[name];
  const unset = unsetIn(node);
  if (unset !== undefined) {
    findings.problems.push(
      `${unset.place.label}: ${key} needs the environment variable ${unset.unset.join(', ')}, which is not set`,
    );
    return;
  }
  const parsed = option.parse(node);
  if (parsed.ok) {
    (layer as { [Key in Name]?: Settings[Key] })[name] = parsed.value;
    findings.notices.push(...(parsed.notices ?? []));
    return;
  }
  const at = parsed.at ?? node;
  // A flag or variable is its own key.
  const named = at.place.label.includes(':') ? `${at.place.label}: ${key}` : at.place.label;
  findings.problems.push(`${named} is ${shown(at, option)}; expected ${parsed.expected}`);
}

/** Keys that may stand at each level of callboard.yaml, from the table of options. */
function knownKeys(prefix: string): string[] {
  const under = optionNames.map((name) => options[name].yaml).filter((yaml) => yaml.startsWith(prefix));
  return [...new Set(under.map((yaml) => yaml.slice(prefix.length).split('.')[0] ?? ''))];
}

/** Reads a whole callboard.yaml; a key that no option has is a problem. */
export function readCallboardFile(root: ConfigNode, findings: Findings): Layer {
  const layer: Layer = {};
  const byKey = new Map(optionNames.map((name) => [options[name].yaml, name]));
  const walk = (node: ConfigNode, prefix: string): void => {
    if (node.kind === 'scalar' && (node.value === null || node.value === undefined)) return;
    if (node.kind !== 'map') {
      const key = prefix === '' ? 'the file' : prefix.slice(0, -1);
      findings.problems.push(`${node.place.label}: ${key} must be a map of ${knownKeys(prefix).join(', ')}`);
      return;
    }
    for (const [key, child] of node.entries) {
      const path = `${prefix}${key}`;
      const name = byKey.get(path);
      if (name !== undefined) readSetting(layer, name, child, findings);
      else if (knownKeys(`${path}.`).length > 0) walk(child, `${path}.`);
      else findings.problems.push(unknownKey(child.place.label, path, prefix, key));
    }
  };
  walk(root, '');
  return layer;
}

function unknownKey(label: string, path: string, prefix: string, key: string): string {
  const known = knownKeys(prefix);
  const near = nearestName(key, known);
  const hint = near === undefined ? `known here: ${known.join(', ')}` : `did you mean ${prefix}${near}?`;
  return `${label}: unknown key ${path}; ${hint}`;
}
