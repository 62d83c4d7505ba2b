import { ApiStatusError } from './api-status.ts';
import type { Collection, StoreEvent } from './collection.ts';
import { changeBytes, eventBytes, listBytes, otherBytes, type Representation } from './representation.ts';
import { apiVersionOf, type Resource } from './resources.ts';
import { fieldSelector, labelSelector, type Matches } from './selectors.ts';
import { faceOf, type StoredObject } from './stored-object.ts';

/** Which objects of a resource are asked for. */
export interface Choice {
  readonly resource: Resource;
  /** Absent: all namespaces. */
  readonly namespace: string | undefined;
  readonly matches: Matches;
  /** All of them are: nothing of an object needs to be looked at. */
  readonly isAll: boolean;
}

/** Reads selectors of a request. `name`: a single object is meant. @throws ApiStatusError 400 */
export function choiceOf(
  resource: Resource,
  namespace: string | undefined,
  query: URLSearchParams,
  name?: string,
): Choice {
  const byLabel = labelSelector(query.get('labelSelector') ?? '');
  const byField = fieldSelector(query.get('fieldSelector') ?? '', resource.kind);
  const isNamed: Matches = name === undefined ? () => true : (object) => object.metadata.name === name;
  const isSelected = Boolean(query.get('labelSelector')) || Boolean(query.get('fieldSelector'));
  const isAll = namespace === undefined && name === undefined && !isSelected;
  return { resource, namespace, matches: (object) => isNamed(object) && byLabel(object) && byField(object), isAll };
}

function isChosen({ namespace, matches, isAll }: Choice, stored: StoredObject): boolean {
  if (isAll) return true;
  const object = faceOf(stored);
  return (namespace === undefined || object.metadata.namespace === namespace) && matches(object);
}

/** Where the next page of a list begins. `resourceVersion` -1: with what is there then. */
interface Continuation {
  readonly resourceVersion: number;
  readonly after: string;
}

function writeToken(token: Continuation): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: token.resourceVersion, start: token.after })).toString(
    'base64url',
  );
}

