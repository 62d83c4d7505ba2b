import type { LocationState } from '../model/location.ts';
import type { DeclaredEntity } from './descriptor.ts';
import type { FileTree, TreeFile } from './file-tree.ts';
import type { Finding } from './finding.ts';
import { lastingOf, type Lasting, linksNow } from './lasting-targets.ts';
import type { LocationReading, SourceContext, SourceEvent, SourceRoot, TargetLink } from './source.ts';
import { aimsOf, childrenOf, hash, KEPT, UNREADABLE, type HeldReading, type UrlNode } from './url-node.ts';

/** Files that wait for those that they name are told as they are once they have so many characters together. */
const HELD_CHARACTERS = 32 * 1024 * 1024;
/** Entities told in one batch, in characters. */
const BATCH_CHARACTERS = 4 * 1024 * 1024;

/** What a run of a URL source tells: readings, when it is known how those are that a file names, in a fixed order. */
export class UrlTelling {
  readonly #root: SourceRoot;
  readonly #context: SourceContext;
  readonly #tree: FileTree;
  readonly #nodes: ReadonlyMap<string, UrlNode>;
  readonly #held = new Map<string, HeldReading>();
  #heldCharacters = 0;
  #events: SourceEvent[] = [];

  /** @param nodes the URLs in the order in which they were found */
  constructor(root: SourceRoot, context: SourceContext, tree: FileTree, nodes: ReadonlyMap<string, UrlNode>) {
    this.#root = root;
    this.#context = context;
    this.#tree = tree;
    this.#nodes = nodes;
  }

  /** Keeps what was read until it can be told. */
  hold(held: HeldReading): void {
    this.#drop(held.node.file.path);
    this.#held.set(held.node.file.path, held);
    this.#heldCharacters += charactersOf(held.result.descriptor.entities);
  }

  /** Tells what is held as far as it can be told, and all of it at the end of a pass. */
  tellHeld(isEnd: boolean): void {
    const tellsAll = isEnd || this.#heldCharacters > HELD_CHARACTERS;
    for (const { file } of this.#nodes.values()) {
      const held = this.#held.get(file.path);
      if (held === undefined) continue;
      const isReady = [...file.children].every((url) => this.#nodes.get(url)?.status !== 'new');
      // Whoever names it comes first.
      const parent = this.#tree.parentOf(file);
      if (!tellsAll && (!isReady || (parent !== undefined && this.#held.has(parent.path)))) continue;
      this.#drop(file.path);
      this.#tellReading(held);
    }
  }

  /** Tells what a file links to elsewhere. @param lasts says which former links hold although the file does not name them */
  tellLinks({ path }: TreeFile, links: readonly TargetLink[], lasts: Lasting): void {
    const location = `url:${path}`;
    const all = linksNow(links, lasts, location, this.#context);
    if (all.length + this.#context.linksOf(location).length === 0) return;
    this.#events.push({ type: 'links', location, links: all });
  }

  /** Tells that the root itself cannot be read. */
  tellFault({ file, status, message }: UrlNode, isOptional: boolean): void {
    const isMissing = status === 'missing';
    const finding: Finding = {
      code: isMissing ? 'target-missing' : UNREADABLE,
      severity: 'error',
      message,
      fix: isMissing ? `Correct the location (${this.#root.configuredAt}), or remove it` : KEPT,
    };
    const fingerprint = isOptional ? 'M' : `U${hash(message)}`;
    const findings = isOptional ? [] : [finding];
    this.#tell(file, { ...this.#blank(file), fingerprint, findings, hasUnreadable: !isOptional });
  }

  /** Tells that there is nothing at a location any more. */
  tellGone(url: string): void {
    this.#drop(url);
    if (this.known(url) !== undefined) this.#events.push({ type: 'gone', location: `url:${url}` });
  }

  /** What the catalog holds of a URL from this source; what it holds from another one is told all the same. */
  known(url: string): LocationState | undefined {
    const known = this.#context.known(`url:${url}`);
    return known?.source === this.#root.location ? known : undefined;
  }

  /** What is to be told, in batches. */
  *batches(): Generator<readonly SourceEvent[]> {
    const events = this.#events;
    this.#events = [];
    let from = 0;
    let characters = 0;
    for (const [index, event] of events.entries()) {
      characters += event.type === 'read' ? charactersOf(event.reading.entities) : 0;
      if (characters <= BATCH_CHARACTERS || index === from) continue;
      yield events.slice(from, index);
      from = index;
      characters = 0;
    }
    if (from < events.length) yield events.slice(from);
  }

  #drop(url: string): void {
    const held = this.#held.get(url);
    if (held === undefined) return;
    this.#held.delete(url);
    this.#heldCharacters -= charactersOf(held.result.descriptor.entities);
  }

  #tellReading({ node, result, targets }: HeldReading): void {
    const { file } = node;
    const { descriptor, content } = result;
    const { findings, links, aimless } = aimsOf(targets, this.#nodes, this.#context.exact);
    node.toldChildren = childrenOf(file, this.#nodes);
    this.tellLinks(file, links, lastingOf(descriptor));
    const suffix = targets.length === 0 ? '' : `+${hash(JSON.stringify([findings, [...aimless]]))}`;
    this.#tell(file, {
      ...this.#blank(file),
      fingerprint: content + suffix,
      entities: descriptor.entities.filter(({ ref }) => !aimless.has(ref)),
      findings: [...descriptor.findings, ...findings],
      invalidRefs: [...descriptor.invalidRefs, ...aimless],
      hasUnreadable: descriptor.hasUnreadable,
    });
  }

  #tell(file: TreeFile, reading: LocationReading): void {
    const known = this.known(file.path);
    if (known?.fingerprint === reading.fingerprint && known.parentEntity === reading.parentEntity) return;
    this.#events.push({ type: 'read', reading });
  }

  /** A reading that says nothing yet and so removes nothing. */
  #blank(file: TreeFile): LocationReading {
    const parent = this.#tree.parentOf(file);
    return {
      location: `url:${file.path}`,
      parent: parent === undefined ? this.#root.parent : `url:${parent.path}`,
      parentEntity: parent?.entityRef ?? this.#root.parentEntity,
      fingerprint: '',
      entities: [],
      findings: [],
      invalidRefs: [],
      hasUnreadable: true,
    };
  }
}

function charactersOf(entities: readonly DeclaredEntity[]): number {
  return entities.reduce((sum, { body }) => sum + body.length, 0);
}
