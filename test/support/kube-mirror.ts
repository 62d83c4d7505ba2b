import type { KubeObject, ReadingState, ReflectionSink, WatchedChange } from '../../src/kube/reflection.ts';

/** Holds what a reflector tells, as plainly as can be, and what would be wrong to tell. */
export class KubeMirror implements ReflectionSink {
  /** resourceVersions by `namespace/name`. */
  readonly held = new Map<string, string>();
  readonly states: ReadingState[] = [];
  readonly mistakes: string[] = [];
  resourceVersion: string | undefined;
  lists = 0;
  pages = 0;
  changes = 0;
  batches = 0;
  /** Objects without a name that could be read. */
  unreadable = 0;
  #list: Map<string, string> | undefined;

  /** @param from version of what is held already */
  constructor(from?: string) {
    this.resourceVersion = from;
  }

  get outcome(): ReadingState['outcome'] | undefined {
    return this.states.at(-1)?.outcome;
  }

  listing(): void {
    this.lists += 1;
    this.#list = new Map();
  }

  page(objects: readonly KubeObject[]): void {
    this.pages += 1;
    if (this.#list === undefined) this.mistakes.push('a page without a list');
    for (const object of objects) this.#put(this.#list ?? new Map(), object);
  }

  listed(resourceVersion: string): void {
    if (this.#list === undefined) this.mistakes.push('a list that did not begin');
    this.held.clear();
    for (const [key, version] of this.#list ?? []) this.held.set(key, version);
    this.#list = undefined;
    this.resourceVersion = resourceVersion;
  }

  changed(changes: readonly WatchedChange[], resourceVersion: string): void {
    if (this.resourceVersion === undefined) this.mistakes.push('changes before a list');
    this.batches += 1;
    this.changes += changes.length;
    for (const { type, object } of changes) {
      if (type === 'DELETED') this.held.delete(keyOf(object));
      else this.#put(this.held, object);
    }
    this.resourceVersion = resourceVersion;
  }

  state(state: ReadingState): void {
    this.states.push(state);
  }

  /** The states so far, as `<outcome> <code>`. */
  get told(): readonly string[] {
    return this.states.map(({ outcome, code }) => (code === undefined ? outcome : `${outcome} ${code}`));
  }

  #put(into: Map<string, string>, object: KubeObject): void {
    const metadata = object?.metadata as unknown as Record<string, unknown> | null | undefined;
    if (typeof metadata?.['name'] === 'string') into.set(keyOf(object), object.metadata.resourceVersion);
    else this.unreadable += 1;
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
