import { ApiStatusError, invalid } from './api-status.ts';
import { applyPatch } from './apply.ts';
import { isMap, type Json, type JsonMap, type KubeObject, mapAt, numberAt, textAt, plainText } from './kube-object.ts';
import type { NewObject, ObjectStore } from './object-store.ts';
import { wholeSeconds } from './object-store.ts';
import { jsonPatch, mergePatch, strategicPatch } from './patches.ts';
import { apiVersionOf, type Resource } from './resources.ts';
import { keyOf, type StoredObject } from './stored-object.ts';
import { completed } from './defaults.ts';

/** A request that writes, as it was read. */
export interface WriteRequest {
  readonly store: ObjectStore;
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly subresource: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: Json;
  readonly now: Date;
  readonly random: () => string;
}

const nameForm = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
/** Letters of generated names: no vowels, nothing that looks like something else. */
const SUFFIX_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** A name's random end, as `generateName` makes it. @param random in [0, 1) */
export function nameSuffix(random: () => number): string {
  return Array.from({ length: 5 }, () => SUFFIX_LETTERS[Math.floor(random() * SUFFIX_LETTERS.length)] ?? 'x').join('');
}

const isDryRun = (query: URLSearchParams): boolean => query.getAll('dryRun').includes('All');

/** POST. @throws ApiStatusError 400, 404, 409, 422 */
export function createObject(request: WriteRequest): StoredObject {
  const { store, resource, namespace, query, now } = request;
  const object = checked(request, request.body);
  const generate = textAt(object, 'metadata', 'generateName');
  const name = textAt(object, 'metadata', 'name') || (generate === '' ? '' : generate + request.random());
  if (name === '') {
    throw invalid(resource.kind, resource.group, '', [
      {
        field: 'metadata.name',
        message: 'Required value: name or generateName is required',
        reason: 'FieldValueRequired',
      },
    ]);
  }
  checkName(resource, name);
  checkNamespace(request, object);
  const { status: _, ...given } = object;
  const metadata = {
    ...mapAt(object, 'metadata'),
    name,
    ...(resource.isNamespaced ? { namespace: namespace ?? 'default' } : {}),
  };
  const hasStatus = resource.subresources.includes('status');
  const whole = completed(resource, { ...(hasStatus ? given : object), metadata } as NewObject, now);
  return store.create(resource, withManager(whole, request, 'Update'), isDryRun(query));
}

/** PUT of an object or of its status. @throws ApiStatusError 400, 404, 409, 422 */
export function replaceObject(request: WriteRequest): StoredObject {
  const object = checked(request, request.body);
  const before = request.store.get(request.resource, request.namespace, request.name);
  return save(request, before, object, textAt(object, 'metadata', 'resourceVersion'), 'Update');
}

/** PATCH in any of the five forms. @throws ApiStatusError 400, 404, 409, 415, 422 */
export function patchObject(request: WriteRequest): { readonly stored: StoredObject; readonly isNew: boolean } {
  const { store, resource, namespace, name, contentType, body } = request;
  if (contentType === 'application/apply-patch+yaml' || contentType === 'application/apply-patch+cbor') {
    const known = store.collection(resource).get(keyOf(namespace, name));
    const applied = applyPatch(known?.object, body, request.query.get('fieldManager') ?? '', {
      isForced: request.query.get('force') === 'true',
      now: wholeSeconds(request.now),
    });
    if (known) return { stored: save(request, known, applied, undefined, 'Apply'), isNew: false };
    const object = { ...applied, metadata: { ...mapAt(applied, 'metadata'), name } };
    const stored = createApplied(request, object as unknown as NewObject);
    return { stored, isNew: true };
  }
  const before = store.get(resource, namespace, name);
  const target = before.object as Json;
  const next = patched(contentType, target, body);
  if (!isMap(next)) throw new ApiStatusError('BadRequest', 'the patch does not leave an object');
  const expected = isMap(body) ? textAt(body, 'metadata', 'resourceVersion') : undefined;
  return { stored: save(request, before, next, expected, 'Update'), isNew: false };
}

