import type { TimelineEntry, TimelineStore } from '../../src/store/timeline.ts';

const MINUTE_MS = 60_000;

/** What happened on the stage: a change of configuration in three clusters, a rollout, and what failed thereafter. @param now ms */
export function stageTimeline(now: number): readonly TimelineEntry[] {
  const at = (minutes: number): number => now - minutes * MINUTE_MS;
  const base = { source: 'kubernetes', namespace: 'box-office' };
  const desk = { ...base, entityRef: 'component:default/desk' };
  const workload = { kind: 'Deployment', name: 'desk' };
  const config = ['prod-eu-1', 'prod-eu-2', 'prod-us-1'].map((cluster, index): TimelineEntry => ({
    ...desk,
    id: `config ${cluster}`,
    at: at(14) + index * 20_000,
    kind: 'config',
    title: 'ConfigMap desk-settings changed, used by desk',
    cluster,
    data: { workload: { kind: 'ConfigMap', name: 'desk-settings' }, workloads: [workload] },
  }));
  return [
    ...config,
    {
      ...desk,
      id: 'image',
      at: at(50),
      until: at(46),
      kind: 'image',
      title: 'Image of desk: 1.4.1 → 1.4.2',
      cluster: 'prod-us-1',
      data: { workload, from: '1.4.1', to: '1.4.2', isRolling: false, updated: 2, desired: 2 },
    },
    {
      ...desk,
      id: 'restarts',
      at: at(12),
      until: at(9),
      kind: 'restarts',
      title: '2 of 2 pods of desk restarted: OOMKilled',
      cluster: 'prod-eu-2',
      data: { workload, pods: 2, of: 2, restarts: 7, reasons: { OOMKilled: 7 } },
    },
    {
      ...desk,
      id: 'health',
      at: at(11),
      kind: 'health',
      title: 'desk is degraded: CrashLoopBackOff',
      cluster: 'prod-eu-2',
      data: { workload, from: 'Healthy', to: 'Degraded', reason: 'CrashLoopBackOff' },
    },
    {
      source: 'kubernetes',
      id: 'cluster',
      at: at(5),
      kind: 'cluster',
      title: 'prod-eu-3 is unreachable',
      cluster: 'prod-eu-3',
      data: { to: 'unreachable', reason: 'ConnectionRefused', message: 'Nothing listens at the address' },
    },
  ];
}

/** Puts it into a store. */
export async function fillTimeline(timeline: TimelineStore): Promise<void> {
  await timeline.append(stageTimeline(Date.now()).map((entry) => ({ op: 'add', entry })));
}
