/** What a server can do; one for all readings of a cluster, since one of them finds out for all. */
export interface ServerTraits {
  /** Lists come as the beginning of a watch (WatchList). Set to false by the reading that was refused it. */
  streamsLists: boolean;
}

/**
 * What a server should be able to do.
 *
 * Streamed lists are compressed from 1.37 on (KEP-3157): before that, pages with gzip are less for the wire.
 *
 * @param version as `/version` tells it, e.g. `v1.34.2`
 */
export function serverTraits(version: string): ServerTraits {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return { streamsLists: Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 37) };
}
