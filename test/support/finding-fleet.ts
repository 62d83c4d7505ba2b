import type { Finding, FindingPage } from '../../src/api/findings.ts';
import type { FindingsQuery } from '../../src/live/findings.ts';
import type { LiveScope } from '../../src/live/live-reader.ts';
import type { CellsByColumn } from './fleet-batches.ts';
import { liveObject, memoryFleet, type MemoryFleet } from './memory-fleet.ts';

/** The moment of these tests: a Sunday at noon. */
export const NOON = Date.UTC(2026, 2, 1, 12);

/** One cluster `eu` with a Deployment `web` in the namespace `shop`, of which a test says what is wrong. */
export interface FindingFleet {
  readonly fleet: MemoryFleet;
  page(query?: Partial<FindingsQuery>, scope?: LiveScope): FindingPage;
  found(query?: Partial<FindingsQuery>): readonly Finding[];
  /** Rules of what was found, those named left out. */
  rules(...but: readonly string[]): readonly string[];
  /** Time passes, seconds. */
  pass(seconds: number): void;
  /** Puts an object of the namespace into the cluster. */
  put(kind: string, name: string, parts?: CellsByColumn): void;
  /** A Deployment with its ReplicaSet and two pods; the cells of the first pod, and of the Deployment. */
  deploy(pod?: CellsByColumn, deployment?: CellsByColumn): void;
}

/** So many seconds before the moment of these tests, in seconds since 1970. */
export const ago = (seconds: number): number => NOON / 1000 - seconds;

/** The pod template of one container `app` with a limit of 512 MiB, as it is kept. */
export function templateOf(container: object = {}, spec: object = {}): string {
  const limited = { name: 'app', resources: { limits: { memory: '512Mi' } }, ...container };
  return JSON.stringify({ spec: { containers: [limited], ...spec } });
}

/** A fleet of one cluster in which all is well. */
export function findingFleet(): FindingFleet {
  let now = NOON;
  const fleet = memoryFleet(() => now);
  fleet.putCluster('eu');
  fleet.watchAll('eu');
  const page: FindingFleet['page'] = (query = {}, scope = 'all') =>
    JSON.parse(Buffer.from(fleet.store.findings({ limit: 100, ...query }, scope)).toString()) as FindingPage;
  const put: FindingFleet['put'] = (kind, name, parts = {}) =>
    fleet.put('eu', kind, [liveObject(name, { namespace: 'shop', created: ago(86_400), ...parts })]);
  return {
    fleet,
    page,
    put,
    found: (query) => page(query).items,
    rules: (...but) => page().items.flatMap(({ rule }) => (but.includes(rule) ? [] : [rule])),
    pass: (seconds) => {
      now += seconds * 1000;
    },
    deploy: (pod = {}, deployment = {}) => {
      const replicas = { desired: 2, current: 2, updated: 2, ready: 1, available: 1, health: 'Healthy' };
      put('Deployment', 'web', { ...replicas, template: templateOf(), selector: 'app=web', ...deployment });
      put('ReplicaSet', 'web-7f9', { ownerKind: 'Deployment', ownerName: 'web' });
      const owner = { ownerKind: 'ReplicaSet', ownerName: 'web-7f9', phase: 'Running', health: 'Healthy' };
      put('Pod', 'web-7f9-b', { ...owner, reason: 'Running' });
      put('Pod', 'web-7f9-a', { ...owner, reason: 'Running', ...pod });
    },
  };
}
