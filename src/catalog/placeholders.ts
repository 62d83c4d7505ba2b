import { errorMessage } from '../base/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import { documentLimits, parseDocuments, type DescriptorDocument } from './document.ts';
import { showValue, type Finding, type Path } from './finding.ts';

/** What a placeholder's target turned out to be. */
export type Included =
  | { readonly status: 'text'; readonly text: string }
  /** `message` says what is wrong with it. */
  | { readonly status: 'failed'; readonly message: string };

/** Gives what a target as it is written stands for; `undefined`: not known yet, it must be fetched first. */
export type Include = (target: string) => Included | undefined;

/** A document with its placeholders replaced. */
export interface ResolvedDocument {
  readonly document: DescriptorDocument;
  /** Targets of placeholders as they are written. */
  readonly targets: readonly string[];
  readonly findings: readonly Finding[];
  /** Targets that must be fetched first; the findings mean nothing until then. */
  readonly unknown: readonly string[];
}

/** Most placeholders of one document, and characters that they may stand for together. */
const MAX_PLACEHOLDERS = 100;

/** Backstage's resolvers: content as text, as parsed JSON, as the one document of a YAML file. */
const READERS: Readonly<Record<string, (text: string) => JsonValue>> = {
  $text: (text) => text,
  $json: readJson,
  $yaml: readYaml,
};

interface Replacing {
  readonly include: Include;
  readonly targets: Set<string>;
  readonly unknown: Set<string>;
  readonly findings: Finding[];
  readonly severity: Finding['severity'];
  characters: number;
}

/**
 * Replaces `{ $text: … }`, `{ $json: … }` and `{ $yaml: … }` by what they stand for. An object with a `$` key and others
 * is left alone, and so is an unknown `$` key, as in Backstage.
 *
 * @param severity of what cannot be replaced: an `error` makes the entity invalid, after a `warning` it stays as written
 */
export function resolvePlaceholders(
  document: DescriptorDocument,
  include: Include,
  severity: Finding['severity'],
): ResolvedDocument {
  if (!mayHavePlaceholder(document.value)) return { document, targets: [], findings: [], unknown: [] };
  const state: Replacing = {
    include,
    severity,
    targets: new Set(),
    unknown: new Set(),
    findings: [],
    characters: 0,
  };
  const value = replace(document.value, [], state);
  return {
    document: state.targets.size === 0 ? document : { ...document, value },
    targets: [...state.targets],
    findings: state.findings,
    unknown: [...state.unknown],
  };
}

/** True where a key begins with `$`: nearly no document has one, and to look for it takes no path. */
export function mayHavePlaceholder(value: JsonValue | undefined): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).some(mayHavePlaceholder);
  const map = value as JsonObject;
  for (const key in map) if (key.startsWith('$') || mayHavePlaceholder(map[key])) return true;
  return false;
}

function replace(value: JsonValue, path: Path, state: Replacing): JsonValue {
  if (Array.isArray(value)) {
    const items = value as readonly JsonValue[];
    const replaced = items.map((item, index) => replace(item, [...path, index], state));
    return replaced.some((item, index) => item !== items[index]) ? replaced : value;
  }
  if (!isJsonObject(value)) return value;
  const keys = Object.keys(value);
  if (keys.some((key) => key.startsWith('$'))) {
    const [key = ''] = keys;
    const target = value[key];
    const read = keys.length === 1 && Object.hasOwn(READERS, key) ? READERS[key] : undefined;
    if (read === undefined || typeof target !== 'string') return value;
    const stands = readTarget(read, target, path, state);
    return stands === undefined ? value : stands;
  }
  let replaced: Record<string, JsonValue | undefined> | undefined;
  for (const key of keys) {
    const item = value[key];
    if (item === undefined || typeof item !== 'object') continue;
    const changed = replace(item, [...path, key], state);
    if (changed !== item) (replaced ??= { ...value })[key] = changed;
  }
  return replaced ?? value;
}

/** What a target stands for; `undefined` where that cannot be said. */
function readTarget(
  read: (text: string) => JsonValue,
  target: string,
  path: Path,
  state: Replacing,
): JsonValue | undefined {
  const fail = (message: string): undefined => {
    const fix = 'Correct the target; it is meant from the file that it is written in';
    state.findings.push({ code: 'placeholder-unreadable', severity: state.severity, message, fix, path });
  };
  state.targets.add(target);
  if (state.targets.size > MAX_PLACEHOLDERS) return fail(`More than ${MAX_PLACEHOLDERS} placeholders in one document`);
  const included = state.include(target);
  if (included === undefined) {
    state.unknown.add(target);
    return undefined;
  }
  if (included.status === 'failed') return fail(`${showValue(target)} cannot be read: ${included.message}`);
  state.characters += included.text.length;
  if (state.characters > documentLimits.fileBytes) {
    return fail(`The placeholders stand for more than ${documentLimits.fileBytes} characters`);
  }
  try {
    return read(included.text);
  } catch (thrown) {
    return fail(`${showValue(target)} cannot be read: ${errorMessage(thrown)}`);
  }
}

function readJson(text: string): JsonValue {
  const value = JSON.parse(text) as JsonValue;
  assertShallow(value, documentLimits.depth);
  return value;
}

function readYaml(text: string): JsonValue {
  const [first, ...others] = parseDocuments(text);
  if (first === undefined) return null;
  if (others.length > 0) throw new Error('it holds more than one YAML document');
  if (!first.ok) throw new Error(`${first.unreadable.message} (line ${first.unreadable.place.line})`);
  return first.document.value;
}

function assertShallow(value: JsonValue, depth: number): void {
  if (value === null || typeof value !== 'object') return;
  if (depth === 0) throw new Error(`it is nested deeper than ${documentLimits.depth}`);
  for (const item of Object.values(value) as readonly JsonValue[]) assertShallow(item, depth - 1);
}
