import type { Program } from './catalogue.ts';
import type { ClusterPlan } from './world-clusters.ts';

/** How a program runs in one cluster. */
export interface Placement {
  readonly program: Program;
  readonly cluster: ClusterPlan;
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'CronJob';
  readonly replicas: number;
  readonly version: string;
}

/** Programs that keep their own data. */
const stateful: readonly string[] = ['seat-keeper', 'log-cellar', 'archive-shelf', 'sound-shelf'];
/** Workers that run by the clock. */
const timed: readonly string[] = ['backup-runner', 'wages', 'paper-book', 'get-in-list'];
/** What runs in every cluster. */
const everywhere: readonly string[] = ['night-watch'];

/** How a program runs in a cluster; undefined where it does not. */
export function placementOf(program: Program, cluster: ClusterPlan): Placement | undefined {
  if (!runsIn(program, cluster)) return undefined;
  const kind = kindOf(program);
  return { program, cluster, kind, replicas: replicasOf(program, cluster), version: versionOf(program, cluster) };
}

function runsIn(program: Program, { name, environment, region }: ClusterPlan): boolean {
  const draw = shareOf(program.name);
  if (everywhere.includes(program.name)) return true;
  if (name === 'main-cluster') return program.system === 'machine-room';
  if (name === 'touring-cluster') return program.system === 'touring' || program.name === 'stream-server';
  if (name === 'sandbox') return program.lifecycle === 'experimental' || draw < 0.1;
  if (program.system === 'machine-room') return environment === 'dev' && region === 'north';
  switch (program.lifecycle) {
    case 'deprecated':
      return environment === 'prod' && region === (draw < 0.5 ? 'north' : 'south');
    case 'experimental':
      return environment !== 'prod' ? region === 'north' : region === 'north' && draw < 0.4;
    default:
  }
  const count = program.tags.includes('tier-1') ? 3 : 1 + Math.floor(draw * 3);
  return ['north', 'south', 'coast'].indexOf(region) < count;
}

function kindOf({ name, type, tags }: Program): Placement['kind'] {
  if (type === 'data-pipeline' || timed.includes(name)) return 'CronJob';
  if (stateful.includes(name)) return 'StatefulSet';
  return everywhere.includes(name) || (type === 'worker' && tags.includes('hardware')) ? 'DaemonSet' : 'Deployment';
}

function replicasOf({ name, tags }: Program, { environment }: ClusterPlan): number {
  const wanted = tags.includes('tier-1') ? 4 : 2 + Math.floor(shareOf(`${name} replicas`) * 2);
  switch (environment) {
    case 'prod':
      return wanted;
    case 'staging':
      return Math.min(2, wanted);
    default:
      return 1;
  }
}

/** What is new comes to development first, and to production last. */
function versionOf({ name }: Program, { environment }: ClusterPlan): string {
  const draw = Math.floor(shareOf(`${name} version`) * 400);
  const ahead = { dev: 2, staging: 1, prod: 0, tools: 1 }[environment];
  return `${1 + Math.floor(draw / 100)}.${Math.floor(draw / 5) % 20}.${(draw % 5) + ahead}`;
}

/** A number in [0, 1) that is the same for the same text. */
export function shareOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  return ((hash ^ (hash >>> 13)) >>> 0) / 0x1_0000_0000;
}
