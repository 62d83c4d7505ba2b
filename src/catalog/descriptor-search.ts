import { basename, extname } from 'node:path';
import { isJsonObject, type JsonValue } from '../model/json.ts';

// A folder of a repository holds much YAML that is not meant for the catalog: Kubernetes manifests, Helm values, chart
// templates, skeletons of new software. The rule for what a folder search takes:
// - a file that is named (in the configuration, or by a Location) is a descriptor, whatever it holds;
// - so is a file called catalog-info.yaml, .yml or .json, but for template skeletons;
// - of any other file, the documents are taken whose apiVersion is of a group that a known kind has, or of a group that
//   ends in backstage.io; a syntax error counts only where such an apiVersion stands in the broken text;
// - everything else is ignored and counted.

/** How a file came to be read. */
export type ReadMode = 'named' | 'catalog-info' | 'search';

const EXTENSIONS: ReadonlySet<string> = new Set(['.yaml', '.yml', '.json']);

/** Folders that a search does not enter. */
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(['node_modules', '.git']);

/** True for a file that a folder search opens. */
export function hasDescriptorName(path: string): boolean {
  return EXTENSIONS.has(extname(path).toLowerCase());
}

/**
 * True for a folder that a search does not enter. Names with two leading dots are how Kubernetes keeps versions of a
 * mounted ConfigMap; its files are found through their links.
 */
export function isSkippedFolder(name: string): boolean {
  return SKIPPED_FOLDERS.has(name) || name.startsWith('..');
}

/** The mode of a file that a folder search found. */
export function searchMode(path: string): ReadMode {
  return /^catalog-info\.(ya?ml|json)$/i.test(basename(path)) ? 'catalog-info' : 'search';
}

/** Cheap look before parsing: a text without both words holds no entity. */
export function mayHoldEntities(text: string): boolean {
  return text.includes('apiVersion') && text.includes('kind');
}

/** True when a document from a folder search is meant for the catalog. */
export function isTakenFromSearch(value: JsonValue, groups: ReadonlySet<string>): boolean {
  if (!isJsonObject(value) || typeof value['apiVersion'] !== 'string' || typeof value['kind'] !== 'string')
    return false;
  return isCatalogVersion(value['apiVersion'], groups);
}

/**
 * True when broken text of a searched file was meant for the catalog. Text with template marks was not, but for the
 * Template kind, whose steps are written with them.
 */
export function isMeantAsDescriptor(text: string, mode: ReadMode, groups: ReadonlySet<string>): boolean {
  if (/\{\{|\{%/.test(text) && !/^["']?kind["']?\s*:\s*["']?Template\b/m.test(text)) return false;
  if (mode !== 'search') return true;
  const version = /^["']?apiVersion["']?\s*:\s*["']?([^\s"']+)/m.exec(text)?.[1];
  return version !== undefined && isCatalogVersion(version, groups);
}

/** True for a descriptor whose name is still to be filled in: part of a template for new software. */
export function isTemplateSkeleton(value: JsonValue): boolean {
  if (!isJsonObject(value)) return false;
  const metadata = value['metadata'];
  const name = isJsonObject(metadata) ? metadata['name'] : undefined;
  // `name: {{ x }}` without quotes is a map in a map to YAML.
  if (isJsonObject(name)) return true;
  return [name, value['kind']].some((text) => typeof text === 'string' && /\{\{|\{%/.test(text));
}

function isCatalogVersion(apiVersion: string, groups: ReadonlySet<string>): boolean {
  const slash = apiVersion.indexOf('/');
  if (slash === -1) return false;
  const group = apiVersion.slice(0, slash);
  return groups.has(group) || group === 'backstage.io' || group.endsWith('.backstage.io');
}
