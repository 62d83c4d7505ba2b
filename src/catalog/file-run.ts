import type { LocationState } from '../model/location.ts';
import { searchMode, type ReadMode } from './descriptor-search.ts';
import type { LocationTarget } from './descriptor.ts';
import type { FileRequest, FileResult } from './file-read.ts';
import type { FileRunOptions, LookLater } from './file-run-options.ts';
import { FileTree, type Parent, type TreeFile } from './file-tree.ts';
import type { ClosedFolder } from './file-walk.ts';
import type { FileChanges } from './file-watch.ts';
import type { Finding } from './finding.ts';
import { includedPath, ownAliases } from './included-file.ts';
import { allLasts, lastingOf, linksNow, nothingLasts, type Lasting } from './lasting-targets.ts';
import { missingRoot } from './location-target.ts';
import type { LocationReading, SourceEvent } from './source.ts';
import { hash } from './url-node.ts';
import { followTargets, type FollowedTargets } from './target-files.ts';

/** Files asked for at a time. */
const BATCH_FILES = 256;
/** A file that lost entities or became broken is looked at again after this time: it may be half written. */
const SETTLE_MS = 100;
/** Only files that were changed within this time can be half written. */
const YOUNG_MS = 2_000;

/** One run of a file source, from start to failure or end. */
export class FileRun {
  readonly tree = new FileTree();
  readonly #options: FileRunOptions;
  #isScanning = true;
  /** What the catalog remembers, by the location that names it; during the first scan only. */
  #remembered: ReadonlyMap<string, readonly LocationState[]> | undefined;

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
    this.#remembered = undefined;
    const gone = context
      .knownLocations()
      .filter((state) => this.tree.get(this.#options.naming.pathOf(state.ref) ?? '') === undefined)
      .map((state): SourceEvent => ({ type: 'gone', location: state.ref }));
    if (gone.length > 0) yield gone;
    yield [this.synced()];
  }

  /**
   * Takes up what changed.
   * @param later where files may be half written: asks for a second look at those that lost something
   */
  async *update(changes: FileChanges, later?: LookLater): AsyncGenerator<readonly SourceEvent[]> {
    const { scope, root, naming, context } = this.#options;
    // Throws when the root is no longer there: nothing is removed then.
    await scope.check();
    const { paths, filesCameOrWent, rescan } = changes;
    const refreshed = new Set(changes.refreshesAll ? this.tree.files().map((file) => file.path) : changes.refreshed);
    const queue = new Set<string>();
    for (const path of paths) {
      if (scope.includes(path)) this.tree.ensure(path, undefined).isRoot = true;
      if (this.tree.get(path)) queue.add(path);
      for (const file of this.tree.including(path)) {
        file.stamp = undefined;
        queue.add(file.path);
      }
    }
    const lost: SourceEvent[] = [];
    for (const path of refreshed) {
      const file = this.tree.get(path);
      if (file === undefined) {
        refreshed.delete(path);
        // Another source handed it over, and by now it is no file of this one either.
        const location = naming.refOf(path);
        if (context.known(location)) lost.push({ type: 'gone', location });
        continue;
      }
      file.stamp = undefined;
      file.content = undefined;
      queue.add(path);
    }
    if (lost.length > 0) yield lost;
    if (rescan || changes.refreshesAll) await this.#queueAll(queue);
    if (rescan || filesCameOrWent) this.#queueOpenFiles(queue);
    // Who asks for a refresh wants to see what is there now.
    yield* this.#read(queue, (path, delayMs) => {
      if (later === undefined || refreshed.has(path)) return false;
      later(path, delayMs);
      return true;
    });
    if (rescan) yield [this.synced()];
    const locations = Array.from(refreshed, (path) => naming.refOf(path));
    if (changes.refreshesAll) locations.push(root.location);
    if (locations.length > 0) yield [{ type: 'refreshed', locations }];
  }

  /** Tells that everything was looked at. */
  synced(): SourceEvent {
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

  /** Files came or went: what a glob, a missing target or a placeholder means may have changed. */
  #queueOpenFiles(queue: Set<string>): void {
    for (const file of this.tree.files()) {
      if (file.openTargets.length === 0 && file.includes.size === 0) continue;
      file.stamp = undefined;
      queue.add(file.path);
    }
  }

  /**
   * Reads what is queued, and what that leads to, until fewer than `enough` files are left.
   * @param postpone asks for a second look; false: the file is taken as it is
   */
  async *#read(
    queue: Set<string>,
    postpone: ((path: string, delayMs: number) => boolean) | undefined,
    enough = 1,
  ): AsyncGenerator<readonly SourceEvent[]> {
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
        else if (postpone && this.#isDoubtful(file, result) && postpone(file.path, SETTLE_MS)) continue;
        else await this.#take(file, result, events, queue);
      }
      if (events.length > 0) yield events;
    }
  }

  #parentRef(file: TreeFile): string | undefined {
    const parent = this.tree.parentOf(file);
    return parent && this.#options.naming.refOf(parent.path);
  }

  #request(file: TreeFile): FileRequest {
    const { realRoot, context, naming, root } = this.#options;
    const location = naming.refOf(file.path);
    const known = file.content ?? context.known(location)?.fingerprint;
    return {
      location,
      path: file.path,
      root: realRoot,
      mode: this.#modeOf(file),
      rules: { allowed: context.allowed, exact: context.exact },
      annotations: naming.annotationsOf?.(file.path),
      aliases: file.aliases,
      origin: root.origin,
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
    const entities = context.known(this.#options.naming.refOf(file.path))?.entities ?? 0;
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
    const location = this.#options.naming.refOf(file.path);
    if (result.status === 'missing') {
      if (this.#options.scope.type === 'file' && file.path === this.#options.scope.target) {
        await this.#follow(file, [], nothingLasts, events, queue);
        this.#tell(events, {
          ...this.#blank(file),
          location,
          fingerprint: 'M',
          hasUnreadable: false,
          findings: this.#options.root.optional ? [] : [missingRoot],
        });
      } else this.#remove(file, events, queue);
      return;
    }
    if (result.status === 'unreadable') {
      const finding: Finding = { code: result.code, severity: 'error', message: result.message };
      // Not undefined: who names it would ask for it again.
      file.content = '';
      file.stamp = undefined;
      if (this.#isScanning) await this.#follow(file, [], allLasts, events, queue);
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
    file.isNew ??= this.#options.context.known(location) === undefined;
    file.ignored = descriptor.ignored;
    if (await this.#include(file, descriptor.includes)) {
      file.stamp = undefined;
      queue.add(file.path);
      return;
    }
    if (file.isBroken !== descriptor.isBroken) this.#queueParents(file, queue);
    file.isBroken = descriptor.isBroken;
    const followed = await this.#follow(file, descriptor.targets, lastingOf(descriptor), events, queue);
    const { findings, aimless } = followed;
    const said = [file.path === this.#options.scope.target ? '' : this.#parentEntity(file), findings, [...aimless]];
    const suffix = descriptor.targets.length === 0 ? '' : `+${hash(JSON.stringify(said))}`;
    this.#tell(events, {
      ...this.#blank(file),
      location,
      fingerprint: result.content + suffix,
      entities: descriptor.entities.filter((entity) => !aimless.has(entity.ref)),
      findings: [...descriptor.findings, ...findings],
      // Of what was never right nothing is kept: during the scan a Location is told before what it leads to.
      invalidRefs: this.#isScanning && file.isNew ? descriptor.invalidRefs : [...descriptor.invalidRefs, ...aimless],
      hasUnreadable: descriptor.hasUnreadable,
      commit: this.#options.commit?.(),
    });
  }

  /** Notes what the placeholders of a file stand for. @returns true when more is at hand now than when it was read */
  async #include(file: TreeFile, targets: readonly string[]): Promise<boolean> {
    const { scope, naming, bring } = this.#options;
    const aliases = ownAliases(targets, scope.root, naming);
    const isNews = aliases.keys().some((target) => !file.aliases.has(target));
    file.aliases = aliases;
    const paths = targets.flatMap((target) => includedPath(aliases.get(target) ?? target, file.path, scope.root) ?? []);
    this.tree.setIncludes(file, new Set(paths));
    return ((await bring?.(paths, [])) ?? false) || isNews;
  }

  #parentEntity(file: TreeFile): string {
    return this.tree.parentOf(file)?.entityRef ?? this.#options.root.parentEntity;
  }

  /** What a file is to those who name it changed. */
  #queueParents(file: TreeFile, queue: Set<string>): void {
    for (const path of file.parents.keys()) {
      const parent = this.tree.get(path);
      if (parent === undefined) continue;
      parent.stamp = undefined;
      queue.add(path);
    }
  }

  /** A reading that says nothing yet and so removes nothing. */
  #blank(file: TreeFile): Omit<LocationReading, 'location' | 'fingerprint'> {
    return {
      parent: this.#parentRef(file) ?? this.#options.root.parent,
      parentEntity: this.#parentEntity(file),
      entities: [],
      findings: [],
      invalidRefs: [],
      hasUnreadable: true,
    };
  }

  #tell(events: SourceEvent[], reading: LocationReading): void {
    const known = this.#options.context.known(reading.location);
    if (known?.fingerprint === reading.fingerprint && known.parentEntity === reading.parentEntity) return;
    events.push({ type: 'read', reading });
  }

  #remove(file: TreeFile, events: SourceEvent[], queue: Set<string>): void {
    this.#queueParents(file, queue);
    this.tree.remove(file.path);
    events.push({ type: 'gone', location: this.#options.naming.refOf(file.path) });
    this.#sweep(events);
  }

  #sweep(events: SourceEvent[]): void {
    // During the scan a file may be reached only later.
    if (this.#isScanning) return;
    for (const path of this.tree.sweep()) {
      events.push({ type: 'gone', location: this.#options.naming.refOf(path) });
    }
  }

  /** Notes whom the Locations of a file name, and queues what is new. Returns where they lead. */
  async #follow(
    file: TreeFile,
    targets: readonly LocationTarget[],
    lasts: Lasting,
    events: SourceEvent[],
    queue: Set<string>,
  ): Promise<FollowedTargets> {
    const { scope, naming, context, bring } = this.#options;
    const followed = await followTargets(targets, file.path, scope.root, {
      naming,
      bring,
      onClosed: (closed) => this.#reportClosed(closed),
      isBroken: (path) => this.tree.get(path)?.isBroken ?? false,
      needsAll: context.exact,
    });
    const location = naming.refOf(file.path);
    const links = linksNow(followed.links, lasts, location, context);
    if (links.length + context.linksOf(location).length > 0) events.push({ type: 'links', location, links });
    file.openTargets = followed.open;
    const children = new Map([...this.#lastingChildren(file, lasts), ...followed.paths]);
    for (const path of this.tree.setChildren(file, children, (child) => this.#knownParent(child))) {
      queue.add(path);
    }
    this.#sweep(events);
    return followed;
  }

  /** The files that a file leads to by Locations that cannot say so now. */
  #lastingChildren(file: TreeFile, lasts: Lasting): ReadonlyMap<string, string> {
    if (lasts === nothingLasts) return new Map();
    const { context, naming, root } = this.#options;
    const children = this.tree.childrenOf(file);
    if (this.#isScanning) {
      this.#remembered ??= Map.groupBy(context.knownLocations(), ({ parent = '' }) => parent);
      for (const { ref, parentEntity } of this.#remembered.get(naming.refOf(file.path)) ?? []) {
        const path = naming.pathOf(ref);
        if (path !== undefined) children.set(path, parentEntity ?? root.parentEntity);
      }
    }
    return new Map([...children].filter(([, entityRef]) => lasts(entityRef)));
  }

  /** The parent that the catalog remembers of a file, during the first scan only. */
  #knownParent(path: string): Parent | undefined {
    if (!this.#isScanning) return undefined;
    const { context, naming, root } = this.#options;
    const known = context.known(naming.refOf(path));
    if (known?.parent === undefined || known.source !== root.location) return undefined;
    const parent = naming.pathOf(known.parent);
    return parent === undefined ? undefined : { path: parent, entityRef: known.parentEntity ?? root.parentEntity };
  }

  #reportClosed(closed: ClosedFolder): void {
    const { context, root } = this.#options;
    context.log.warn(
      { source: root.location, folder: closed.path, reason: closed.error.code },
      'folder of descriptors not readable',
    );
  }
}
