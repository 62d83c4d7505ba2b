import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Served } from '../served.ts';

/** One cluster as the API tells of it, as far as the benchmark looks. */
export interface ClusterTold {
  readonly name: string;
  readonly state: string;
  readonly objects: number;
  readonly asOf?: string;
}

const POLL_MS = 250;
/** Documents in one descriptor file. */
const PER_FILE = 50;
const descriptorOf = (service: string): string => `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ${service}
  annotations:
    backstage.io/kubernetes-id: ${service}
spec: { type: service, lifecycle: production, owner: team-seat }
`;

/** A Callboard that reads a fleet, as `npm start` runs it. */
export class FleetServer {
  readonly served: Served;

  /** @param folder where its catalog and its data are, made where they are missing; @param services the components of its catalog */
  constructor(program: readonly string[], folder: string, kubeconfig: string, services: readonly string[]) {
    mkdirSync(join(folder, 'catalog'), { recursive: true });
    for (let at = 0; at < services.length; at += PER_FILE) {
      const text = services
        .slice(at, at + PER_FILE)
        .map(descriptorOf)
        .join('---\n');
      writeFileSync(join(folder, 'catalog', `catalog-${at}.yaml`), text);
    }
    this.served = new Served(program, folder, ['--kubeconfig', kubeconfig]);
  }

  async clusters(): Promise<readonly ClusterTold[]> {
    const told = (await this.served.read('/api/v1/fleet/clusters')) as { items: readonly ClusterTold[] } | undefined;
    return told?.items ?? [];
  }

  /** Waits until a condition holds of the clusters. @returns ms since the start of the process */
  async until(holds: (clusters: readonly ClusterTold[]) => boolean, longestMs: number): Promise<number> {
    const begun = performance.now();
    while (!holds(await this.clusters())) {
      if (performance.now() - begun > longestMs) {
        const states = (await this.clusters()).map(({ name, state, objects }) => `${name} ${state} ${objects}`);
        throw new Error(`Not within ${longestMs} ms: ${states.slice(0, 10).join(', ')}`);
      }
      await sleep(POLL_MS);
    }
    return this.served.elapsedMs;
  }

  /** CPU time by thread, ms; threads of one name together. */
  threads(): Readonly<Record<string, number>> {
    const tasks = `/proc/${this.served.pid ?? 0}/task`;
    const byName: Record<string, number> = {};
    for (const task of readdirSync(tasks)) {
      const [head = '', rest = ''] = readFileSync(`${tasks}/${task}/stat`, 'utf8').split(') ');
      const name = head.slice(head.indexOf('(') + 1);
      const fields = rest.split(' ');
      byName[name] = (byName[name] ?? 0) + (Number(fields[11]) + Number(fields[12])) * 10;
    }
    return byName;
  }

  close(): Promise<void> {
    return this.served.close();
  }
}

/** Whether a share of the clusters is read whole. */
export function isRead(share: number, of: number): (clusters: readonly ClusterTold[]) => boolean {
  return (clusters) => clusters.filter(({ state }) => state === 'ok').length >= Math.ceil(share * of);
}
