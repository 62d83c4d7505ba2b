/** The path if it leads to a place of this server, else the catalog. Browsers read `/\` and `//` as another host. */
export function localPath(path: string | undefined): string {
  return path !== undefined && /^\/(?![/\\])[^\s\\]*$/.test(path) ? path : '/catalog';
}

/** Where a provider's sign-in starts, so that it comes back to `wanted`. */
export function startUrl(startPath: string, wanted: string): string {
  return `${startPath}${startPath.includes('?') ? '&' : '?'}redirectUrl=${encodeURIComponent(wanted)}`;
}
