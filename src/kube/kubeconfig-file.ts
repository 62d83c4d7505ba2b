import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type YAMLMap,
} from 'yaml';
import { errorMessage } from '../base/errors.ts';

/** What is wrong in a kubeconfig file. Never holds a value of it: any of them may be a secret. */
export interface KubeconfigProblem {
  /** Absolute path. */
  readonly file: string;
  /** 1-based. */
  readonly line?: number | undefined;
  /** `users[2].user.client-key-data` */
  readonly field?: string | undefined;
  /** What is wrong, and what to do. */
  readonly message: string;
  /** Contexts that are left out because of it; absent: it is the file's. */
  readonly contexts?: readonly string[] | undefined;
  /** True where there is no such file. */
  readonly isMissing?: true | undefined;
}

/** Certificates of a thousand clusters come to less. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Nodes of one extension, and how deep it goes. */
const MAX_NODES = 10_000;
const MAX_DEPTH = 40;

/** A part of a kubeconfig is wrong; what holds it is left out. */
export class FieldFault extends Error {
  readonly field: string;
  readonly node: unknown;

  constructor(field: string, node: unknown, message: string) {
    super(message);
    this.field = field;
    this.node = node;
  }
}

/** One kubeconfig file as it is written, with the lines of its fields. */
export class KubeconfigFile {
  readonly path: string;
  readonly root: KubeconfigFields;
  readonly #document: Document;
  readonly #lines: LineCounter;

  constructor(path: string, document: Document, lines: LineCounter) {
    this.path = path;
    this.#document = document;
    this.#lines = lines;
    const { contents } = document;
    this.root = new KubeconfigFields(this, isMap(contents) ? contents : undefined, '');
  }

  /** Folder that relative paths of the file start from. */
  get folder(): string {
    return dirname(this.path);
  }

  /** What an alias stands for; anything else is itself. */
  resolved(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.#document) : node;
  }

  problem(fault: FieldFault, contexts?: readonly string[]): KubeconfigProblem {
    const start = (fault.node as Node | null | undefined)?.range?.[0];
    const line = start === undefined ? undefined : this.#lines.linePos(start).line;
    return { file: this.path, line, field: fault.field, message: fault.message, contexts };
  }
}

/** The fields of one map of a kubeconfig file; each is read as what it must be. An empty text counts as absent, as in Go. */
export class KubeconfigFields {
  readonly file: KubeconfigFile;
  /** Where it stands: `users[2].user`. */
  readonly path: string;
  readonly #map: YAMLMap | undefined;

  constructor(file: KubeconfigFile, map: YAMLMap | undefined, path: string) {
    this.file = file;
    this.#map = map;
    this.path = path;
  }

  /** The whole map as the place of a fault. */
  fault(message: string): FieldFault {
    return new FieldFault(this.path, this.#map, message);
  }

  faultAt(key: string, message: string): FieldFault {
    return new FieldFault(this.#pathOf(key), this.#map?.get(key, true) ?? this.#map, message);
  }

  has(key: string): boolean {
    return this.#value(key) !== undefined;
  }

  /** @throws FieldFault where it is no text */
  text(key: string): string | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    if (!isScalar(value) || typeof value.value !== 'string') {
      throw this.faultAt(key, 'must be a text: put it in quotes');
    }
    return value.value === '' ? undefined : value.value;
  }

  /** @throws FieldFault where it is neither true nor false */
  truth(key: string): boolean {
    const value = this.#value(key);
    if (value === undefined) return false;
    if (!isScalar(value) || typeof value.value !== 'boolean') throw this.faultAt(key, 'must be true or false');
    return value.value;
  }

  /** Text that is written in base64. @throws FieldFault where it is not */
  decoded(key: string): string | undefined {
    const text = this.text(key)?.replace(/\s+/g, '');
    if (text === undefined) return undefined;
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) {
      throw this.faultAt(key, 'is not base64: encode the PEM file with base64 -w0');
    }
    return Buffer.from(text, 'base64').toString('utf8');
  }

