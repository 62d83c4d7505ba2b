import { createHash } from 'node:crypto';
import { searchMode, type ReadMode } from './descriptor-search.ts';
import type { LocationTarget } from './descriptor.ts';
import type { FileRequest, FileResult } from './file-read.ts';
import type { FileReader } from './file-reader.ts';
import { openScope, type FileScope } from './file-scope.ts';
import { FileTree, type TreeFile } from './file-tree.ts';
import type { ClosedFolder } from './file-walk.ts';
import type { FileWatch } from './file-watch.ts';
import type { Finding } from './finding.ts';
import type { LocationReading, SourceContext, SourceEvent } from './source.ts';
import { followTargets } from './target-files.ts';

/** Files asked for at a time. */
const BATCH_FILES = 256;
/** A file that lost entities or became broken is looked at again after this time: it may be half written. */
const SETTLE_MS = 100;
/** Only files that were changed within this time can be half written. */
const YOUNG_MS = 2_000;

/** What a run works with. */
export interface FileRunOptions {
  readonly scope: FileScope;
  /** The scope's root without links. */
  readonly realRoot: string;
  readonly reader: FileReader;
  readonly context: SourceContext;
  readonly id: string;
  /** Location ref of the source itself. */
  readonly location: string;
}

/** One run of a file source, from start to failure or end. */
export class FileRun {
  readonly tree = new FileTree();
  readonly #options: FileRunOptions;
  #isScanning = true;

  constructor(options: FileRunOptions) {
    this.#options = options;
  }

