import type { UrlReader } from '../url/url-reader.ts';
import type { Descriptor } from './descriptor.ts';
import { failure } from './errors.ts';
import type { FileRequest } from './file-read.ts';
import type { FileReader } from './file-reader.ts';
import { FileTree, type Parent, type TreeFile } from './file-tree.ts';
import { allLasts, lastingOf, nothingLasts, type Lasting } from './lasting-targets.ts';
import { targetFinding } from './location-target.ts';
import type { SourceContext, SourceEvent, SourceRoot } from './source.ts';
import { UrlContent, type ContentLook } from './url-content.ts';
import { childrenOf, newNode, type UrlNode } from './url-node.ts';
import { resolveUrlTarget, type ResolvedUrlTarget } from './url-target.ts';
import { UrlTelling } from './url-telling.ts';

/** Bounds of one source: URLs, Locations one behind the other, requests at a time, looks at a host in vain in one pass. */
export const urlSourceLimits = { locations: 1_000, depth: 20, requests: 4, silences: 4 } as const;

/** Looks at a file again because those that it names turned out otherwise; after that the next poll does. */
const MAX_ROUNDS = 3;
const LONGEST_WAIT_MS = 3_600_000;

/** What a run works with. */
export interface UrlRunOptions {
  readonly root: SourceRoot;
  readonly urls: UrlReader;
  readonly reader: FileReader;
  readonly context: SourceContext;
  /** Time between polls, ms. */
  readonly refreshMs: number;
  /** True for a URL that another source reads. */
  readonly isForeign: (url: string) => boolean;
  readonly signal: AbortSignal;
}

/** One run of a URL source, from start to failure or end: the URLs that the root leads to, and how each one is. */
export class UrlRun {
  readonly #options: UrlRunOptions;
  readonly #content: UrlContent;
  readonly #rootUrl: string;
  readonly #tree = new FileTree();
  readonly #nodes = new Map<string, UrlNode>();
  readonly #looking = new Set<string>();
  /** Looks of this pass, one after the other, that a host left without an answer. */
  readonly #silences = new Map<string, number>();
  readonly #telling: UrlTelling;
  #isScanning = true;

  constructor(options: UrlRunOptions) {
    this.#options = options;
    this.#content = new UrlContent(options.urls, options.reader, options.signal);
    this.#telling = new UrlTelling(options.root, options.context, this.#tree, this.#nodes);
    this.#rootUrl = options.root.location.slice('url:'.length);
    this.#ensure(this.#rootUrl, 0, undefined).file.isRoot = true;
  }

