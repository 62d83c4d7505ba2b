import type { ApiGroup, ApiOutline } from './api-outline.ts';

/** The groups with only the operations that hold every word of `find`, in any letter case; empty groups go. */
export function filterGroups(groups: readonly ApiGroup[], find: string): readonly ApiGroup[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return groups;
  return groups
    .map((group) => ({
      ...group,
      operations: group.operations.filter(({ id, verb, name, summary = '' }) => {
        const text = `${group.title} ${verb} ${name} ${summary} ${id}`.toLowerCase();
        return words.every((word) => text.includes(word));
      }),
    }))
    .filter(({ operations }) => operations.length > 0);
}

/** How many operations and types there are. */
export function countOperations(groups: ApiOutline['groups']): number {
  return groups.reduce((sum, { operations }) => sum + operations.length, 0);
}

/** Whether an id, perhaps from an old address, names an operation. */
export function hasOperation(groups: ApiOutline['groups'], id: string): boolean {
  return groups.some(({ operations }) => operations.some((operation) => operation.id === id));
}
