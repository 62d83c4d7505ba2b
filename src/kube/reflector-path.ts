import type { ResourcePath } from './reflection.ts';
import { ProtocolViolation } from './reflector-failure.ts';

/** What of a resource is read, and in which form. */
export interface Reading {
  readonly resource: ResourcePath;
  readonly fieldSelector?: string | undefined;
  /** Only metadata leaves the cluster. */
  readonly metadataOnly?: boolean | undefined;
}

/** Path of all objects of a resource, in all namespaces. */
export function resourcePath({ group, version, plural }: ResourcePath): string {
  return group === '' ? `/api/${version}/${plural}` : `/apis/${group}/${version}/${plural}`;
}

/** `Accept` for lists or watches of a reading. */
export function acceptOf({ metadataOnly }: Reading, form: 'list' | 'watch'): string {
  if (metadataOnly !== true) return 'application/json';
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