  /** Reads everything for the first time. @throws URL_UNREADABLE where the root cannot be read */
  async *scan(): AsyncGenerator<readonly SourceEvent[]> {
    yield* this.#pass([this.#rootUrl]);
    yield* this.#pass(this.#tree.dropExpected());
    this.#isScanning = false;
    for (const { ref } of this.#options.context.knownLocations()) {
      const url = ref.slice('url:'.length);
      if (this.#tree.get(url) === undefined) this.#telling.tellGone(url);
    }
    yield* this.#finish();
  }

  /** Looks at every URL that is not to be left alone for now. */
  async *poll(): AsyncGenerator<readonly SourceEvent[]> {
    const now = this.#options.context.clock.now();
    const due = [...this.#nodes.values()].filter(({ notBefore }) => notBefore <= now);
    yield* this.#pass(due.map(({ file }) => file.path));
    yield* this.#finish();
  }

  /** Looks at locations again and reads them whatever they say; at all of them where the source's own is among them. */
  async *refresh(locations: ReadonlySet<string>): AsyncGenerator<readonly SourceEvent[]> {
    const all = locations.has(this.#options.root.location);
    const nodes = [...this.#nodes.values()].filter(({ file }) => all || locations.has(`url:${file.path}`));
    for (const location of locations) {
      const url = location.startsWith('url:') ? location.slice('url:'.length) : '';
      // Another source handed it over, and by now this one does not read it either.
      if (url !== '' && !this.#nodes.has(url)) this.#telling.tellGone(url);
    }
    for (const node of nodes) {
      node.content = undefined;
      node.file.content = undefined;
    }
    yield* this.#pass(nodes.map(({ file }) => file.path));
    yield* this.#finish();
    yield [{ type: 'refreshed', locations: nodes.map(({ file }) => `url:${file.path}`) }];
  }

  async *#finish(): AsyncGenerator<readonly SourceEvent[]> {
    this.#sweep();
    yield* this.#telling.batches();
    const { context, refreshMs } = this.#options;
    const root = this.#nodes.get(this.#rootUrl);
    // Where the root cannot be read nobody knows how fresh the rest is.
    if (root?.status === 'failed') {
      const retryMs = refreshMs === 0 ? 0 : Math.max(refreshMs, root.notBefore - context.clock.now());
      yield [{ type: 'unreadable', reason: root.message, retryMs }];
    } else yield [{ type: 'synced', ignored: 0 }];
  }

  /** Looks at URLs and at what they lead to, a few at a time, and tells each once it is known how those are that it names. */
  async *#pass(urls: Iterable<string>): AsyncGenerator<readonly SourceEvent[]> {
    let queue = new Set(urls);
    this.#silences.clear();
    for (let round = 0; round < MAX_ROUNDS && queue.size > 0; round += 1) {
      const active = new Set<Promise<void>>();
      while (queue.size > 0 || active.size > 0) {
        for (const url of queue) {
          if (active.size >= urlSourceLimits.requests) break;
          queue.delete(url);
          const work: Promise<void> = this.#visit(url, queue).finally(() => active.delete(work));
          active.add(work);
        }
        await Promise.race(active);
        this.#telling.tellHeld(queue.size === 0 && active.size === 0);
        yield* this.#telling.batches();
      }
      queue = this.#outdated();
    }
  }

  /** Files that were told before those that they name turned out as they are. */
  #outdated(): Set<string> {
    const found = new Set<string>();
    for (const { status, file, toldChildren } of this.#nodes.values()) {
      if (status === 'ok' && childrenOf(file, this.#nodes) !== toldChildren) found.add(file.path);
    }
    for (const url of found) this.#forget(url);
    return found;
  }

  #forget(url: string): void {
    const node = this.#nodes.get(url);
    if (node) node.content = undefined;
  }

  async #visit(url: string, queue: Set<string>): Promise<void> {
    const node = this.#nodes.get(url);
    if (node === undefined || isUnnamed(node)) return;
    const parent = this.#parentRef(node.file);
    this.#looking.add(url);
    const look = await this.#look(node);
    this.#looking.delete(url);
    // Meanwhile the last file that named it may have let it go, or another one may have turned out to name it.
    if (isUnnamed(node)) return;
    if (this.#parentRef(node.file) !== parent) {
      node.content = undefined;
      queue.add(url);
      return;
    }
    if (look.status === 'missing' || look.status === 'failed') this.#noteFault(node, look, queue);
    else this.#noteContent(node, look, queue);
  }

  /** Looks at a URL, but not where its host has been silent again and again: a pass must end. */
  async #look(node: UrlNode): Promise<ContentLook> {
    const { path: url } = node.file;
    const host = URL.parse(url)?.host ?? '';
    if ((this.#silences.get(host) ?? 0) >= urlSourceLimits.silences) {
      return { status: 'failed', message: `${host} does not answer; it is not asked for more for now` };
    }
    const look = await this.#content.look(url, node.content, this.#request(node));
    const isSilent = look.status === 'failed' && look.isSilent === true;
    this.#silences.set(host, isSilent ? (this.#silences.get(host) ?? 0) + 1 : 0);
    return look;
  }

  #request({ file }: UrlNode): FileRequest {
    const { context, root } = this.#options;
    const location = `url:${file.path}`;
    return {
      location,
      path: '',
      root: '',
      mode: 'named',
      rules: { allowed: context.allowed, exact: context.exact },
      annotations: { 'backstage.io/view-url': file.path },
      origin: root.origin,
      parent: this.#parentRef(file),
      knownContent: file.content || this.#telling.known(file.path)?.fingerprint,
    };
  }

  #noteContent(node: UrlNode, look: ContentLook & { status: 'unchanged' | 'read' }, queue: Set<string>): void {
    const { file } = node;
    node.status = 'ok';
    node.message = '';
    node.failures = 0;
    node.notBefore = 0;
    node.content = look.state;
    if (look.status === 'unchanged' || look.result.status === 'missing') return;
    if (look.result.status === 'unreadable') {
      this.#noteFault(node, { status: 'failed', message: look.result.message }, queue);
      return;
    }
    file.content = look.result.content;
    if (look.result.status === 'unchanged') {
      // It named nothing and was not refused when it was told.
      this.#setChildren(node, [], nothingLasts, queue);
      node.toldChildren = '';
      file.isBroken = false;
      return;
    }
    const { descriptor } = look.result;
    file.isBroken = descriptor.isBroken;
    const targets = this.#resolve(node, descriptor);
    this.#setChildren(node, targets, lastingOf(descriptor), queue);
    this.#telling.hold({ node, result: look.result, targets });
  }

