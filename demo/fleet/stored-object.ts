import type { KubeObject } from './kube-object.ts';
import { encodeMessage } from './message-parts.ts';
import type { BackwardWriter } from './message-writer.ts';

/** An object at one resourceVersion; a change makes another one. */
export interface StoredObject {
  /** `namespace/name`, or the name alone where there are no namespaces: what lists are sorted by. */
  readonly key: string;
  readonly resourceVersion: number;
  /** The whole object. */
  readonly object: KubeObject;
  /** What selectors ask for, where that is had more cheaply than the whole object. What has it is not looked up by its owners. */
  readonly face?: () => KubeObject;
  /** The same as JSON, written once. */
  json(): string;
  /** Writes the same as a message, for kinds that can be sent as one; without kind and apiVersion. */
  writeMessage(writer: BackwardWriter): void;
}

/** An object held as it is; its JSON and its message are written when it is first sent. */
export class PlainObject implements StoredObject {
  readonly key: string;
  readonly resourceVersion: number;
  readonly object: KubeObject;
  #json: string | undefined;
  #message: Buffer | undefined;

  constructor(object: KubeObject, resourceVersion: number) {
    this.key = keyOf(object.metadata.namespace, object.metadata.name);
    this.resourceVersion = resourceVersion;
    this.object = object;
  }

  json(): string {
    return (this.#json ??= JSON.stringify(this.object));
  }

  writeMessage(writer: BackwardWriter): void {
    writer.bytes((this.#message ??= encodeMessage(this.object.kind, this.object)));
  }
}

/** What an object is found by within its resource. */
export function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}

/** What selectors look at. */
export function faceOf(stored: StoredObject): KubeObject {
  return stored.face?.() ?? stored.object;
}
