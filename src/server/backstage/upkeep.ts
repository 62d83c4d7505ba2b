import type { CatalogControl } from '../../catalog/control.ts';
import { formatPath, type Finding } from '../../catalog/finding.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import { compatibleError } from './errors.ts';
import { deleteByUid, refreshEntity, validateEntity } from './upkeep-contracts.ts';

/** How long a refresh is waited for, ms: what is quick has been done when the answer comes. */
export const REFRESH_WAIT_MS = 2000;

/** The routes that refresh, remove and check one entity. */
export function upkeepRoutes(control: CatalogControl): readonly Route[] {
  const refresh = implementRoute(refreshEntity, async (request) => {
    const { view, body, reply } = request;
    const { entityRef } = body;
    const notFound = (): Error => compatibleError('ENTITY_NOT_REFRESHED', { ref: entityRef.slice(0, 500) });
    request.audit({ target: entityRef });
    if (view.find(entityRef) === undefined) throw notFound();
    request.authorizeEntity(entityRef);
    if ((await control.refresh({ entityRef }, view, REFRESH_WAIT_MS)) === undefined) throw notFound();
    return reply.send();
  });
  const remove = implementRoute(deleteByUid, async (request) => {
    const { view, params, reply } = request;
    const id = view.findByUid(params.uid);
    // Clients take it for done where there is none.
    if (id === undefined) return reply.status(204).send();
    const ref = view.refOf(id);
    request.audit({ target: ref });
    request.authorizeEntity(ref);
    // To take a location back is another permission.
    if (control.registrations(view).some((registration) => registration.id === params.uid))
      throw compatibleError('ENTITY_IS_REGISTRATION', { ref, uid: params.uid });
    await control.removeEntity(ref);
    return reply.status(204).send();
  });
  const validate = implementRoute(validateEntity, async ({ body, signal, reply }) => {
    const { entity, location } = body;
    const errors =
      location.startsWith('url:') && URL.canParse(location.slice('url:'.length))
        ? entityErrors(entity, await control.validate(entity, location, signal))
        : [
            {
              name: 'TypeError',
              message: `Invalid location ref ${location.slice(0, 500)}, only url:<target> is supported`,
            },
          ];
    if (errors.length === 0) return reply.send();
    void reply.status(400);
    return { errors };
  });
  return [refresh, remove, validate];
}

/** Faults of an entity by the names that clients know: without an envelope it is no entity at all. */
function entityErrors(entity: JsonObject, findings: readonly Finding[]): { name: string; message: string }[] {
  const name = hasEnvelope(entity) ? 'InputError' : 'TypeError';
  return findings
    .filter(({ severity }) => severity === 'error')
    .map((finding) => ({ name, message: sentence(finding) }));
}

function hasEnvelope({ apiVersion, kind, metadata }: JsonObject): boolean {
  if (!isText(apiVersion) || !isText(kind) || !isJsonObject(metadata)) return false;
  return isText(metadata['name']) && (metadata['namespace'] === undefined || isText(metadata['namespace']));
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

/** A finding in one line: where, what, and what to do. */
export function sentence({ path, message, fix }: Finding): string {
  const where = path === undefined || path.length === 0 ? '' : `${formatPath(path)}: `;
  return `${where}${message}${fix === undefined ? '' : `. ${fix}`}`;
}