function readToken(text: string): Continuation {
  try {
    const { rv, start } = JSON.parse(Buffer.from(text, 'base64url').toString()) as { rv?: unknown; start?: unknown };
    if (typeof rv === 'number' && typeof start === 'string') return { resourceVersion: rv, after: start };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ApiStatusError('BadRequest', 'continue key is not valid');
}

/** A list that was asked for: what is sent. */
export interface ListAnswer {
  readonly items: readonly StoredObject[];
  readonly resourceVersion: number;
  readonly continue: string | undefined;
  readonly remaining: number;
}

/**
 * One page of a list. Pages that follow the first show the same resourceVersion, until history is cut.
 * @param now resourceVersion of the cluster
 * @throws ApiStatusError 400, 410 (with a token for what is there now), 422, 504
 */
export function listPage(collection: Collection, choice: Choice, query: URLSearchParams, now: number): ListAnswer {
  checkListVersion(query, now);
  const limit = Number(query.get('limit') ?? 0);
  const token = query.get('continue') ?? '';
  if (token === '') {
    const all = limit > 0 ? collection.snapshot(now) : collection.list();
    return cut(
      all.filter((stored) => isChosen(choice, stored)),
      now,
      limit,
    );
  }
  const { resourceVersion, after } = readToken(token);
  const list = resourceVersion === -1 ? collection.list() : collection.snapshotAt(resourceVersion);
  if (list === undefined) {
    throw new ApiStatusError(
      'Expired',
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
      undefined,
      writeToken({ resourceVersion: -1, after }),
    );
  }
  const rest = list.filter((stored) => stored.key > after && isChosen(choice, stored));
  return cut(rest, resourceVersion === -1 ? now : resourceVersion, limit);
}

function cut(list: readonly StoredObject[], resourceVersion: number, limit: number): ListAnswer {
  const items = limit > 0 ? list.slice(0, limit) : list;
  const remaining = list.length - items.length;
  const last = items.at(-1);
  const next = remaining > 0 && last ? writeToken({ resourceVersion, after: last.key }) : undefined;
  return { items, resourceVersion, continue: next, remaining };
}

/** The rules on resourceVersion, resourceVersionMatch and sendInitialEvents of a list (apimachinery, list options). */
function checkListVersion(query: URLSearchParams, now: number): void {
  const version = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  const refuse = (field: string, told: string): never => {
    throw new ApiStatusError('Invalid', `ListOptions.meta.k8s.io "" is invalid: ${field}: Forbidden: ${told}`);
  };
  if (query.has('sendInitialEvents')) refuse('sendInitialEvents', 'sendInitialEvents is forbidden for list');
  if (match !== '') {
    if (version === '')
      refuse('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided');
    if (query.get('continue'))
      refuse('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided');
    if (match === 'Exact' && version === '0')
      refuse('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  }
  if (query.get('continue') && version !== '' && version !== '0') {
    throw new ApiStatusError('BadRequest', 'specifying resource version is not allowed when using continue');
  }
  if (version !== '' && !/^\d+$/.test(version))
    throw new ApiStatusError('BadRequest', `Invalid resource version: "${version}"`);
  if (Number(version) > now) throw tooLarge(Number(version), now);
}

function tooLarge(wanted: number, now: number): ApiStatusError {
  return new ApiStatusError('Timeout', `Too large resource version: ${wanted}, current: ${now}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

/** A page of a list, as it is sent. */
export function pageBytes(page: ListAnswer, resource: Resource, how: Representation, now: Date): string | Buffer {
  return listBytes(page.items, resource, how, now, {
    resourceVersion: String(page.resourceVersion),
    ...(page.continue === undefined ? {} : { continue: page.continue, remainingItemCount: page.remaining }),
  });
}

/** What a watch is asked for, and where its lines go. */
export interface WatchRequest {
  readonly collection: Collection;
  readonly choice: Choice;
  readonly query: URLSearchParams;
  readonly how: Representation;
  /** True where the server can send a list as a stream (WatchList). */
  readonly hasWatchList: boolean;
  resourceVersion(): number;
  time(): Date;
  /** Takes one event: a line of JSON with its end, or a frame. */
  write(event: string | Buffer): void;
  /** How objects are sent; absent: as they are. */
  readonly disguise?: (stored: StoredObject) => StoredObject;
}

/**
 * Begins a watch: what is there or was missed first, then every change as it happens.
 * @returns what ends it, and what sends a bookmark
 * @throws ApiStatusError 422 where a list cannot be streamed
 */
export function startWatch(request: WatchRequest): {
  readonly stop: () => void;
  /** @param behind how far its resourceVersion lies behind the cluster's */
  readonly bookmark: (behind?: number) => void;
} {
  const { collection, choice, query, how } = request;
  const version = query.get('resourceVersion') ?? '';
  const wantsInitial = query.get('sendInitialEvents') === 'true';
  checkWatch(query, request.hasWatchList);
  let isFirst = true;
  const send = (type: string, stored: StoredObject): void => {
    const sent = request.disguise?.(stored) ?? stored;
    request.write(changeBytes(type, sent, choice.resource, how, request.time(), isFirst));
    isFirst = false;
  };
  const bookmark = (behind: number, annotations?: Readonly<Record<string, string>>): void => {
    const { kind } = choice.resource;
    const metadata = {
      resourceVersion: String(Math.max(1, request.resourceVersion() - behind)),
      creationTimestamp: null,
      ...(annotations && { annotations }),
    };
    const object = {
      kind: how.form === 'object' ? kind : how.form === 'table' ? 'Table' : 'PartialObjectMetadata',
      apiVersion: how.form === 'object' ? apiVersionOf(choice.resource) : 'meta.k8s.io/v1',
      metadata,
    };
    request.write(eventBytes('BOOKMARK', otherBytes(kind, object, how)));
  };
  const onEvent = (event: StoreEvent): void => {
    const change = asSeen(choice, event);
    if (change) send(change, event.stored);
  };
  if (wantsInitial || version === '' || version === '0') {
    for (const stored of collection.list()) if (isChosen(choice, stored)) send('ADDED', stored);
    if (wantsInitial) bookmark(0, { 'k8s.io/initial-events-end': 'true' });
  } else {
    for (const event of collection.since(Number(version))) onEvent(event);
  }
  const stop = collection.listen(onEvent);
  return {
    stop,
    bookmark: (behind = 0) => {
      if (query.get('allowWatchBookmarks') === 'true') bookmark(behind);
    },
  };
}

/** How a change looks to a watch that sees some objects only: they come and go as they begin and cease to match. */
function asSeen(choice: Choice, { type, stored, before }: StoreEvent): StoreEvent['type'] | undefined {
  const was = before !== undefined && isChosen(choice, before);
  const is = type !== 'DELETED' && isChosen(choice, stored);
  if (was) return is ? 'MODIFIED' : 'DELETED';
  return is ? 'ADDED' : undefined;
}

function checkWatch(query: URLSearchParams, hasWatchList: boolean): void {
  const version = query.get('resourceVersion') ?? '';
  if (version !== '' && !/^\d+$/.test(version))
    throw new ApiStatusError('BadRequest', `Invalid resource version: "${version}"`);
  const refuse = (field: string, told: string): never => {
    throw new ApiStatusError('Invalid', `ListOptions.meta.k8s.io "" is invalid: ${field}: Forbidden: ${told}`);
  };
  const match = query.get('resourceVersionMatch') ?? '';
  if (!query.has('sendInitialEvents')) {
    if (match !== '')
      refuse(
        'resourceVersionMatch',
        'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
      );
    return;
  }
  if (!hasWatchList)
    refuse(
      'sendInitialEvents',
      'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
    );
  if (match !== 'NotOlderThan')
    refuse('resourceVersionMatch', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
}
