import type { Incident } from './incident.ts';

/** How much an incident is about. */
export interface IncidentSize {
  /** Workloads, each counted in each of its clusters; 0 where it is about nodes or a whole cluster. */
  readonly workloads: number;
  /** Pods that failed at most at one time, of how many, and their restarts; absent where pods are not what it is about. */
  readonly pods?: { readonly affected: number; readonly of: number; readonly restarts: number } | undefined;
}

/** Counts what an incident is about. */
export function sizeOf({ members }: Incident): IncidentSize {
  const workloads = members.filter(({ kind }) => kind !== 'Cluster' && kind !== 'Node');
  const counted = members.filter(({ of }) => of > 0);
  const sum = (field: 'affected' | 'of' | 'restarts'): number =>
    counted.reduce((total, each) => total + each[field], 0);
  const pods = { affected: sum('affected'), of: sum('of'), restarts: sum('restarts') };
  return { workloads: workloads.length, ...(counted.length > 0 && { pods }) };
}
