/** An object of Kubernetes as JSON brought it, of which only this is certain. */
export interface KubeObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** A resource as requests name it, from discovery. */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly isNamespaced: boolean;
}

/** One line of a watch. */
export interface WatchedChange {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
}

/** How reading one resource goes. */
export interface ReadingState {
  /**
   * - `reading`: a list is under way
   * - `ok`: listed, and the watch lives
   * - `denied`: 401 or 403
   * - `unreachable`: no connection, or none that answers
   * - `absent`: 404: the cluster does not have it any more; reading has ended, discovery must look again
   */
  readonly outcome: 'reading' | 'ok' | 'denied' | 'unreachable' | 'absent';
  /** One word; see `LiveReason.code`. */
  readonly code?: string | undefined;
  readonly message?: string | undefined;
}

/**
 * Takes what a reflector reads, in order. What it returns is waited for, so a full queue slows the reading and loses nothing.
 * Objects are handed on as the server sent them: one that breaks the rules must not hide the others, so who takes one must
 * be ready for fields of any type, or for none.
 */
export interface ReflectionSink {
  /** A whole list begins. What is held stays as it is until `listed`. */
  listing(): void;
  /** A part of the list. */
  page(objects: readonly KubeObject[]): Promise<void> | void;
  /** The list is whole: it takes the place of what was held; what it does not have is gone. */
  listed(resourceVersion: string): Promise<void> | void;
  /** Changes in order; all of them together bring it to `resourceVersion`. Without changes: a bookmark. */
  changed(changes: readonly WatchedChange[], resourceVersion: string): Promise<void> | void;
  state(state: ReadingState): void;
}
