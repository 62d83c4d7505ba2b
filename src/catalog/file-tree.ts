import { compareText } from '../base/text-order.ts';
import type { ResolvedTarget } from './location-target.ts';

/** Who names a file: a file, and the Location entity in it. */
export interface Parent {
  readonly path: string;
  readonly entityRef: string;
}

/** One file that a source reads. */
export interface TreeFile {
  readonly path: string;
  /** True where the configuration itself leads to the file. */
  isRoot: boolean;
  /** Paths of the files whose Location entities name it, with the ref of the entity. */
  readonly parents: Map<string, string>;
  /** The parent that the catalog remembers, until this run has seen who names the file. */
  expectedParent: Parent | undefined;
  /** Files that its own Location entities name. */
  children: ReadonlySet<string>;
  /** Targets that may come to mean something else when files come and go. */
  openTargets: readonly ResolvedTarget[];
  /** Absolute paths of the files that its placeholders stand for. */
  includes: ReadonlySet<string>;
  /** Targets of its placeholders that are addresses of files of the source, with their paths from its top. */
  aliases: ReadonlyMap<string, string>;
  /** True where, read as Backstage reads it, the file is refused as a whole. */
  isBroken: boolean;
  /** True where the catalog held nothing of the file when this run first read it. */
  isNew: boolean | undefined;
  content: string | undefined;
  stamp: string | undefined;
  /** What a suspicious reading looked like, until a second look confirms it. */
  doubt: string | undefined;
  /** Documents that are no descriptors, at the last reading. */
  ignored: number;
}

/**
 * The files of one source and who names whom. A file belongs to it while a root leads to it over Locations; loops of
 * Locations that no root leads to any more do not keep each other.
 */
export class FileTree {
  readonly #files = new Map<string, TreeFile>();
  readonly #including = new Map<string, Set<TreeFile>>();

  get(path: string): TreeFile | undefined {
    return this.#files.get(path);
  }

  files(): MapIterator<TreeFile> {
    return this.#files.values();
  }

  /** The file, made where it is new. */
  ensure(path: string, expectedParent: Parent | undefined): TreeFile {
    let file = this.#files.get(path);
    if (file === undefined) {
      file = {
        path,
        isRoot: false,
        parents: new Map(),
        expectedParent,
        children: new Set(),
        openTargets: [],
        includes: new Set(),
        aliases: new Map(),
        isBroken: false,
        isNew: undefined,
        content: undefined,
        stamp: undefined,
        doubt: undefined,
        ignored: 0,
      };
      this.#files.set(path, file);
    }
    return file;
  }

  /** The first by name of those who name the file: the parent that it shows. */
  parentOf(file: TreeFile): Parent | undefined {
    const parents = Array.from(file.parents, ([path, entityRef]): Parent => ({ path, entityRef }));
    if (file.expectedParent !== undefined) parents.push(file.expectedParent);
    return parents.toSorted((left, right) => compareText(left.path, right.path))[0];
  }

  /** The files that the Locations of a file name, with the ref of the Location entity that names each. */
  childrenOf(file: TreeFile): Map<string, string> {
    const children = new Map<string, string>();
    for (const path of file.children) {
      const entityRef = this.#files.get(path)?.parents.get(file.path);
      if (entityRef !== undefined) children.set(path, entityRef);
    }
    return children;
  }

  /** Sets what the placeholders of a file stand for. */
  setIncludes(file: TreeFile, paths: ReadonlySet<string>): void {
    for (const path of file.includes) this.#including.get(path)?.delete(file);
    for (const path of paths) {
      const files = this.#including.get(path);
      if (files) files.add(file);
      else this.#including.set(path, new Set([file]));
    }
    file.includes = paths;
  }

  /** The files with a placeholder that stands for a path. */
  including(path: string): Iterable<TreeFile> {
    return this.#including.get(path) ?? [];
  }

  /**
   * Sets whom a file names.
   * @param children paths with the ref of the Location entity that names each
   * @param expected gives the remembered parent of a file that is new
   * @returns paths of the files that must be read (again): new ones, and those that show another parent now
   */
  setChildren(
    file: TreeFile,
    children: ReadonlyMap<string, string>,
    expected: (path: string) => Parent | undefined,
  ): readonly string[] {
    const changed: string[] = [];
    const affected = new Set([...file.children, ...children.keys()]);
    for (const path of affected) {
      const entityRef = children.get(path);
      const child = this.ensure(path, entityRef === undefined ? undefined : expected(path));
      const before = this.parentOf(child);
      if (entityRef === undefined) child.parents.delete(file.path);
      else child.parents.set(file.path, entityRef);
      if (child.content !== undefined && isSame(before, this.parentOf(child))) continue;
      child.stamp = undefined;
      changed.push(path);
    }
    file.children = new Set(children.keys());
    return changed;
  }

  /** Forgets remembered parents that nobody confirmed; returns the files that show another parent now. */
  dropExpected(): readonly string[] {
    const changed: string[] = [];
    for (const file of this.#files.values()) {
      const before = this.parentOf(file);
      file.expectedParent = undefined;
      if (isSame(before, this.parentOf(file))) continue;
      file.stamp = undefined;
      changed.push(file.path);
    }
    return changed;
  }

  /** Removes the files that no root leads to; returns their paths. */
  sweep(): readonly string[] {
    const reached = new Set<string>();
    const pending = [...this.#files.values()].filter((file) => file.isRoot);
    for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
      if (reached.has(file.path)) continue;
      reached.add(file.path);
      for (const path of file.children) {
        const child = this.#files.get(path);
        if (child !== undefined) pending.push(child);
      }
    }
    const removed = [...this.#files.keys()].filter((path) => !reached.has(path));
    for (const path of removed) this.remove(path);
    return removed;
  }

  /** Removes one file; it names nobody any more. */
  remove(path: string): void {
    const file = this.#files.get(path);
    if (file === undefined) return;
    for (const child of file.children) this.#files.get(child)?.parents.delete(path);
    this.setIncludes(file, new Set());
    this.#files.delete(path);
  }
}

function isSame(left: Parent | undefined, right: Parent | undefined): boolean {
  return left?.path === right?.path && left?.entityRef === right?.entityRef;
}