  #resolve({ file, depth }: UrlNode, { targets }: Descriptor): readonly ResolvedUrlTarget[] {
    let added = 0;
    return targets.map((target) => {
      const resolved = resolveUrlTarget(target, file.path, this.#options.isForeign);
      if (resolved.type !== 'url' || this.#nodes.has(resolved.url)) return resolved;
      added += 1;
      const isDeep = depth + 1 > urlSourceLimits.depth;
      if (!isDeep && this.#nodes.size + added <= urlSourceLimits.locations) return resolved;
      const { locations, depth: most } = urlSourceLimits;
      const what = isDeep
        ? `More than ${most} Locations lead there`
        : `The source has more than ${locations} locations`;
      const fix = 'Configure or register the target as a location of its own';
      return { type: 'refused', target, finding: targetFinding(target, 'location-limit', 'error', what, fix) };
    });
  }

  #setChildren(node: UrlNode, targets: readonly ResolvedUrlTarget[], lasts: Lasting, queue: Set<string>): void {
    const { file, depth } = node;
    const children = new Map<string, string>();
    for (const resolved of targets) {
      // Who names itself, or the root, says nothing by that.
      const isNews = resolved.type === 'url' && resolved.url !== file.path && resolved.url !== this.#rootUrl;
      if (!isNews || children.has(resolved.url)) continue;
      const child = this.#ensure(resolved.url, depth + 1, this.#knownParent(resolved.url));
      child.optional = resolved.target.optional;
      children.set(resolved.url, resolved.target.entityRef);
    }
    for (const [url, entityRef] of this.#lastingChildren(node, lasts)) {
      if (!children.has(url)) children.set(url, entityRef);
    }
    this.#queueAll(
      this.#tree.setChildren(file, children, (url) => this.#knownParent(url)),
      queue,
    );
  }

  #queueAll(urls: readonly string[], queue: Set<string>): void {
    for (const url of urls) {
      // Whoever is looking at it now notices another parent by itself.
      if (this.#looking.has(url)) continue;
      this.#forget(url);
      queue.add(url);
    }
  }

  #noteFault(node: UrlNode, look: ContentLook & { status: 'missing' | 'failed' }, queue: Set<string>): void {
    const { root, refreshMs, context } = this.#options;
    const { file } = node;
    const isRoot = file.path === this.#rootUrl;
    if (isRoot && look.status === 'failed' && this.#isScanning) {
      throw failure('URL_UNREADABLE', { reason: look.message });
    }
    const isOptional = look.status === 'missing' && (isRoot ? root.optional : node.optional);
    node.status = look.status;
    node.message = look.message;
    node.content = undefined;
    // Not undefined: who names it would ask for it again.
    file.content = '';
    if (look.status === 'failed') {
      // The first failure costs no poll, unless the server asks for patience.
      const wait = node.failures === 0 ? 0 : Math.min(refreshMs * 2 ** node.failures, LONGEST_WAIT_MS);
      node.failures += 1;
      node.notBefore = context.clock.now() + Math.max(wait, look.retryAfterMs ?? 0);
    }
    // Once it was read it goes on naming what it named; at the start that must be remembered.
    if (isOptional || this.#isScanning) {
      const lasts = isOptional ? nothingLasts : allLasts;
      this.#setChildren(node, [], lasts, queue);
      this.#telling.tellLinks(file, [], lasts);
    }
    if (isRoot) this.#telling.tellFault(node, isOptional);
    else if (isOptional) this.#telling.tellGone(file.path);
  }

  /** The URLs that a file leads to by Locations that cannot say so now. */
  #lastingChildren({ file, depth }: UrlNode, lasts: Lasting): ReadonlyMap<string, string> {
    if (lasts === nothingLasts) return new Map();
    const { context, root } = this.#options;
    const children = this.#tree.childrenOf(file);
    for (const { ref, parent, parentEntity } of this.#isScanning ? context.knownLocations() : []) {
      if (parent !== `url:${file.path}` || ref === root.location) continue;
      children.set(ref.slice('url:'.length), parentEntity ?? root.parentEntity);
    }
    for (const [url, entityRef] of children) {
      if (lasts(entityRef)) this.#ensure(url, depth + 1, undefined);
      else children.delete(url);
    }
    return children;
  }

  #parentRef(file: TreeFile): string | undefined {
    const parent = this.#tree.parentOf(file);
    return parent && `url:${parent.path}`;
  }

  #ensure(url: string, depth: number, expected: Parent | undefined): UrlNode {
    const present = this.#nodes.get(url);
    if (present !== undefined) return present;
    const node = newNode(this.#tree.ensure(url, expected), depth);
    this.#nodes.set(url, node);
    return node;
  }

  /** The parent that the catalog remembers of a URL, during the first scan only. */
  #knownParent(url: string): Parent | undefined {
    const known = this.#isScanning ? this.#telling.known(url) : undefined;
    if (known?.parent === undefined) return undefined;
    const entityRef = known.parentEntity ?? this.#options.root.parentEntity;
    return { path: known.parent.slice('url:'.length), entityRef };
  }

  #sweep(): void {
    for (const url of this.#tree.sweep()) {
      this.#nodes.delete(url);
      this.#telling.tellGone(url);
    }
  }
}

/** True for a URL that nobody names any more: it goes at the end of the pass, when nobody else has named it. */
function isUnnamed({ file }: UrlNode): boolean {
  return !file.isRoot && file.parents.size === 0;
}
