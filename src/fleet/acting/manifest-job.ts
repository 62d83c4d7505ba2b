import type { Manifest } from '../../api/acting.ts';
import type { Impersonation } from '../../kube/connection.ts';
import { tree, type Tree } from '../reduce/json-read.ts';
import type { JobContext } from './acting.ts';
import { manifestText, resourceVersionOf, shownObject } from './manifest-text.ts';
import { jsonOf, type ObjectPlace, servedPath } from './object-path.ts';

/** No API server takes an object that is larger, bytes. */
const MOST_BYTES = 4 * 1024 * 1024;

/** An object that is to be read as somebody. */
export interface ManifestArgs {
  readonly cluster: string;
  /** Id of its kind, for the answer. */
  readonly kind: string;
  readonly place: ObjectPlace;
  readonly as: Impersonation;
}

/** Reads an object whole. @throws see `clusterRefusal` */
export async function readObject(context: JobContext, { cluster, kind, place, as }: ManifestArgs): Promise<Tree> {
  const path = await servedPath(context, cluster, place, as);
  const answer = await context.call(cluster, { path, as, maxBytes: MOST_BYTES });
  return tree(jsonOf(cluster, answer, `${kind} ${place.name}`, as));
}

/** Job: the manifest of an object. */
export async function readManifest(context: JobContext, args: ManifestArgs): Promise<Uint8Array> {
  const object = await readObject(context, args);
  const { cluster, kind, place, as } = args;
  const { namespace, name } = place;
  const answer: Manifest = {
    cluster,
    kind,
    ...(namespace !== undefined && { namespace }),
    name,
    resourceVersion: resourceVersionOf(object),
    asUser: as.user,
    manifest: manifestText(shownObject(object)),
  };
  return new Uint8Array(Buffer.from(JSON.stringify(answer)));
}
