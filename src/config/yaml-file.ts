import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, relative } from 'node:path';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import { errorMessage } from '../base/errors.ts';
import { configFailure } from './errors.ts';
import type { ConfigNode, Place } from './config-node.ts';

/** A configuration is a page or two; these bounds keep a wrong file, or an alias bomb, from costing more than a message. */
const maxFileBytes = 1024 * 1024;
const maxNodes = 20_000;
const maxDepth = 40;

/** Reads a text file of at most 1 MiB. @throws CONFIG_FILE_MISSING */
export async function readConfigText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > maxFileBytes) throw new Error(`it has ${size} bytes, more than the ${maxFileBytes} allowed`);
    return await readFile(file, 'utf8');
  } catch (error) {
    throw configFailure('CONFIG_FILE_MISSING', { file, reason: errorMessage(error) }, error);
  }
}

/** How a file is called in messages: relative to the working folder where that is shorter. */
export function fileLabel(file: string, cwd: string): string {
  const short = relative(cwd, file);
  return short !== '' && short.length < file.length ? short : file;
}

class TreeBuilder {
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #label: string;
  readonly #folder: string;
  #count = 0;

  constructor(document: Document, lines: LineCounter, label: string, folder: string) {
    this.#document = document;
    this.#lines = lines;
    this.#label = label;
    this.#folder = folder;
  }

  build(node: unknown, near: Place, depth: number): ConfigNode {
    const place = this.#placeOf(node) ?? near;
    this.#count += 1;
    if (this.#count > maxNodes || depth > maxDepth) {
      throw configFailure('CONFIG_INVALID', { text: `${place.label}: the file is too large or too deeply nested` });
    }
    if (isAlias(node)) return this.build(node.resolve(this.#document), place, depth + 1);
    if (isSeq(node))
      return { kind: 'list', place, items: node.items.map((item) => this.build(item, place, depth + 1)) };
    if (!isMap(node)) return scalar(isScalar(node) ? node.value : node, place);
    const entries = new Map<string, ConfigNode>();
    for (const { key, value } of node.items) {
      const keyPlace = this.#placeOf(key) ?? place;
      const child = this.build(value, keyPlace, depth + 1);
      // A key's line is where a person looks, also when its value starts below it.
      entries.set(String(isScalar(key) ? key.value : key), { ...child, place: keyPlace });
    }
    return { kind: 'map', place, entries };
  }

  #placeOf(node: unknown): Place | undefined {
    const start = (node as Node | null | undefined)?.range?.[0];
    return start === undefined
      ? undefined
      : { label: `${this.#label}:${this.#lines.linePos(start).line}`, folder: this.#folder };
  }
}

function scalar(value: unknown, place: Place): ConfigNode {
  const plain = ['string', 'number', 'boolean'].includes(typeof value) ? (value as string | number | boolean) : null;
  const known = value === null || value === undefined ? null : (plain ?? JSON.stringify(value));
  return { kind: 'scalar', place, value: known, written: String(known ?? ''), unset: [] };
}

/**
 * Parses one YAML (or JSON) configuration file to a tree with the line of every value.
 *
 * @param label how messages name the file
 * @throws CONFIG_INVALID with file and line
 */
export function parseConfigText(text: string, file: string, label = basename(file)): ConfigNode {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true, uniqueKeys: true });
  const fault = document.errors[0];
  if (fault !== undefined) {
    const { line, col } = lines.linePos(fault.pos[0]);
    throw configFailure('CONFIG_INVALID', { text: `${label}:${line}:${col}: ${fault.message.split('\n')[0] ?? ''}` });
  }
  const folder = dirname(file);
  return new TreeBuilder(document, lines, label, folder).build(document.contents, { label, folder }, 0);
}
