import type { FindingRule } from './finding.ts';

/** What to do about a finding, for who was woken by it: first what helps at once, then what ends it. */
export const fixes: Readonly<Record<FindingRule, string>> = {
  'memory-above-limit':
    'The runtime may take more memory than its container is allowed: under load it is killed, and again after each start. ' +
    'While it is being killed, add replicas first so that each stays below the limit; then raise the limit or lower the setting.',
  oom: 'It takes more memory than its limit and is killed. Add replicas if load drives it, raise the memory limit, and look at what it holds before it ends.',
  'crash-loop':
    'It ends soon after each start. Read the logs of the run before (`kubectl logs --previous`); if a rollout came just before, undo it.',
  'image-pull':
    'The image cannot be pulled. Check that the tag exists in the registry and that the pull secret is valid; if a rollout brought it, undo it.',
  'config-missing':
    'It needs a ConfigMap, Secret or key that is not there. Create it, or correct its name in the workload; the pod goes on by itself.',
  'init-container':
    'What runs before its containers fails, so they never start. Read the logs of that init container; it often waits for something else.',
  'start-failed':
    'The container runtime cannot start it. Check its command, user and mounts against the image; if a rollout came just before, undo it.',
  unschedulable:
    'No node takes it. Add nodes, lower its requests, or relax its node selector, affinity or tolerations; the message says which of them.',
  quota:
    'The quota of the namespace is used up, so no more pods are made. Raise the quota, or scale something down that is not needed now.',
  'probe-failing':
    'It runs but does not pass its probe, so it gets no traffic. See what the probe asks, and whether something that it depends on is down.',
  restarting: 'Many of its pods restarted within minutes. See how they ended and what changed just before.',
  'rollout-failed':
    'The new version does not come up, the old one may still serve. Undo the rollout, then look at the pods that failed.',
  'rollout-stuck': 'The rollout makes no progress since its pods fail. Undo it, or mend what the pods say.',
  'unstaged-change':
    'One change reached all regions within minutes, so a fault in it is everywhere at once. If something fails since then, undo this first; next time, let it go region by region.',
  'node-gone':
    'The node does not report. Its pods are moved after some minutes; those with volumes or in a StatefulSet wait for the node to be removed.',
  'node-pressure': 'The node runs short of something and evicts pods. Free it, or move pods away by draining it.',
  'pvc-lost': 'The volume of the claim is gone, and its data with it. Restore from a backup into a new claim.',
  'pvc-pending': 'No volume was given to the claim. Check its storage class and the events of its provisioner.',
  'load-balancer-pending':
    'No address was given to it. Check the controller that gives them, its quota of addresses, and the events of the object.',
  'job-failed':
    'Read the logs of its last pod. Nothing starts it again: mend it, then start it by hand if its work cannot wait.',
  'cronjob-missed':
    'It was not started when it was due. Check whether a job of it still runs and may not be overtaken, and start one by hand if its work cannot wait.',
  'hpa-no-metrics':
    'The autoscaler cannot read its metrics and does not scale. Check the metrics server or adapter, and that requests are set.',
  'hpa-at-limit':
    'It may not scale further though it should. Raise the maximum if the cluster has room, and see whether the load is real.',
  'pdb-blocking':
    'No pod may be evicted: draining a node waits for ever. Add a replica or let the budget allow one disruption.',
  'version-skew': 'Clusters of one environment run different versions. Finish the rollout, or undo it where it came.',
  degraded: 'It says itself that it does not do well; the message and its conditions say why.',
  'no-limits':
    'Without a memory limit it can take the memory of its whole node from others. Set one a little above what it needs at its peak.',
};
