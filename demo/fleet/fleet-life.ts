import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What a program that runs clusters is told about its life. */
export interface FleetLife {
  /** Where the kubeconfig is written. */
  readonly folder: string;
  /** True where it ends with its standard input, as it does when who started it is gone, however that went. */
  readonly endsWithInput: boolean;
  /** Ends everything that keeps the process alive. */
  end(): void;
}

/**
 * Tells how the clusters of this process are asked, until it ends; then nothing is left behind that leads to ports which may be
 * anybody's by then.
 * @param kubeconfig text of the file
 * @returns path of the file
 */
export function liveWithKubeconfig(kubeconfig: string, { folder, endsWithInput, end }: FleetLife): string {
  mkdirSync(resolve(folder), { recursive: true, mode: 0o700 });
  const file = join(resolve(folder), 'kubeconfig');
  // Whoever watches for the file sees it whole.
  writeFileSync(`${file}.part`, kubeconfig, { mode: 0o600 });
  renameSync(`${file}.part`, file);
  const endOnce = (): void => {
    rmSync(file, { force: true });
    end();
  };
  process.once('SIGTERM', endOnce);
  process.once('SIGINT', endOnce);
  if (endsWithInput) process.stdin.once('end', endOnce).resume();
  return file;
}
