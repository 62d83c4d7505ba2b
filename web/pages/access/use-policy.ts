import type { Static } from 'typebox';
import type { getPolicy } from '../../../src/api/roles.ts';
import type { Ui } from '../../../src/api/ui.ts';
import { api } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';
import { isAble } from '../../data/use-ui.ts';
import type { Choice } from '../../form/combobox.tsx';

/** Roles, bindings, permissions and what is wrong in the policy file. */
export type PolicyData = Static<typeof getPolicy.response>;

/** Key of the answer about the policy. */
export const POLICY = 'policy';

const loadPolicy = (signal: AbortSignal): Promise<PolicyData> => api.call('GET /api/v1/access/policy', { signal });
const isNever = (): boolean => false;

/** The policy as it is in force. */
export function usePolicy(): Answer<PolicyData> {
  return useResource<PolicyData>({ key: POLICY, load: loadPolicy, isAffected: isNever });
}

/** Permissions to choose from: all that there are for who may read the policy, else those that one has. */
export function usePermissionChoices(ui: Ui | undefined): readonly Choice[] {
  const isReader = isAble(ui, 'access.policy.read');
  const policy = useResource<PolicyData | undefined>({
    key: isReader ? POLICY : 'no-policy',
    load: isReader ? loadPolicy : () => Promise.resolve(undefined),
    isAffected: isNever,
  });
  if (policy.data) return permissionChoices(policy.data);
  return [...(ui?.abilities.allowed ?? []), ...(ui?.abilities.conditional ?? [])].map((value) => ({ value }));
}

/** All permissions, and the patterns that take in several of one word: `catalog.*.read`. */
export function permissionChoices({ permissions }: PolicyData): readonly Choice[] {
  const patterns = new Map<string, number>();
  const count = (pattern: string): void => void patterns.set(pattern, (patterns.get(pattern) ?? 0) + 1);
  for (const { name } of permissions) {
    const [domain, noun, action] = name.split('.');
    count(`${domain}.*.*`);
    count(`${domain}.${noun}.*`);
    count(`${domain}.*.${action}`);
    count(`*.*.${action}`);
  }
  const several = [...patterns].filter(([, size]) => size > 1).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...permissions.map(({ name, description }) => ({ value: name, note: description })),
    ...several.map(([value, size]) => ({ value, note: `${size} permissions` })),
    { value: '*', note: 'everything, also what comes later' },
  ];
}
