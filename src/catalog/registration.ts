import { createHash } from 'node:crypto';
import type { View } from '../graph/view.ts';
import type { JsonObject } from '../model/json.ts';
import type { Predicate } from '../model/predicate.ts';
import type { Write } from '../store/store.ts';
import type { LocationSpec, Registration } from './control.ts';

/** Where the Location entities of the configuration are declared. */
export const CONFIGURED = 'configuration:catalog.locations';
/** Where those that were registered are. */
export const REGISTERED = 'registration:catalog';

/** Location ref of a location. */
export function locationRef({ type, target }: Pick<LocationSpec, 'type' | 'target'>): string {
  return `${type}:${target}`;
}

/** Ref of the Location entity that stands for a configured or registered location, as Backstage makes it. */
export function generatedRef(location: string): string {
  return `location:default/${generatedName(location)}`;
}

function generatedName(location: string): string {
  return `generated-${createHash('sha1').update(location).digest('hex')}`;
}

/** The Location entity of a location, as it is declared. @param entityRef keeps the name that it was first given */
export function generatedEntity(spec: LocationSpec, entityRef?: string): JsonObject & { readonly kind: 'Location' } {
  const location = locationRef(spec);
  const { type, target, presence } = spec;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Location',
    metadata: {
      name: entityRef?.slice(entityRef.indexOf('/') + 1) ?? generatedName(location),
      namespace: 'default',
      annotations: {
        ...(type === 'url' && { 'backstage.io/view-url': target }),
        'backstage.io/managed-by-location': location,
        'backstage.io/managed-by-origin-location': location,
      },
    },
    spec: { type, target, ...(presence !== undefined && { presence }) },
  };
}

/** The write that puts the Location entity of a location. @param place CONFIGURED or REGISTERED */
export function generatedWrite(spec: LocationSpec, place: string, entityRef?: string): Write {
  const ref = entityRef ?? generatedRef(locationRef(spec));
  const body = JSON.stringify(generatedEntity(spec, ref));
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 32);
  return { op: 'putEntity', entity: { ref, body, hash, location: place, source: place, line: 1 } };
}

const isLocation: Predicate = {
  op: 'compare',
  path: ['kind'],
  cmp: '==',
  value: 'Location',
  evaluate: ({ entity }) => entity.kind === 'Location',
};

/** The locations of a view whose entities are declared at a place, CONFIGURED or REGISTERED, by id. */
export function locationsAt(view: View, place: string): readonly Registration[] {
  const found: Registration[] = [];
  for (const id of view.list({ where: isLocation, limit: Number.MAX_SAFE_INTEGER }).ids) {
    if (view.declaration(id).location !== place) continue;
    const { entity } = view.subject(id);
    const { type, target, presence } = entity.spec ?? {};
    if (typeof type !== 'string' || typeof target !== 'string') continue;
    found.push({
      id: entity.metadata.uid ?? '',
      type,
      target,
      entityRef: view.refOf(id),
      ...((presence === 'optional' || presence === 'required') && { presence }),
    });
  }
  return found.toSorted((left, right) => (left.id < right.id ? -1 : 1));
}
