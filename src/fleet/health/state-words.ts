import type { HealthStatus } from './health.ts';

const words: readonly (readonly [HealthStatus, string])[] = [
  [
    'Healthy',
    'accepted active applied available bound compliant completed connected deployed established exists healthy initialized ' +
      'installed online provisioned ready running scheduled succeeded success successful synced uptodate valid',
  ],
  [
    'Progressing',
    'applying building creating deploying importing initializing initialising inprogress installing migrating pending ' +
      'preparing processing progressing provisioning reconciling restarting rollingupdate rollingupgrade scaling starting ' +
      'stopping submitted syncing terminating unbound updating upgrading validating waiting',
  ],
  [
    'Degraded',
    'configerror crashed degraded disconnected error errored failed failing failure installationfailed invalid lost ' +
      'noncompliant rejected stalled unhealthy unavailable uninstalledfailed warning',
  ],
  ['Suspended', 'paused suspended suspending stopped hibernated'],
  ['Missing', 'missing notfound'],
  ['Unknown', 'inconclusive unknown'],
];

const meanings: ReadonlyMap<string, HealthStatus> = new Map(
  words.flatMap(([status, each]) => each.split(' ').map((word) => [word, status] as const)),
);

/**
 * What the word of a phase or a state means for most controllers.
 * @returns undefined for a word that is not known
 */
export function meaningOf(word: string): HealthStatus | undefined {
  return meanings.get(word.toLowerCase().replace(/[\s_-]/g, ''));
}
