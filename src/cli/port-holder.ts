import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process that listens. */
export interface PortHolder {
  readonly pid: number;
  readonly name: string;
}

function attempt<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch {
    // Processes end while one looks, and those of others may not be looked at.
    return otherwise;
  }
}

/** Inodes of the sockets that listen on a port, from the kernel's tables (proc(5), /proc/net/tcp; state 0A is LISTEN). */
function listeningInodes(port: number): Set<string> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of attempt(() => readFileSync(table, 'utf8'), '')
      .split('\n')
      .slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(wanted) === true && fields[3] === '0A') inodes.add(fields[9] ?? '');
    }
  }
  return inodes;
}

/** The process that listens on a TCP port, as far as Linux tells this user; elsewhere nothing. */
export function portHolder(port: number): PortHolder | undefined {
  const inodes = listeningInodes(port);
  if (inodes.size === 0) return undefined;
  for (const pid of attempt(() => readdirSync('/proc'), []).filter((name) => /^\d+$/.test(name))) {
    for (const descriptor of attempt(() => readdirSync(`/proc/${pid}/fd`), [])) {
      const link = attempt(() => readlinkSync(`/proc/${pid}/fd/${descriptor}`), '');
      const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
      if (inode === undefined || !inodes.has(inode)) continue;
      return { pid: Number(pid), name: attempt(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim(), 'unknown') };
    }
  }
  return undefined;
}
