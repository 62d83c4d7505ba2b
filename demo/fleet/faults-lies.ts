import type { FaultState } from './faults.ts';
import type { Json, JsonMap, KubeObject } from './kube-object.ts';
import { encodeMessage } from './message-parts.ts';
import type { StoredObject } from './stored-object.ts';

/** How an object is sent; as it is unless the server lies. */
export type Disguise = (stored: StoredObject) => StoredObject;

/** Ways in which an object can be none: each is one that a careless reader would trip over. */
const wrongs: readonly ((object: KubeObject) => Json)[] = [
  (object) => ({ ...object, metadata: { ...object.metadata, labels: 7 as never } }),
  (object) => ({ ...object, metadata: { ...object.metadata, name: 12 as never } }),
  (object) => ({ ...object, metadata: null }),
  (object) => ({ ...object, spec: ['not', 'a', 'map'], status: 'well' }),
  (object) => ({ ...object, status: { conditions: { Ready: true }, containerStatuses: 'none', phase: 5 } }),
  (object) => ({ ...object, metadata: { ...object.metadata, creationTimestamp: 'yesterday', ownerReferences: {} } }),
  (object) => ({ ...object, metadata: { ...object.metadata, uid: ['a', 'b'], resourceVersion: 1.5 as never } }),
  () => null,
  () => 'an object',
];

/** The lie that a server tells of the objects of a resource now; undefined when it tells the truth. */
export function disguiseOf(faults: FaultState, plural: string): Disguise | undefined {
  const wrong = faults.find('wrongTypes', plural);
  if (wrong) {
    let at = 0;
    return (stored) => {
      at += 1;
      if (at % wrong.everyObjects !== 0) return stored;
      const lie = wrongs[Math.floor(at / wrong.everyObjects) % wrongs.length];
      return lie ? said(stored, lie(stored.object)) : stored;
    };
  }
  const huge = faults.find('huge', plural);
  if (huge) {
    const note = 'x'.repeat(huge.bytes);
    return (stored) => said(stored, withNote(stored.object, note));
  }
  return undefined;
}

function withNote(object: KubeObject, note: string): JsonMap {
  return { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, note } } };
}

/** An object that is sent as something else, as far as that can be said; inside the server it stays what it is. */
function said({ key, resourceVersion, object }: StoredObject, lie: Json): StoredObject {
  return {
    key,
    resourceVersion,
    object,
    json: () => JSON.stringify(lie),
    writeMessage: (writer) => writer.bytes(encodeMessage(object.kind, lie)),
  };
}
