import { readEntityObjects } from '../entity-objects/objects-job.ts';
import { changeLogPods, fullLogClusters, readLogsJob } from '../logs/log-jobs.ts';
import { previewAction, takeAction } from './action-job.ts';
import { diffManifests } from './diff-job.ts';
import { readManifest } from './manifest-job.ts';
import { readRevisions } from './revisions.ts';

/** Jobs that answer once; see `acting.ts`. Add a line for yours. */
export const actingJobs = {
  entityObjects: readEntityObjects,
  manifest: readManifest,
  diff: diffManifests,
  revisions: readRevisions,
  preview: previewAction,
  action: takeAction,
  logPods: changeLogPods,
  logRoom: fullLogClusters,
};

/** Jobs that answer bit by bit. */
export const streamJobs = {
  logs: readLogsJob,
};

export type ActingJobs = typeof actingJobs;
export type ActingJobName = keyof ActingJobs;
export type StreamJobs = typeof streamJobs;
export type StreamJobName = keyof StreamJobs;

/** What a job is given beside its context. */
export type ArgsOf<Job> = Job extends (context: never, args: infer Args) => unknown ? Args : never;