  /** @throws FieldFault where it is no list of texts */
  texts(key: string): readonly string[] {
    return this.#items(key).map((item) => {
      if (!isScalar(item) || typeof item.value !== 'string') throw this.faultAt(key, 'must be a list of texts');
      return item.value;
    });
  }

  /** @throws FieldFault where it is no map */
  fields(key: string): KubeconfigFields | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    if (!isMap(value)) throw this.faultAt(key, 'must be a map');
    return new KubeconfigFields(this.file, value, this.#pathOf(key));
  }

  /** The maps of a list, or a fault for an item that is none. @throws FieldFault where it is no list */
  items(key: string): readonly (KubeconfigFields | FieldFault)[] {
    return this.#items(key).map((item, at) => {
      const path = `${this.#pathOf(key)}[${at}]`;
      return isMap(item) ? new KubeconfigFields(this.file, item, path) : new FieldFault(path, item, 'must be a map');
    });
  }

  /** The maps of a list. @throws FieldFault where it is none, or holds anything else */
  list(key: string): readonly KubeconfigFields[] {
    return this.items(key).map((item) => {
      if (item instanceof FieldFault) throw item;
      return item;
    });
  }

  /** Names of the fields. */
  keys(): readonly string[] {
    return (this.#map?.items ?? []).map(({ key }) => String(isScalar(key) ? key.value : key));
  }

  /** Whatever stands there, as JSON has it. @throws FieldFault where it is too large or too deep */
  plain(key: string): unknown {
    let nodes = 0;
    const walk = (given: unknown, depth: number): unknown => {
      const node = this.file.resolved(given);
      nodes += 1;
      if (nodes > MAX_NODES || depth > MAX_DEPTH) throw this.faultAt(key, 'is too large or too deeply nested');
      if (isSeq(node)) return node.items.map((item) => walk(item, depth + 1));
      if (!isMap(node)) return isScalar(node) ? (node.value ?? null) : null;
      return Object.fromEntries(
        node.items.map((pair) => [String(isScalar(pair.key) ? pair.key.value : pair.key), walk(pair.value, depth + 1)]),
      );
    };
    const value = this.#value(key);
    return value === undefined ? undefined : walk(value, 0);
  }

  #items(key: string): readonly unknown[] {
    const value = this.#value(key);
    if (value === undefined) return [];
    if (!isSeq(value)) throw this.faultAt(key, 'must be a list');
    return value.items.map((item) => this.file.resolved(item));
  }

  /** Null counts as absent. */
  #value(key: string): unknown {
    const node = this.file.resolved(this.#map?.get(key, true));
    return isScalar(node) && (node.value === null || node.value === undefined) ? undefined : node;
  }

  #pathOf(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }
}

/** Reads and parses one file. @returns the problem where that cannot be done */
export async function readKubeconfigFile(path: string): Promise<KubeconfigFile | KubeconfigProblem> {
  let text: string;
  try {
    const found = await stat(path);
    if (!found.isFile()) return { file: path, message: 'is no file' };
    if (found.size > MAX_BYTES) return { file: path, message: `is larger than ${MAX_BYTES / 1024 / 1024} MiB` };
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return { file: path, message: 'there is no such file; it is read as soon as it is there', isMissing: true };
    }
    return { file: path, message: `cannot be read: ${errorMessage(error)}` };
  }
  return parseKubeconfig(path, text);
}

function parseKubeconfig(path: string, text: string): KubeconfigFile | KubeconfigProblem {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
    const fault = document.errors[0];
    if (fault !== undefined) {
      // The parser's own words may quote the line, and with it a token.
      return { file: path, line: lines.linePos(fault.pos[0]).line, message: `is not YAML (${fault.code})` };
    }
    if (document.contents !== null && !isMap(document.contents)) return { file: path, message: 'is no map' };
    return new KubeconfigFile(path, document, lines);
  } catch (error) {
    // A file of nothing but brackets ends the parser's recursion.
    if (error instanceof RangeError) return { file: path, message: 'is too deeply nested' };
    throw error;
  }
}