  /** Reads everything for the first time. */
  async *scan(): AsyncGenerator<readonly SourceEvent[]> {
    const { scope, context } = this.#options;
    const queue = new Set<string>();
    for await (const paths of scope.find((closed) => this.#reportClosed(closed))) {
      for (const path of paths) {
        this.tree.ensure(path, this.#knownParent(path)).isRoot = true;
        queue.add(path);
      }
      if (queue.size >= BATCH_FILES) yield* this.#read(queue, undefined, BATCH_FILES);
    }
    yield* this.#read(queue, undefined);
    for (const path of this.tree.dropExpected()) queue.add(path);
    yield* this.#read(queue, undefined);
    this.#isScanning = false;
    const gone = context
      .knownLocations()
      .filter((state) => this.tree.get(state.ref.slice(5)) === undefined)
      .map((state): SourceEvent => ({ type: 'gone', location: state.ref }));
    if (gone.length > 0) yield gone;
    yield [this.#synced()];
  }

  /** Takes up what the watch reported. */
  async *update(watch: FileWatch): AsyncGenerator<readonly SourceEvent[]> {
    // Throws when the root is no longer there: nothing is removed then.
    await openScope(this.#options.scope.type === 'file' ? this.#options.location.slice(5) : this.#options.scope.root);
    const { paths, refreshed, filesCameOrWent, rescan } = watch.take();
    const queue = new Set<string>();
    for (const path of paths) {
      if (this.#options.scope.includes(path)) this.tree.ensure(path, undefined).isRoot = true;
      if (this.tree.get(path)) queue.add(path);
    }
    for (const path of refreshed) {
      const file = this.tree.get(path);
      if (file === undefined) continue;
      file.stamp = undefined;
      file.content = undefined;
      queue.add(path);
    }
    if (rescan) await this.#queueAll(queue);
    if (rescan || filesCameOrWent) this.#queueOpenTargets(queue);
    yield* this.#read(queue, watch);
    if (rescan) yield [this.#synced()];
  }

  #synced(): SourceEvent {
    let ignored = 0;
    for (const file of this.tree.files()) ignored += file.ignored;
    return { type: 'synced', ignored };
  }

  async #queueAll(queue: Set<string>): Promise<void> {
    for await (const paths of this.#options.scope.find((closed) => this.#reportClosed(closed))) {
      for (const path of paths) this.tree.ensure(path, undefined).isRoot = true;
    }
    for (const file of this.tree.files()) queue.add(file.path);
  }

  /** Files came or went: what a glob or a missing target means may have changed. */
  #queueOpenTargets(queue: Set<string>): void {
    for (const file of this.tree.files()) {
      if (file.openTargets.length === 0) continue;
      file.stamp = undefined;
      queue.add(file.path);
    }
  }

  /** Reads what is queued, and what that leads to, until fewer than `enough` files are left. */
  async *#read(queue: Set<string>, watch: FileWatch | undefined, enough = 1): AsyncGenerator<readonly SourceEvent[]> {
    while (queue.size >= enough) {
      const paths = [...queue].slice(0, BATCH_FILES);
      const files = paths.flatMap((path) => this.tree.get(path) ?? []);
      const requests = files.map((file) => this.#request(file));
      const results = requests.length === 0 ? [] : await this.#options.reader.read(requests);
      // What was not answered stays in the queue; what is no file of this source any more does not.
      const unanswered = new Set(files.slice(results.length).map((file) => file.path));
      for (const path of paths) if (!unanswered.has(path)) queue.delete(path);
      const events: SourceEvent[] = [];
      for (const [index, result] of results.entries()) {
        const file = files[index];
        if (file === undefined) continue;
        // A result before it in the batch may have shown who names the file: then it is read again, as a named one.
        if (this.#parentRef(file) !== requests[index]?.parent) queue.add(file.path);
        else if (watch && this.#isDoubtful(file, result)) watch.addLater(file.path, SETTLE_MS);
        else await this.#take(file, result, events, queue);
      }
      if (events.length > 0) yield events;
    }
  }

  #parentRef(file: TreeFile): string | undefined {
    const parent = this.tree.parentOf(file);
    return parent && `file:${parent}`;
  }

  #request(file: TreeFile): FileRequest {
    const { realRoot, context, location } = this.#options;
    const known = file.content ?? context.known(`file:${file.path}`)?.fingerprint;
    return {
      path: file.path,
      root: realRoot,
      mode: this.#modeOf(file),
      origin: location,
      parent: this.#parentRef(file),
      knownContent: known,
      knownStamp: file.stamp,
    };
  }

  #modeOf(file: TreeFile): ReadMode {
    if (this.tree.parentOf(file) !== undefined) return 'named';
    return file.isRoot ? this.#options.scope.modeOf(file.path) : searchMode(file.path);
  }

  /** True for a reading that loses something of a file that may be half written, until it was the same twice. */
  #isDoubtful(file: TreeFile, result: FileResult): boolean {
    const { context } = this.#options;
    const entities = context.known(`file:${file.path}`)?.entities ?? 0;
    let look: string | undefined;
    if (result.status === 'missing' && entities > 0) look = 'missing';
    if (result.status === 'read' && context.clock.now() - result.modifiedAt < YOUNG_MS) {
      const { hasUnreadable, entities: found } = result.descriptor;
      if (hasUnreadable || found.length < entities) look = result.content;
    }
    const isNew = look !== undefined && look !== file.doubt;
    file.doubt = look;
    if (isNew) file.stamp = undefined;
    return isNew;
  }

  async #take(file: TreeFile, result: FileResult, events: SourceEvent[], queue: Set<string>): Promise<void> {
    const location = `file:${file.path}`;
    if (result.status === 'missing') {
      if (this.#options.scope.type === 'file' && location === this.#options.location) {
        await this.#follow(file, [], events, queue);
        this.#tell(events, {
          ...this.#blank(file),
          location,
          fingerprint: 'M',
          hasUnreadable: false,
          findings: [NO_FILE],
        });
      } else this.#remove(file, events, queue);
      return;
    }
    if (result.status === 'unreadable') {
      const finding: Finding = { code: result.code, severity: 'error', message: result.message };
      file.content = undefined;
      file.stamp = undefined;
      this.#tell(events, {
        ...this.#blank(file),
        location,
        fingerprint: `U${hash(result.message)}`,
        findings: [finding],
      });
      return;
    }
    file.stamp = result.stamp;
    file.content = result.content;
    if (result.status === 'unchanged') return;
    const { descriptor } = result;
    file.ignored = descriptor.ignored;
    const targetFindings = await this.#follow(file, descriptor.targets, events, queue);
    const suffix = descriptor.targets.length === 0 ? '' : `+${hash(JSON.stringify(targetFindings))}`;
    this.#tell(events, {
      ...this.#blank(file),
      location,
      fingerprint: result.content + suffix,
      entities: descriptor.entities,
      findings: [...descriptor.findings, ...targetFindings],
      invalidRefs: descriptor.invalidRefs,
      hasUnreadable: descriptor.hasUnreadable,
    });
  }

  /** A reading that says nothing yet and so removes nothing. */
  #blank(file: TreeFile): Omit<LocationReading, 'location' | 'fingerprint'> {
    return {
      parent: this.#parentRef(file),
      entities: [],
      findings: [],
      invalidRefs: [],
      hasUnreadable: true,
    };
  }

  #tell(events: SourceEvent[], reading: LocationReading): void {
    if (this.#options.context.known(reading.location)?.fingerprint === reading.fingerprint) return;
    events.push({ type: 'read', reading });
  }

  #remove(file: TreeFile, events: SourceEvent[], queue: Set<string>): void {
    const named = [...file.parents];
    this.tree.remove(file.path);
    events.push({ type: 'gone', location: `file:${file.path}` });
    for (const parent of named) {
      const namer = this.tree.get(parent);
      if (namer === undefined) continue;
      namer.stamp = undefined;
      queue.add(parent);
    }
    this.#sweep(events);
  }

  #sweep(events: SourceEvent[]): void {
    // During the scan a file may be reached only later.
    if (this.#isScanning) return;
    for (const path of this.tree.sweep()) events.push({ type: 'gone', location: `file:${path}` });
  }

  /** Notes whom the Locations of a file name, and queues what is new. Returns what is wrong with the targets. */
  async #follow(
    file: TreeFile,
    targets: readonly LocationTarget[],
    events: SourceEvent[],
    queue: Set<string>,
  ): Promise<readonly Finding[]> {
    if (targets.length === 0 && file.children.size === 0) return [];
    const { scope } = this.#options;
    const followed = await followTargets(targets, file.path, scope.root, (closed) => this.#reportClosed(closed));
    file.openTargets = followed.open;
    for (const path of this.tree.setChildren(file, followed.paths, (child) => this.#knownParent(child))) {
      queue.add(path);
    }
    this.#sweep(events);
    return followed.findings;
  }

  /** The parent that the catalog remembers of a file, during the first scan only. */
  #knownParent(path: string): string | undefined {
    if (!this.#isScanning) return undefined;
    const known = this.#options.context.known(`file:${path}`);
    return known?.source === this.#options.id ? known.parent?.slice(5) : undefined;
  }

  #reportClosed(closed: ClosedFolder): void {
    const { context, id } = this.#options;
    context.log.warn(
      { source: id, folder: closed.path, reason: closed.error.code },
      'folder of descriptors not readable',
    );
  }
}

const NO_FILE: Finding = {
  code: 'target-missing',
  severity: 'error',
  message: 'The configured file does not exist',
  fix: 'Create the file, or correct the configuration',
};

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
