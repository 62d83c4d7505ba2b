import { list, text, tree } from '../reduce/json-read.ts';

/** One thing that differs between two pod templates. */
export interface TemplateChange {
  /** For people: `memory limit of app`, `variable GOMEMLIMIT of app`. */
  readonly what: string;
  /** Only where it cannot be a secret. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const MOST_CHANGES = 8;
const LONGEST_VALUE = 120;
const DEEPEST = 12;

/** Annotations by which the configuration of a workload is tied to its template. */
const configAnnotation = /checksum|config.?hash|configmap|config-version/i;
/** Where a template names its configuration. */
const configName = /^(volume|configuration)\b/;

/** Whether all that differs says that it is the configuration that changed. */
export function isConfigOnly(changes: readonly TemplateChange[]): boolean {
  return (
    changes.length > 0 &&
    changes.every(
      ({ what }) => (what.startsWith('annotation ') && configAnnotation.test(what)) || configName.test(what),
    )
  );
}

/**
 * What differs between two templates as `templateCell` writes them. Values are told of images, resources, names of configuration and
 * the settings of runtimes; of all else only that it changed.
 */
export function templateDifference(before: string, after: string): readonly TemplateChange[] {
  const found = new Map<string, TemplateChange>();
  walk(parsed(before), parsed(after), [], (path, from, to) => {
    const what = nameOf(path);
    if (found.has(what) || found.size >= MOST_CHANGES) return;
    const isOpen = isShown(path);
    found.set(what, { what, ...(isOpen && { from: shown(from), to: shown(to) }) });
  });
  return [...found.values()];
}

type Tell = (path: readonly string[], from: unknown, to: unknown) => void;

function walk(before: unknown, after: unknown, path: readonly string[], tell: Tell): void {
  if (before === after) return;
  const [left, right] = [branchesOf(before, path), branchesOf(after, path)];
  if (left === undefined || right === undefined || path.length > DEEPEST) {
    if (JSON.stringify(before) !== JSON.stringify(after)) tell(path, before, after);
    return;
  }
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    walk(left.get(key), right.get(key), [...path, key], tell);
  }
}

/** What is below an object, or below a list whose items have names; nothing where a place is missing that is told part by part. */
function branchesOf(value: unknown, path: readonly string[]): ReadonlyMap<string, unknown> | undefined {
  if (value === undefined) return isToldInParts(path) ? new Map() : undefined;
  if (Array.isArray(value)) {
    const named = value.map((item): readonly [string | undefined, unknown] => [text(tree(item)['name']), item]);
    const keys = new Set(named.map(([name]) => name));
    return keys.has(undefined) || keys.size !== named.length ? undefined : new Map(named as [string, unknown][]);
  }
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
}

/** A container or probe that came is one thing; annotations, variables and resources are told each. */
function isToldInParts([, , third, field, ...below]: readonly string[]): boolean {
  return third === undefined || field === 'resources' || (field === 'env' && below.length === 0);
}

function nameOf([top = '', second = '', third, ...rest]: readonly string[]): string {
  if (top === 'metadata')
    return third === undefined ? second : `${second === 'labels' ? 'label' : 'annotation'} ${third}`;
  if (second === 'containers' || second === 'initContainers') {
    return third === undefined ? second : `${fieldName(rest)}${third}`;
  }
  if (second === 'volumes' && third !== undefined) return `volume ${third}`;
  return second === '' ? 'template' : wordsOf(second);
}

/** What of a container: ends with the word before its name. */
function fieldName([field, second, third]: readonly string[]): string {
  if (field === undefined) return 'container ';
  if (field === 'resources') {
    if (third === undefined) return 'resources of ';
    return `${third} ${second === 'limits' ? 'limit' : 'request'} of `;
  }
  if (field === 'env') return second === undefined ? 'variables of ' : `variable ${second} of `;
  if (field === 'envFrom') return 'configuration of ';
  return `${wordsOf(field)} of `;
}

/** `readinessProbe` becomes `readiness probe`. */
function wordsOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function isShown(path: readonly string[]): boolean {
  const [, second, , field, , leaf] = path;
  if (second === 'volumes') return path.includes('configMap');
  if (second !== 'containers' && second !== 'initContainers') return false;
  if (field === 'resources' || field === 'image') return true;
  // Values of other variables are hidden where the template is read; those that are left are a runtime's.
  return field === 'env' && leaf === 'value';
}

function shown(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  const written = String(value);
  return written.length > LONGEST_VALUE ? `${written.slice(0, LONGEST_VALUE)}…` : written;
}

function parsed(template: string): unknown {
  return template === '' ? {} : (JSON.parse(template) as unknown);
}

/** What of images differs: `app 1.4.2 → 1.4.3`, or what is common left out where there is one. */
export function imageDifference(before: string, after: string): { readonly from: string; readonly to: string } {
  const [left, right] = [before.split('\n'), after.split('\n')];
  const from = left.filter((image) => !right.includes(image));
  const to = right.filter((image) => !left.includes(image));
  const isTagOnly = from.length === to.length && from.every((image, at) => nameIn(image) === nameIn(to[at] ?? ''));
  const write = (images: readonly string[]): string =>
    list(images.map((image) => (isTagOnly ? tagIn(image) : image)))
      .slice(0, MOST_CHANGES)
      .join(', ');
  return { from: write(from), to: write(to) };
}

/** Where the tag or digest of an image begins. */
function tagAt(image: string): number {
  const digest = image.indexOf('@');
  if (digest >= 0) return digest;
  const colon = image.lastIndexOf(':');
  return colon > image.lastIndexOf('/') ? colon : image.length;
}

const nameIn = (image: string): string => image.slice(0, tagAt(image));

/** A tag, or the beginning of a digest. */
function tagIn(image: string): string {
  const tag = image.slice(tagAt(image) + 1);
  return tag.startsWith('sha256:') ? tag.slice(0, 19) : tag || 'latest';
}
