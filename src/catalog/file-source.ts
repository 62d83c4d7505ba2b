import { realpath } from 'node:fs/promises';
import { FileReader } from './file-reader.ts';
import { FileRun } from './file-run.ts';
import { openScope } from './file-scope.ts';
import { FileWatch } from './file-watch.ts';
import type { CatalogSource, SourceContext, SourceEvent } from './source.ts';

/** Events of one save, and of a burst such as a checkout, come within this time. */
const COALESCE_MS = 20;

/**
 * Reads descriptors from a file, a folder or a glob and follows their Location entities inside that folder. Tells
 * everything once, in the order of names, and from then on what changes.
 */
export class FileSource implements CatalogSource {
  readonly id: string;
  readonly location: string;
  readonly configuredAt: string;
  readonly #target: string;
  readonly #refreshed = new Set<string>();
  #watch: FileWatch | undefined;

  /** @param target absolute path; @param configuredAt where the setting was written */
  constructor(target: string, configuredAt: string) {
    this.id = `file:${target}`;
    this.location = `file:${target}`;
    this.configuredAt = configuredAt;
    this.#target = target;
  }

  async *read(context: SourceContext, signal: AbortSignal): AsyncGenerator<readonly SourceEvent[]> {
    const scope = await openScope(this.#target);
    const reader = new FileReader(context.kinds, context.clock);
    const realRoot = await realpath(scope.root);
    const run = new FileRun({ scope, realRoot, reader, context, id: this.id, location: this.location });
    try {
      yield* run.scan();
      // Watching starts after the scan, so that the first entities are not kept waiting. When it has begun it asks for
      // a second look by stamps, which closes the gap between the two.
      const watch = new FileWatch(scope, run.tree, context.clock);
      this.#watch = watch;
      watch.refresh(this.#refreshed);
      this.#refreshed.clear();
      while (!signal.aborted) {
        await watch.changed(signal);
        await context.clock.sleep(COALESCE_MS, signal);
        yield* run.update(watch);
        watch.follow();
      }
    } finally {
      await this.#watch?.close();
      this.#watch = undefined;
      await reader.close();
    }
  }

  refresh(locations: readonly string[]): void {
    const paths = locations.filter((location) => location.startsWith('file:')).map((location) => location.slice(5));
    if (this.#watch) this.#watch.refresh(paths);
    else for (const path of paths) this.#refreshed.add(path);
  }
}
