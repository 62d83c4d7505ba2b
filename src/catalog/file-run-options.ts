import type { FileReader } from './file-reader.ts';
import type { FileScope } from './file-scope.ts';
import type { FileNaming } from './location-target.ts';
import type { SourceContext, SourceRoot } from './source.ts';
import type { BringFiles } from './target-files.ts';

/** What a run works with. */
export interface FileRunOptions {
  readonly scope: FileScope;
  /** The scope's root without links. */
  readonly realRoot: string;
  readonly reader: FileReader;
  readonly context: SourceContext;
  readonly root: SourceRoot;
  /** How the files are called in the catalog. */
  readonly naming: FileNaming;
  /** Version of the files, where they have one. */
  readonly commit?: (() => string | undefined) | undefined;
  readonly bring?: BringFiles | undefined;
}

/** Reports a path as changed after a delay, ms. */
export type LookLater = (path: string, delayMs: number) => void;