function createApplied(request: WriteRequest, object: NewObject): StoredObject {
  checkName(request.resource, object.metadata.name);
  checkNamespace(request, object);
  const metadata = {
    ...object.metadata,
    ...(request.resource.isNamespaced ? { namespace: request.namespace ?? 'default' } : {}),
  };
  const whole = completed(request.resource, { ...object, metadata } as NewObject, request.now);
  return request.store.create(request.resource, whole, isDryRun(request.query));
}

function patched(contentType: string, target: Json, body: Json): Json | undefined {
  switch (contentType) {
    case 'application/json-patch+json':
      return jsonPatch(target, body);
    case 'application/merge-patch+json':
      return mergePatch(target, body);
    case 'application/strategic-merge-patch+json':
      return strategicPatch(target, body);
    default:
      throw new ApiStatusError(
        'UnsupportedMediaType',
        `the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml`,
      );
  }
}

/** Stores the next state: through `status` only the status changes, else everything but it. */
function save(
  request: WriteRequest,
  before: StoredObject,
  given: JsonMap,
  expected: string | undefined,
  operation: 'Update' | 'Apply',
): StoredObject {
  const { store, resource, subresource, query, now } = request;
  const own = before.object;
  const named = textAt(given, 'metadata', 'name');
  if (named !== '' && named !== own.metadata.name) {
    throw new ApiStatusError(
      'BadRequest',
      `the name of the object (${named}) does not match the name on the URL (${own.metadata.name})`,
    );
  }
  const hasStatus = resource.subresources.includes('status');
  const metadata = {
    ...mapAt(given, 'metadata'),
    name: own.metadata.name,
    ...(own.metadata.namespace !== undefined && { namespace: own.metadata.namespace }),
  };
  const next: JsonMap =
    subresource === 'status'
      ? { ...own, status: given['status'] ?? {} }
      : { ...given, metadata, ...(hasStatus ? { status: own['status'] ?? undefined } : {}) };
  const whole = completed(resource, next as NewObject, now);
  const marked = operation === 'Apply' ? whole : withManager(whole, request, operation);
  return store.update(resource, marked as unknown as KubeObject, {
    ...(expected !== undefined && { expected }),
    isDry: isDryRun(query),
  });
}

/** Who wrote last, so that `--show-managed-fields` and conflicts have something to tell. */
function withManager(object: NewObject, request: WriteRequest, operation: 'Update'): NewObject {
  const manager = request.query.get('fieldManager') ?? 'unknown';
  const known = object.metadata['managedFields'];
  const others = (Array.isArray(known) ? (known as Json[]) : []).filter(
    (each) => !(textAt(each, 'manager') === manager && textAt(each, 'operation') === operation),
  );
  const entry = {
    manager,
    operation,
    apiVersion: apiVersionOf(request.resource),
    time: wholeSeconds(request.now),
    fieldsType: 'FieldsV1',
    fieldsV1: {},
    ...(request.subresource === '' ? {} : { subresource: request.subresource }),
  };
  return { ...object, metadata: { ...object.metadata, managedFields: [...others, entry] } };
}

/** GET of `scale`. */
export function scaleOf(stored: StoredObject): JsonMap {
  const { metadata } = stored.object;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const labels = mapAt(stored.object, 'spec', 'selector', 'matchLabels');
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace !== undefined && { namespace }), uid, resourceVersion, creationTimestamp },
    spec: { replicas: numberAt(stored.object, 'spec', 'replicas') },
    status: {
      replicas: numberAt(stored.object, 'status', 'replicas'),
      selector: Object.entries(labels)
        .map(([key, value]) => `${key}=${plainText(value)}`)
        .join(','),
    },
  };
}

