import { PROTOBUF } from './protobuf-envelope.ts';
import type { MessageForm } from './protobuf-shape.ts';
import type { ResourcePath } from './reflection.ts';
import { ProtocolViolation } from './reflector-failure.ts';

/** What of a resource is read, and in which form. */
export interface Reading {
  readonly resource: ResourcePath;
  readonly fieldSelector?: string | undefined;
  /** Only metadata leaves the cluster. */
  readonly metadataOnly?: boolean | undefined;
  /**
   * What is read of an object where the server sends it as protocol buffers, which it is asked for then: half the bytes for
   * the wire, less work for both sides. Absent: JSON.
   */
  readonly protobuf?: MessageForm | undefined;
}

/** Path of all objects of a resource, in all namespaces. */
export function resourcePath({ group, version, plural }: ResourcePath): string {
  return group === '' ? `/api/${version}/${plural}` : `/apis/${group}/${version}/${plural}`;
}

/** `Accept` for lists or watches of a reading. */
export function acceptOf({ metadataOnly, protobuf }: Reading, form: 'list' | 'watch'): string {
  if (metadataOnly !== true) return protobuf === undefined ? 'application/json' : `${PROTOBUF},application/json`;
  const kind = form === 'list' ? 'PartialObjectMetadataList' : 'PartialObjectMetadata';
  return `application/json;as=${kind};g=meta.k8s.io;v=v1`;
}

/** The parts of a query that choose objects. */
export function selectorOf({ fieldSelector }: Reading): Readonly<Record<string, string>> {
  return fieldSelector === undefined ? {} : { fieldSelector };
}

/** A value as a map. @throws ProtocolViolation where it is none */
export function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ProtocolViolation('The answer is not laid out as an API server does it');
  return value as Readonly<Record<string, unknown>>;
}
