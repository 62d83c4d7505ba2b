import type { Incident } from './incident.ts';
import type { Episode } from './episode.ts';
import type { FindingRule } from '../findings/finding.ts';

/** What somebody does who does not do well: as it goes on, and as it went. */
const does: Readonly<Partial<Record<FindingRule, readonly [now: string, then: string]>>> = {
  oom: ['restarts', 'restarted'],
  'crash-loop': ['restarts', 'restarted'],
  restarting: ['restarts', 'restarted'],
  'image-pull': ['cannot pull its image', 'could not pull its image'],
  'config-missing': ['cannot start', 'could not start'],
  'init-container': ['cannot start', 'could not start'],
  'start-failed': ['cannot start', 'could not start'],
  'probe-failing': ['is not ready', 'was not ready'],
  unschedulable: ['finds no node', 'found no node'],
  'rollout-failed': ['does not roll out', 'did not roll out'],
};

/** A time of day, as it is said at night: `12:18`. @param seconds since 1970 */
function clockText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(11, 16);
}

/** The title of an incident, e.g. `box-office restarts in 5 clusters since 12:18 UTC: OOMKilled, heap above the limit`. */
export function titleOf({ rule, began, ended, members }: Incident): string {
  const [first] = members;
  if (first === undefined) return '';
  const when =
    ended === undefined ? `since ${clockText(began)} UTC` : `from ${clockText(began)} to ${clockText(ended)} UTC`;
  const tense = ended === undefined ? 0 : 1;
  const clusters = new Set(members.map(({ cluster }) => cluster));
  const where = clusters.size === 1 ? `in ${first.cluster}` : `in ${clusters.size} clusters`;
  switch (rule) {
    case 'cluster-unreachable':
      return `${first.cluster} ${['does not answer', 'did not answer'][tense]} ${when}`;
    case 'nodes-gone': {
      const who = members.length === 1 ? `${first.name}` : `${members.length} nodes`;
      const verb = members.length === 1 ? ['does not report', 'did not report'] : ['do not report', 'did not report'];
      return `${who} ${where} ${verb[tense]} ${when}`;
    }
    case 'cluster-degraded':
      return `${members.length} workloads ${['fail', 'failed'][tense]} together ${where} ${when}`;
    default: {
      const worst = worstOf(members);
      const verb = does[worst.rule]?.[tense] ?? ['does not do well', 'did not do well'][tense];
      const heap = members.some(({ memory }) => memory !== undefined) ? ', heap above the limit' : '';
      return `${first.name} ${verb} ${where} ${when}: ${worst.reason}${heap}`;
    }
  }
}

/** The member that tells the most: the one with the most restarts, else the most pods. */
function worstOf(members: readonly Episode[]): Episode {
  const [first, ...others] = members.toSorted(
    (left, right) => right.restarts - left.restarts || right.affected - left.affected,
  );
  return first ?? others[0] ?? (members[0] as Episode);
}

/** What to do about an incident. */
export function fixOf({ rule, cause }: Incident): string {
  const undo = cause === undefined ? '' : ' Undo the change that reached all regions just before it.';
  switch (rule) {
    case 'oom-cycle':
      return `More replicas first, so that each stays below its limit; then the limit or the heap setting.${undo}`;
    case 'workload-in-clusters':
      return `It fails everywhere at once, so look at what they share: a change, a dependency, a certificate.${undo}`;
    case 'cluster-degraded':
      return 'Much fails in one cluster at once, so look at what is under it: nodes, network, DNS, admission webhooks. Other clusters may take its load.';
    case 'cluster-unreachable':
      return 'What is shown of it is as it was. See whether it serves at all, and what runs only there.';
    case 'nodes-gone':
      return 'Pods are moved after some minutes; those with volumes wait until the node is removed. See whether the nodes share a zone.';
  }
}
