import type { SecretInfo, Secrets } from '../access/secrets.ts';
import { deleteSecret, listSecrets, putSecret, rotateSecrets, type SecretItem } from '../api/secrets.ts';
import type { Route } from '../manifest/manifest.ts';
import { implementRoute } from '../manifest/typed-route.ts';

/** What the routes of secrets work on. */
export interface SecretRouteOptions {
  readonly secrets: Secrets;
  /** The settings that name each secret. */
  readonly secretUses: ReadonlyMap<string, readonly string[]>;
}

/** The routes by which people set and remove secrets. None of them answers a value. */
export function secretRoutes({ secrets, secretUses }: SecretRouteOptions): readonly Route[] {
  const usesOf = (name: string): string[] => [...(secretUses.get(name) ?? [])];
  const list = implementRoute(listSecrets, () => {
    const kept = secrets.list();
    const names = new Set(kept.map(({ name }) => name));
    const missing = [...secretUses.keys()].filter((name) => !names.has(name)).sort();
    return {
      items: kept.map((info) => secretItem(info, usesOf(info.name))),
      missing: missing.map((name) => ({ name, usedBy: usesOf(name) })),
      keys: keysOf(kept, secrets.keyIds),
    };
  });
  const put = implementRoute(putSecret, async (request) => {
    const { name } = request.params;
    const info = await secrets.put(name, request.body.value, request.auditEntry({ target: `secret:${name}` }));
    return secretItem(info, usesOf(name));
  });
  const remove = implementRoute(deleteSecret, async (request) => {
    const { name } = request.params;
    await secrets.delete(name, request.auditEntry({ target: `secret:${name}` }));
    return request.reply.status(204).send();
  });
  const rotate = implementRoute(rotateSecrets, async (request) => {
    const keyId = secrets.keyIds[0] ?? '';
    const audit = request.auditEntry({ action: 'access.secret.rotate', data: { keyId } });
    return { rotated: await secrets.rotate(audit), keyId };
  });
  return [list, put, remove, rotate];
}

function secretItem({ name, keyId, createdAt, changedAt }: SecretInfo, usedBy: string[]): SecretItem {
  return {
    name,
    keyId,
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(changedAt).toISOString(),
    usedBy,
  };
}

/** The keys that there are, and those that secrets would need. */
function keysOf(
  kept: readonly SecretInfo[],
  known: readonly string[],
): { id: string; current: boolean; secrets: number }[] {
  const ids = new Set([...known, ...kept.map(({ keyId }) => keyId)]);
  return [...ids].map((id) => ({
    id,
    current: id === known[0],
    secrets: kept.filter(({ keyId }) => keyId === id).length,
  }));
}
