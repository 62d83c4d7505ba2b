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
export function titleOf(incident: Incident): string {
  const { rule, began, ended, members } = incident;
  const [first] = members;
  if (first === undefined) return '';
  const when =
    ended === undefined ? `since ${clockText(began)} UTC` : `from ${clockText(began)} to ${clockText(ended)} UTC`;
  const tense = ended === undefined ? 0 : 1;
  const clusters = new Set(members.map(({ cluster }) => cluster));
  const where = clusters.size === 1 ? `in ${first.cluster}` : `in ${clusters.size} clusters`;
  switch (rule) {
    case 'cluster-unreachable':
      return lostTitle(incident, first, when);
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

/** The title of an incident of clusters that do not answer. */
function lostTitle({ ended, members, isFleet, partOf, seen }: Incident, first: Episode, when: string): string {
  const count = members.length;
  const isOver = ended !== undefined;
  const again = isOver || partOf !== undefined ? 0 : members.filter((member) => member.seen < seen).length;
  const region = sharedOf(members.map((member) => member.region));
  const reason = count === 1 ? undefined : reasonOf(members);
  const more = [
    again > 0 && `, ${again} of them ${again === 1 ? 'answers' : 'answer'} again`,
    partOf !== undefined && ', and from then on together with others',
    reason !== undefined && `: ${reason}`,
  ];
  const tail = `${when}${more.filter((part) => part !== false).join('')}`;
  if (count === 1) return `${first.cluster} ${isOver ? 'did' : 'does'} not answer ${tail}`;
  if (isFleet === true) {
    const all = region === undefined ? '' : `, all of ${region},`;
    return `Callboard ${isOver ? 'reached' : 'reaches'} none of its ${count} clusters${all} ${tail}`;
  }
  return `${count} clusters${region === undefined ? '' : ` of ${region}`} ${isOver ? 'did' : 'do'} not answer ${tail}`;
}

/** Why clusters do not answer, when all do not for the same reason: what is said of each may end with its address. */
function reasonOf(members: readonly Episode[]): string | undefined {
  const said = sharedOf(members.map(({ message }) => message.replace(/ \([^()]*\)$/, '')));
  return said ?? sharedOf(members.map(({ reason }) => reason));
}

function sharedOf(values: readonly (string | undefined)[]): string | undefined {
  const [first] = values;
  return values.every((value) => value === first) ? first : undefined;
}

/** The member that tells the most: the one with the most restarts, else the most pods. */
function worstOf(members: readonly Episode[]): Episode {
  const [first, ...others] = members.toSorted(
    (left, right) => right.restarts - left.restarts || right.affected - left.affected,
  );
  return first ?? others[0] ?? (members[0] as Episode);
}

/** What to do about an incident. */
export function fixOf({ rule, cause, members, isFleet }: Incident): string {
  const undo = cause === undefined ? '' : ' Undo the change that reached all regions just before it.';
  switch (rule) {
    case 'oom-cycle':
      return `More replicas first, so that each stays below its limit; then the limit or the heap setting.${undo}`;
    case 'workload-in-clusters':
      return `It fails everywhere at once, so look at what they share: a change, a dependency, a certificate.${undo}`;
    case 'cluster-degraded':
      return 'Much fails in one cluster at once, so look at what is under it: nodes, network, DNS, admission webhooks. Other clusters may take its load.';
    case 'cluster-unreachable':
      if (members.length > 1 && isFleet === true)
        return "Callboard's own network or credentials are the likely place to look: it reaches no cluster at all. What is shown of them is as it was.";
      if (members.length > 1)
        return 'Look at what they share: a region, a network, a way in, credentials. What is shown of them is as it was. See whether they serve at all, and what runs only there.';
      return 'What is shown of it is as it was. See whether it serves at all, and what runs only there.';
    case 'nodes-gone':
      return 'Pods are moved after some minutes; those with volumes wait until the node is removed. See whether the nodes share a zone.';
  }
}
