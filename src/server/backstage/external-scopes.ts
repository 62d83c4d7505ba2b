import type { AccessRestriction, PermissionAction } from '../../config/backstage-config.ts';
import { catalogPermissions } from './catalog-permissions.ts';

/**
 * The permissions that are left to an external caller, as patterns that limit a token.
 *
 * Restrictions of one entry are joined by AND, entries by OR. Plugins and permissions that are not here allow nothing.
 */
export function scopesOf(restrictions: readonly AccessRestriction[]): readonly string[] {
  return [...new Set(restrictions.flatMap(scopesOfOne))];
}

function scopesOfOne({ plugin, permissions, actions }: AccessRestriction): readonly string[] {
  // To ask for decisions needs no permission there either, but a token for that plugin.
  if (plugin === 'permission') return ['signed-in'];
  if (plugin !== 'catalog') return [];
  const own = permissions?.filter((name) => /^catalog(\.[a-z][a-z0-9-]*){2}$/.test(name));
  if (actions === undefined) return own ?? ['catalog.*.*'];
  const fits = (name: string): boolean => {
    const action = actionOf(name);
    return action !== undefined && actions.includes(action);
  };
  if (own !== undefined) return own.filter(fits);
  const known = catalogPermissions.filter(({ name }) => fits(name)).map(({ name }) => name);
  // What Callboard alone has is named by its action.
  return [...known, ...actions.map((action) => `catalog.*.${action}`)];
}

/** The action of a permission: as Backstage has it, else by its last word. */
function actionOf(name: string): PermissionAction | undefined {
  const known = catalogPermissions.find((permission) => permission.name === name);
  if (known !== undefined) return known.attributes.action;
  const word = name.slice(name.lastIndexOf('.') + 1);
  return (['create', 'read', 'update', 'delete'] as const).find((action) => action === word);
}
