import type { ResolvedTarget } from './location-target.ts';

/** One file that a source reads. */
export interface TreeFile {
  readonly path: string;
  /** True where the configuration itself leads to the file. */
  isRoot: boolean;
  /** Paths of the files whose Location entities name it. */
  readonly parents: Set<string>;
  /** The parent that the catalog remembers, until this run has seen who names the file. */
  expectedParent: string | undefined;
  /** Files that its own Location entities name. */
  children: ReadonlySet<string>;
  /** Targets that may come to mean something else when files come and go. */
  openTargets: readonly ResolvedTarget[];
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

  get(path: string): TreeFile | undefined {
    return this.#files.get(path);
  }

  files(): Iterable<TreeFile> {
    return this.#files.values();
  }

  /** The file, made where it is new. */
  ensure(path: string, expectedParent: string | undefined): TreeFile {
    let file = this.#files.get(path);
    if (file === undefined) {
      file = {
        path,
        isRoot: false,
        parents: new Set(),
        expectedParent,
        children: new Set(),
        openTargets: [],
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
  parentOf(file: TreeFile): string | undefined {
    const names = [...file.parents];
    if (file.expectedParent !== undefined) names.push(file.expectedParent);
    return names.toSorted()[0];
  }

  /**
   * Sets whom a file names.
   * @param expected gives the remembered parent of a file that is new
   * @returns paths of the files that must be read (again): new ones, and those that show another parent now
   */
  setChildren(
    file: TreeFile,
    children: ReadonlySet<string>,
    expected: (path: string) => string | undefined,
  ): readonly string[] {
    const changed: string[] = [];
    const affected = new Set([...file.children, ...children]);
    for (const path of affected) {
      const child = this.ensure(path, children.has(path) ? expected(path) : undefined);
      const before = this.parentOf(child);
      if (children.has(path)) child.parents.add(file.path);
      else child.parents.delete(file.path);
      if (child.content !== undefined && before === this.parentOf(child)) continue;
      child.stamp = undefined;
      changed.push(path);
    }
    file.children = children;
    return changed;
  }

  /** Forgets remembered parents that nobody confirmed; returns the files that show another parent now. */
  dropExpected(): readonly string[] {
    const changed: string[] = [];
    for (const file of this.#files.values()) {
      const before = this.parentOf(file);
      file.expectedParent = undefined;
      if (before === this.parentOf(file)) continue;
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
    for (const child of this.#files.get(path)?.children ?? []) this.#files.get(child)?.parents.delete(path);
    this.#files.delete(path);
  }
}
