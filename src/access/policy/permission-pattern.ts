/** Three words, each of which may be `*`; or `*` alone for every permission. */
const patternForm = /^(\*|([a-z][a-z0-9-]*|\*)(\.([a-z][a-z0-9-]*|\*)){2})$/;

/** True for a permission's name or a pattern of names: `catalog.*.read`, `*`. */
export function isPermissionPattern(text: string): boolean {
  return patternForm.test(text);
}

/** True where a pattern stands for a permission; each `*` stands for one word, `*` alone for all names. */
export function matchesPermission(pattern: string, permission: string): boolean {
  if (pattern === '*' || pattern === permission) return true;
  if (!pattern.includes('*')) return false;
  const words = pattern.split('.');
  const named = permission.split('.');
  return words.length === named.length && words.every((word, index) => word === '*' || word === named[index]);
}

/** True where one of the patterns stands for a permission. */
export function coversPermission(patterns: readonly string[], permission: string): boolean {
  return patterns.some((pattern) => matchesPermission(pattern, permission));
}
