import { ApiStatusError } from './api-status.ts';
import { type JsonMap, plainText } from './kube-object.ts';
import { encodeMessage } from './message-parts.ts';
import type { BackwardWriter } from './message-writer.ts';
import {
  enveloped,
  hasMessages,
  listMessage,
  PROTOBUF,
  statusMessage,
  watchFrame,
  writeEnvelope,
  written,
} from './messages.ts';
import { apiVersionOf, type Resource } from './resources.ts';
import type { StoredObject } from './stored-object.ts';
import { tableColumns, tableRow } from './tables.ts';

/** In which form objects are sent. */
export interface Representation {
  readonly form: 'object' | 'table' | 'metadata';
  /** What a row of a table holds of its object. */
  readonly include: 'None' | 'Metadata' | 'Object';
  /** Objects go out as protocol buffers. */
  readonly isMessage?: true;
}

/**
 * The first form of an `Accept` header that a resource can be sent in.
 * @throws ApiStatusError 406 where there is none
 */
export function representationOf(
  accept: string | undefined,
  includeObject: string | null,
  resource: Resource,
): Representation {
  const include = includeObject === 'None' || includeObject === 'Object' ? includeObject : 'Metadata';
  for (const offer of (accept ?? '*/*').split(',')) {
    const [type = '', ...parameters] = offer.trim().split(';');
    if (type.trim() === PROTOBUF && parameters.length === 0 && hasMessages(resource))
      return { form: 'object', include, isMessage: true };
    if (!['application/json', '*/*', 'application/*'].includes(type.trim())) continue;
    const as = parameters
      .map((text) => text.trim())
      .find((text) => text.startsWith('as='))
      ?.slice(3);
    if (as === undefined) return { form: 'object', include };
    if (as === 'Table') return { form: 'table', include };
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return { form: 'metadata', include };
  }
  throw new ApiStatusError(
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/json;as=Table;g=meta.k8s.io;v=v1',
  );
}

/** The media type of an answer in a form. */
export function mediaType({ isMessage }: Representation, isWatch = false): string {
  if (isMessage !== true) return 'application/json';
  return isWatch ? `${PROTOBUF};stream=watch` : PROTOBUF;
}

/** Why a request failed, as its client reads it. */
export function refusalOf(
  accept: string | undefined,
  { body }: ApiStatusError,
): { readonly type: string; readonly bytes: string | Buffer } {
  if (accept?.trim().startsWith(PROTOBUF) === true) return { type: PROTOBUF, bytes: statusMessage(body) };
  return { type: 'application/json', bytes: JSON.stringify(body) };
}

/** One object in a form. */
export function objectBytes(stored: StoredObject, resource: Resource, how: Representation, now: Date): string | Buffer {
  if (how.isMessage === true) return written((writer) => writeObject(writer, stored, resource));
  return objectText(stored, resource, how, now);
}

/** One change of a watch in a form, with its end. `isFirst`: rows of a watch have columns in the first one only. */
export function changeBytes(
  type: string,
  stored: StoredObject,
  resource: Resource,
  how: Representation,
  now: Date,
  isFirst: boolean,
): string | Buffer {
  if (how.isMessage === true) return watchFrame(type, (writer) => writeObject(writer, stored, resource));
  return eventBytes(type, objectText(stored, resource, how, now, isFirst));
}

/** One event of a watch in a form, with its end. */
export function eventBytes(type: string, object: string | Buffer): string | Buffer {
  if (typeof object === 'string') return `{"type":"${type}","object":${object}}\n`;
  return watchFrame(type, (writer) => writer.bytes(object));
}

function writeObject(writer: BackwardWriter, stored: StoredObject, resource: Resource): void {
  writeEnvelope(writer, apiVersionOf(resource), resource.kind, () => stored.writeMessage(writer));
}

/** One object that is not stored, such as a bookmark or a Status, in a form. */
export function otherBytes(kind: string, object: JsonMap, how: Representation): string | Buffer {
  if (how.isMessage !== true) return JSON.stringify(object);
  return enveloped(plainText(object['apiVersion']), kind, (writer) => writer.bytes(encodeMessage(kind, object)));
}

/** A list in a form. */
export function listBytes(
  items: readonly StoredObject[],
  resource: Resource,
  how: Representation,
  now: Date,
  meta: ListMeta,
): string | Buffer {
  if (how.isMessage !== true) return [...listTexts(items, resource, how, now, meta)].join('');
  return listMessage(apiVersionOf(resource), resource.kind, { ...meta }, items);
}

function objectText(stored: StoredObject, resource: Resource, how: Representation, now: Date, isFirst = true): string {
  switch (how.form) {
    case 'object':
      return stored.json();
    case 'metadata':
      return JSON.stringify(partialMetadata(stored));
    case 'table':
      return JSON.stringify(tableOf([stored], resource, how, now, {}, isFirst));
  }
}

/** What a list has besides its items. */
export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** A list in a form, as JSON texts to be sent one after the other. */
function* listTexts(
  items: readonly StoredObject[],
  resource: Resource,
  how: Representation,
  now: Date,
  meta: ListMeta,
): Generator<string> {
  if (how.form === 'table') {
    yield JSON.stringify(tableOf(items, resource, how, now, meta, true));
    return;
  }
  const isPartial = how.form === 'metadata';
  const apiVersion = isPartial ? 'meta.k8s.io/v1' : apiVersionOf(resource);
  const kind = isPartial ? 'PartialObjectMetadataList' : `${resource.kind}List`;
  yield `{"kind":"${kind}","apiVersion":"${apiVersion}","metadata":${JSON.stringify(meta)},"items":[`;
  let isFirst = true;
  for (const stored of items) {
    const text = isPartial ? JSON.stringify(partialMetadata(stored)) : withoutType(stored.json());
    yield isFirst ? text : `,${text}`;
    isFirst = false;
  }
  yield ']}\n';
}

/** Items of a list carry no kind and apiVersion. */
function withoutType(json: string): string {
  return json.startsWith('{"kind":') ? `{${json.slice(json.indexOf('"metadata":'))}` : json;
}

function partialMetadata(stored: StoredObject): JsonMap {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: stored.object.metadata };
}

function tableOf(
  items: readonly StoredObject[],
  resource: Resource,
  how: Representation,
  now: Date,
  meta: object,
  hasColumns: boolean,
): object {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: meta,
    columnDefinitions: hasColumns ? tableColumns(resource) : null,
    rows: items.map((stored) => ({
      cells: tableRow(resource, stored.object, now),
      object: how.include === 'None' ? null : how.include === 'Object' ? stored.object : partialMetadata(stored),
    })),
  };
}
