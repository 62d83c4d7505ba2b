import type { LiveObjectPage, ObjectsQuery } from '../../../../src/api/fleet.ts';
import type { Running, RunningCell, RunningWorkload } from '../../../../src/api/running.ts';
import type { RenderedEntity } from '../../../../src/model/entity.ts';
import { formatEntityRef, type EntityRefParts } from '../../../../src/model/ref.ts';
import { useFleetRepeat, type FleetNews } from '../../../data/fleet-stream.ts';
import { api } from '../../../data/session.ts';
import { useResource, type Answer } from '../../../data/use-resource.ts';

/** It is asked again this often at most, ms: a pod that fails is seen within three seconds. */
const AGAIN_MS = 1_500;
/** Pods of one workload in one cluster that are shown. */
const MOST_PODS = 100;
/** Jobs of a CronJob whose pods are shown; most CronJobs keep four. */
const MOST_JOBS = 10;

/** Whether an entity may run anywhere: a component, or what says so. */
export function mayRun({ kind, metadata }: RenderedEntity): boolean {
  return kind === 'Component' || isClaimed({ metadata });
}

/** Whether an entity says itself what runs for it. */
export function isClaimed({ metadata }: Pick<RenderedEntity, 'metadata'>): boolean {
  const keys = Object.keys(metadata.annotations ?? {});
  return keys.some((key) => key.startsWith('backstage.io/kubernetes-') || key === 'argocd/app-name');
}

/** Where an entity runs, kept current. */
export function useRunning(parts: EntityRefParts): Answer<Running> {
  const key = `running ${formatEntityRef(parts)}`;
  const answer = useResource<Running>({
    key,
    load: (signal) => api.call('GET /api/v1/entities/:kind/:namespace/:name/running', { params: parts, signal }),
    isAffected: (batch) => batch.changes.some(({ ref }) => ref === formatEntityRef(parts)),
  });
  const { data } = answer;
  useFleetRepeat(key, AGAIN_MS, (news) => news === 'relist' || isAbout(news, data));
  return answer;
}

/** Pods of a workload in a cluster, those that restarted most first; of a CronJob those of its newest Jobs. */
export function usePods(workload: RunningWorkload, cell: RunningCell): Answer<LiveObjectPage> {
  const { kind, namespace, name } = workload;
  const { cluster, selector } = cell;
  const place = { cluster: [cluster], ...(namespace !== undefined && { namespace: [namespace] }) };
  // A Job selects its pods by a label that is made for it; a CronJob selects none.
  const isOwner = selector === undefined || kind === 'Job';
  const pods = { ...place, kind: ['Pod'], sort: '-restarts', limit: MOST_PODS };
  const key = `pods ${JSON.stringify([pods, isOwner ? [kind, name] : selector])}`;
  const answer = useResource<LiveObjectPage>({
    key,
    load: async (signal) => {
      const ask = (query: ObjectsQuery): Promise<LiveObjectPage> =>
        api.call('GET /api/v1/fleet/objects', { query, signal });
      if (!isOwner) return ask({ ...pods, labelSelector: selector });
      if (kind !== 'CronJob') return ask({ ...pods, owner: `${kind}/${name}` });
      const jobs = await ask({ ...place, kind: ['Job'], owner: `CronJob/${name}`, sort: '-created', limit: MOST_JOBS });
      const pages = await Promise.all(jobs.items.map((job) => ask({ ...pods, owner: `Job/${job.name}` })));
      return joinPages(jobs, pages);
    },
    isAffected: () => false,
  });
  useFleetRepeat(key, AGAIN_MS, (news) => {
    if (news === 'relist') return true;
    return news.objects.some((each) => each.kind === 'Pod' && each.cluster === cluster && each.namespace === namespace);
  });
  return answer;
}

/** The pods of several Jobs as one page. */
function joinPages(jobs: LiveObjectPage, pages: readonly LiveObjectPage[]): LiveObjectPage {
  const { nextCursor: _, ...rest } = jobs;
  return {
    ...rest,
    items: pages.flatMap(({ items }) => items),
    total: pages.reduce((sum, { total }) => sum + total, 0),
    incomplete: [jobs, ...pages].flatMap(({ incomplete }) => incomplete),
  };
}

/** Something came where it runs, a state changed, or a workload came anywhere. */
function isAbout(news: Exclude<FleetNews, 'relist'>, running: Running | undefined): boolean {
  if (running === undefined || news.clusters.length > 0) return true;
  const places = new Set(
    running.workloads.flatMap(({ namespace, cells }) => cells.map(({ cluster }) => `${cluster}/${namespace ?? ''}`)),
  );
  const made = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job']);
  return news.objects.some(
    ({ cluster, namespace, kind }) => places.has(`${cluster}/${namespace ?? ''}`) || made.has(kind),
  );
}