/** PUT or PATCH of `scale`: another number of replicas. @throws ApiStatusError */
export function writeScale(request: WriteRequest): StoredObject {
  const { store, resource, namespace, name, query, contentType } = request;
  const before = store.get(resource, namespace, name);
  const scale = contentType.endsWith('patch+json') ? patched(contentType, scaleOf(before), request.body) : request.body;
  const replicas = numberAt(scale, 'spec', 'replicas');
  if (!Number.isInteger(replicas) || replicas < 0) {
    throw invalid('Scale', 'autoscaling', name, [
      {
        field: 'spec.replicas',
        message: `Invalid value: ${replicas}: must be greater than or equal to 0`,
        reason: 'FieldValueInvalid',
      },
    ]);
  }
  const next = { ...before.object, spec: { ...mapAt(before.object, 'spec'), replicas } };
  const expected = textAt(scale, 'metadata', 'resourceVersion');
  return store.update(resource, next as unknown as KubeObject, { expected, isDry: isDryRun(query) });
}

/** DELETE of one object: at once, or when its finalizers are gone. @throws ApiStatusError 404, 409 */
export function deleteObject(request: WriteRequest): StoredObject {
  const { store, resource, namespace, name, query, body, now } = request;
  const before = store.get(resource, namespace, name);
  const expected = textAt(body, 'preconditions', 'uid');
  if (expected !== '' && expected !== before.object.metadata.uid) {
    throw new ApiStatusError(
      'Conflict',
      `the UID in the precondition (${expected}) does not match the UID in record (${before.object.metadata.uid})`,
    );
  }
  const isDry =
    isDryRun(query) || (isMap(body) && Array.isArray(body['dryRun']) && (body['dryRun'] as Json[]).includes('All'));
  if (isDry) return before;
  const policy = textAt(body, 'propagationPolicy') || query.get('propagationPolicy') || 'Background';
  const own = before.object.metadata.finalizers ?? [];
  const finalizers = [...own, ...lingerings(resource, policy)];
  const grace =
    isMap(body) && typeof body['gracePeriodSeconds'] === 'number'
      ? body['gracePeriodSeconds']
      : numberAt(before.object, 'spec', 'terminationGracePeriodSeconds');
  const lingers =
    finalizers.length > 0 || (resource.kind === 'Pod' && grace > 0 && textAt(before.object, 'spec', 'nodeName') !== '');
  if (!lingers) return store.remove(resource, before);
  if (before.object.metadata.deletionTimestamp !== undefined) return before;
  const metadata = {
    ...before.object.metadata,
    ...(finalizers.length > 0 && { finalizers }),
    deletionTimestamp: wholeSeconds(new Date(now.getTime() + grace * 1000)),
    deletionGracePeriodSeconds: grace,
  };
  return store.update(resource, { ...before.object, metadata });
}

/** What has to be done before an object can go: by how it is deleted, and of a namespace, that it is emptied. */
function lingerings({ kind }: Resource, policy: string): readonly string[] {
  if (kind === 'Namespace') return ['kubernetes'];
  if (policy === 'Foreground') return ['foregroundDeletion'];
  return policy === 'Orphan' ? ['orphan'] : [];
}

/** Reads the body of a write as an object of this resource. @throws ApiStatusError 400 */
function checked({ resource }: WriteRequest, body: Json): JsonMap {
  if (!isMap(body)) throw new ApiStatusError('BadRequest', 'the body of the request is not an object');
  const apiVersion = textAt(body, 'apiVersion');
  const kind = textAt(body, 'kind');
  if (apiVersion !== apiVersionOf(resource) || kind !== resource.kind) {
    throw new ApiStatusError(
      'BadRequest',
      `${resource.kind} in version "${resource.version}" cannot be handled as a ${kind}: the API version in the data (${apiVersion}) does not match the expected API version (${apiVersionOf(resource)})`,
    );
  }
  return body;
}

function checkName(resource: Resource, name: string): void {
  if (nameForm.test(name) && name.length <= 253) return;
  if (resource.group === 'rbac.authorization.k8s.io') return;
  throw invalid(resource.kind, resource.group, name, [
    {
      field: 'metadata.name',
      message: `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`,
      reason: 'FieldValueInvalid',
    },
  ]);
}

function checkNamespace({ resource, namespace }: WriteRequest, object: JsonMap): void {
  const given = textAt(object, 'metadata', 'namespace');
  if (resource.isNamespaced && given !== '' && given !== namespace) {
    throw new ApiStatusError(
      'BadRequest',
      `the namespace of the provided object does not match the namespace sent on the request`,
    );
  }
}
