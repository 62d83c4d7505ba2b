import type { RenderedEntity } from '../../../src/model/entity.ts';
import type { JsonObject, JsonValue } from '../../../src/model/json.ts';
import { isJsonObject } from '../../../src/model/json.ts';
import { entityRefOf, formatEntityRef, parseEntityRef } from '../../../src/model/ref.ts';

/** What one row of the list shows. Refs are canonical. */
export interface RowFields {
  readonly ref: string;
  readonly title: string;
  /** True where the title reads otherwise than the name, by which lists are sorted. */
  readonly isRenamed: boolean;
  readonly description: string | undefined;
  readonly kind: string;
  readonly type: string | undefined;
  readonly lifecycle: string | undefined;
  readonly owner: string | undefined;
  /** The system, or for a system its domain: what it is a part of. */
  readonly partOf: string | undefined;
  /** Changes when the entity does. */
  readonly etag: string | undefined;
}

/** Reads a row from an entity that may hold only some of its fields. */
export function readRow(entity: RenderedEntity): RowFields {
  const spec = entity.spec ?? {};
  const namespace = entity.metadata.namespace;
  const refAt = (key: string, defaultKind: string): string | undefined => {
    const written = textAt(spec, key);
    const parts =
      written === undefined ? undefined : parseEntityRef(written, { defaultKind, defaultNamespace: namespace });
    return parts && formatEntityRef(parts);
  };
  const { name } = entity.metadata;
  const generated = name.startsWith('generated-') ? textAt(spec, 'target') : undefined;
  const title = entity.metadata.title ?? displayName(spec) ?? generated ?? name;
  return {
    ref: entityRefOf(entity),
    title,
    // A generated name is a hash that says nothing to anybody.
    isRenamed: generated === undefined && lettersOf(title) !== lettersOf(name),
    description: entity.metadata.description,
    kind: entity.kind,
    type: textAt(spec, 'type'),
    lifecycle: textAt(spec, 'lifecycle'),
    owner: refAt('owner', 'Group'),
    partOf: refAt('system', 'System') ?? refAt('domain', 'Domain'),
    etag: entity.metadata.etag,
  };
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{Letter}\p{Number}]/gu, '');
}

function displayName(spec: JsonObject): string | undefined {
  const profile = spec['profile'];
  return isJsonObject(profile) ? textAt(profile, 'displayName') : undefined;
}

function textAt(object: JsonObject, key: string): string | undefined {
  const value: JsonValue | undefined = object[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
