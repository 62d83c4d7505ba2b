import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { LocationTarget } from './descriptor.ts';
import { FileReader } from './file-reader.ts';
import type { FileRequest, FileResult } from './file-read.ts';
import { openScope, type FileScope } from './file-scope.ts';
import { FileTree, type TreeFile } from './file-tree.ts';
import { watchFiles, type FileWatch } from './file-watch.ts';
import type { ClosedFolder } from './file-walk.ts';
import type { Finding } from './finding.ts';
import { missingTarget, resolveTarget, type ResolvedTarget } from './location-target.ts';
import { searchMode, type ReadMode } from './descriptor-search.ts';
import { walkDescriptors } from './file-walk.ts';
import type { CatalogSource, LocationReading, SourceContext, SourceEvent } from './source.ts';

/** Files asked for at a time. */
const BATCH_FILES = 256;
/** Events of one save, and of a burst such as a checkout, come within this time. */
const COALESCE_MS = 20;
/** A file that lost entities or became broken is looked at again after this time: it may be half written. */
const SETTLE_MS = 100;
/** Only files that were changed within this time can be half written. */
const YOUNG_MS = 2_000;
/** Everything is looked at again by its stamp, for changes that the system did not report. */
const RESCAN_MS = 10 * 60_000;
/** The same where the system cannot watch. */
const RESCAN_UNWATCHED_MS = 10_000;

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
    const run = new FileRun({ scope, reader, context, id: this.id, location: this.location });
    try {
      yield* run.scan();
      // Watching starts after the scan, so that the first entities are not kept waiting. When it has begun it asks for
      // a second look by stamps, which closes the gap between the two.
      const watch = watchFiles(scope, run.tree, context.clock);
      this.#watch = watch;
      watch.add(this.#refreshed);
      this.#refreshed.clear();
      while (!signal.aborted) {
        await watch.changed(watch.isBlind ? RESCAN_UNWATCHED_MS : RESCAN_MS, signal);
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
    if (this.#watch) this.#watch.add(paths);
    else for (const path of paths) this.#refreshed.add(path);
  }
}

interface FileRunOptions {
  readonly scope: FileScope;
  readonly reader: FileReader;
  readonly context: SourceContext;
  readonly id: string;
  /** Location ref of the source itself. */
  readonly location: string;
}

/** One run of a file source, from start to failure or end. */
class FileRun {
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
      if (queue.size >= BATCH_FILES) yield* this.#read(queue, undefined);
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

  async *#read(queue: Set<string>, watch: FileWatch | undefined): AsyncGenerator<readonly SourceEvent[]> {
    while (queue.size > 0) {
      const files = [...queue].slice(0, BATCH_FILES).flatMap((path) => this.tree.get(path) ?? []);
      for (const path of [...queue].slice(0, BATCH_FILES)) if (!this.tree.get(path)) queue.delete(path);
      if (files.length === 0) continue;
      const results = await this.#options.reader.read(files.map((file) => this.#request(file)));
      const events: SourceEvent[] = [];
      for (const [index, result] of results.entries()) {
        const file = files[index];
        if (file === undefined) continue;
        queue.delete(file.path);
        if (watch && this.#isDoubtful(file, result)) watch.addLater([file.path], SETTLE_MS);
        else await this.#take(file, result, events, queue);
      }
      if (events.length > 0) yield events;
    }
  }

  #request(file: TreeFile): FileRequest {
    const { scope, context, location } = this.#options;
    const parent = this.tree.parentOf(file);
    const known = file.content ?? context.known(`file:${file.path}`)?.fingerprint;
    return {
      path: file.path,
      root: scope.root,
      mode: this.#modeOf(file),
      origin: location,
      parent: parent && `file:${parent}`,
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
    const parent = this.tree.parentOf(file);
    return {
      parent: parent && `file:${parent}`,
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
    const findings: Finding[] = [];
    const children = new Set<string>();
    const open: ResolvedTarget[] = [];
    for (const target of targets) {
      const resolved = resolveTarget(target, file.path, this.#options.scope.root);
      if (resolved.type === 'refused') findings.push(resolved.finding);
      else {
        const paths = await this.#expand(resolved);
        for (const path of paths) if (path !== file.path) children.add(path);
        if (paths.length === 0 && !target.optional) findings.push(missing(resolved));
        if (paths.length === 0 || resolved.type === 'glob') open.push(resolved);
      }
    }
    file.openTargets = open;
    for (const path of this.tree.setChildren(file, children, (child) => this.#knownParent(child))) queue.add(path);
    this.#sweep(events);
    return findings;
  }

  async #expand(resolved: Exclude<ResolvedTarget, { type: 'refused' }>): Promise<readonly string[]> {
    if (resolved.type === 'file') return (await isFile(resolved.path)) ? [resolved.path] : [];
    if (!(await isFolder(resolved.base))) return [];
    const found: string[] = [];
    const { root } = this.#options.scope;
    for await (const paths of walkDescriptors(resolved.base, root, (closed) => this.#reportClosed(closed))) {
      found.push(...paths.filter((path) => resolved.matches(path)));
    }
    return found;
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

function missing(resolved: Exclude<ResolvedTarget, { type: 'refused' }>): Finding {
  return missingTarget(
    resolved.target,
    resolved.type === 'glob' ? 'No file matches the target' : 'The target is missing',
  );
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

async function isFile(path: string): Promise<boolean> {
  return (await typeOf(path)) === 'file';
}

async function isFolder(path: string): Promise<boolean> {
  return (await typeOf(path)) === 'folder';
}

async function typeOf(path: string): Promise<'file' | 'folder' | 'nothing'> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? 'folder' : 'file';
  } catch (thrown) {
    // What cannot be looked at counts as missing; anything that is no file system error is a fault.
    if ((thrown as NodeJS.ErrnoException).code === undefined) throw thrown;
    return 'nothing';
  }
}
