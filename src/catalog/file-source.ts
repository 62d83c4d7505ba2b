import { realpath } from 'node:fs/promises';
import { FileReader } from './file-reader.ts';
import { FileRun } from './file-run.ts';
import { openScope } from './file-scope.ts';
import { FileWatch } from './file-watch.ts';
import { plainNaming } from './location-target.ts';
import type { CatalogSource, SourceContext, SourceEvent, SourceRoot } from './source.ts';

/** Events of one save, and of a burst such as a checkout, come within this time. */
const COALESCE_MS = 20;

/**
 * Reads descriptors from a file, a folder or a glob and follows their Location entities inside that folder. Tells
 * everything once, in the order of names, and from then on what changes.
 */
export class FileSource implements CatalogSource {
  readonly id: string;
  readonly root: SourceRoot;
  readonly #refreshed = new Set<string>();
  #watch: FileWatch | undefined;

  /** @param root its location is `file:` and an absolute path */
  constructor(root: SourceRoot) {
    this.id = root.location;
    this.root = root;
  }

  async *read(context: SourceContext, signal: AbortSignal): AsyncGenerator<readonly SourceEvent[]> {
    const target = this.root.location.slice('file:'.length);
    const scope = await openScope(target);
    const reader = new FileReader(context.kinds, context.clock);
    const realRoot = await realpath(scope.root);
    const run = new FileRun({ scope, realRoot, reader, context, root: this.root, naming: plainNaming });
    try {
      yield* run.scan();
      // Watching starts after the scan, so that the first entities are not kept waiting. When it has begun it asks for
      // a second look by stamps, which closes the gap between the two.
      const watch = new FileWatch(scope, run.tree, context.clock);
      this.#watch = watch;
      this.#pass(watch, this.#refreshed);
      this.#refreshed.clear();
      while (!signal.aborted) {
        await watch.changed(signal);
        await context.clock.sleep(COALESCE_MS, signal);
        yield* run.update(watch.take(), (path, delayMs) => watch.addLater(path, delayMs));
        watch.follow();
      }
    } catch (thrown) {
      // Where the root went away while it was read, that says more than what failed for it.
      await openScope(target);
      throw thrown;
    } finally {
      await this.#watch?.close();
      this.#watch = undefined;
      await reader.close();
    }
  }

  refresh(locations: readonly string[]): void {
    if (this.#watch) this.#pass(this.#watch, locations);
    else for (const location of locations) this.#refreshed.add(location);
  }

  #pass(watch: FileWatch, locations: Iterable<string>): void {
    const paths: string[] = [];
    for (const location of locations) {
      if (location === this.id) watch.refreshAll();
      const path = plainNaming.pathOf(location);
      if (path !== undefined) paths.push(path);
    }
    watch.refresh(paths);
  }
}
