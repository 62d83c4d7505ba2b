import { stringify } from 'yaml';
import type { Proposal, ProposalChoice } from '../../api/unclaimed.ts';
import { type GuessSources, guessOwner, guessSystem } from './owner-guess.ts';
import type { UnclaimedRow } from './unclaimed-row.ts';

/** What proposals are made from. */
export interface ProposalSources extends GuessSources {
  /** Whether the catalog has an entity, whoever may see it. @param ref canonical */
  isTaken(ref: string): boolean;
}

const ID = 'backstage.io/kubernetes-id';
const SELECTOR = 'backstage.io/kubernetes-label-selector';
const NAMESPACE = 'backstage.io/kubernetes-namespace';
const LONGEST_NAME = 63;
const MOST_LINKS = 5;
/** Owner of what nobody could be guessed for: its descriptor can be read, and says that somebody must be named. */
const NOBODY = 'unknown';

type Said = NonNullable<ProposalChoice['as']>;

/** Proposes a descriptor that claims a workload, and nothing else where its labels allow. @param as what it shall say instead */
export function proposalOf(row: UnclaimedRow, sources: ProposalSources, as: Said = {}): Proposal {
  const owner = guessOwner(row, sources);
  const system = guessSystem(row, sources);
  const name = as.name ?? freeName(row, sources);
  const claim = claimOf(row);
  const type = as.type ?? typeOf(row);
  const lifecycle = as.lifecycle ?? lifecycleOf(row);
  const links = row.hosts
    .filter(isHost)
    .slice(0, MOST_LINKS)
    .map((host) => ({ url: `https://${host}`, title: host }));
  const notes = [
    ...claim.notes,
    ...(owner === undefined && as.owner === undefined ? ['Nobody could be guessed as its owner.'] : []),
  ];
  const descriptor = stringify({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, annotations: claim.annotations, ...(links.length > 0 && { links }) },
    spec: {
      type,
      lifecycle,
      owner: as.owner ?? owner?.ref ?? NOBODY,
      ...systemPart(as.system ?? system?.ref),
    },
  });
  const annotations = { ...claim.annotations };
  return {
    name,
    ...(owner && { owner }),
    ...(system && { system }),
    type,
    lifecycle,
    annotations,
    links,
    notes,
    descriptor,
  };
}

function systemPart(system: string | undefined): { readonly system?: string } {
  return system === undefined || system === '' ? {} : { system };
}

interface Claim {
  readonly annotations: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/** Annotations that claim just this workload. */
function claimOf({ labels, namespace, selector, isAlone }: UnclaimedRow): Claim {
  const place = namespace === undefined ? {} : { [NAMESPACE]: namespace };
  const id = labels.find((label) => label.startsWith(`${ID}=`))?.slice(ID.length + 1);
  if (id !== undefined) return { annotations: { [ID]: id, ...place }, notes: [] };
  if (selector !== undefined) return { annotations: { [SELECTOR]: selector.join(','), ...place }, notes: [] };
  if (isAlone && namespace !== undefined) {
    return { annotations: { [ID]: namespace, ...place }, notes: [unlabelled] };
  }
  return { annotations: { ...place }, notes: [unlabelled] };
}

const unlabelled = `No label tells it apart: give it the label ${ID}, and the descriptor its value.`;

/** A name that no component has: its own, then with its namespace, then with a number. */
function freeName({ name, namespace, labels }: UnclaimedRow, { isTaken }: ProposalSources): string {
  const id = labels.find((label) => label.startsWith(`${ID}=`))?.slice(ID.length + 1);
  const own = entityName(id ?? name);
  const wished = [own, ...(namespace === undefined ? [] : [entityName(`${namespace}-${own}`)])];
  const isFree = (candidate: string): boolean => !isTaken(`component:default/${candidate.toLowerCase()}`);
  const free = wished.find(isFree);
  if (free !== undefined) return free;
  for (let number = 2; ; number += 1) {
    const candidate = `${own.slice(0, LONGEST_NAME - 6)}-${number}`;
    if (isFree(candidate)) return candidate;
  }
}

/** A text as the name of an entity can be. */
function entityName(text: string): string {
  const name = text.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, LONGEST_NAME);
  return name.replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '') || 'workload';
}

function typeOf({ kind, isServed, hosts }: UnclaimedRow): string {
  if (kind === 'CronJob' || kind === 'Job') return 'job';
  return isServed || hosts.length > 0 ? 'service' : 'worker';
}

function lifecycleOf({ environments }: UnclaimedRow): string {
  const isProduction = environments.length === 0 || environments.some((name) => /^prod/i.test(name));
  return isProduction ? 'production' : 'experimental';
}

/** Whether it is a name that a browser can be sent to; hosts of Ingresses may hold wildcards. */
function isHost(host: string): boolean {
  return /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(host) && host.includes('.');
}
