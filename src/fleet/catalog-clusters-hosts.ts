/**
 * Why Callboard does not send credentials to a server that an entity names; undefined where it does. Whoever may change the
 * catalog must not learn the credentials of clusters by naming a server of their own, nor reach what only Callboard reaches.
 *
 * @param hosts of `fleet.catalog.hosts`
 */
export function hostRefusal(server: string, hosts: readonly string[]): string | undefined {
  const url = new URL(server);
  if (url.protocol !== 'https:') return 'its server is not asked by https, and what an entity names must be';
  const host = url.hostname.toLowerCase();
  const port = url.port === '' ? '443' : url.port;
  if (hosts.some((allowed) => covers(allowed, host, port))) return undefined;
  const named = url.port === '' ? host : `${host}:${port}`;
  return `nothing is sent to ${named}: add it to hosts of fleet.catalog, if it is an API server of yours`;
}

/** Without a port any port is meant: API servers have many. */
function covers(allowed: string, host: string, port: string): boolean {
  if (allowed === '*') return true;
  const [, name = '', only] = /^(.*?)(?::(\d{1,5}))?$/.exec(allowed) ?? [];
  if (only !== undefined && only !== port) return false;
  return name.startsWith('*.') ? host.endsWith(name.slice(1)) && host.length > name.length - 1 : host === name;
}
