import type { ClusterSight } from './cluster-sight.ts';
import type { Finding } from './finding.ts';
import type { LiveRow } from './live-row.ts';

/** A job may be started so late, seconds: the controller looks once in ten, and may have much to do. */
const LATE = 300;

/** Jobs that failed, and those that were not started when they were due. */
export function jobFindings(sight: ClusterSight): readonly Finding[] {
  const found = new Map<string, Finding>();
  const degraded = sight.wordOf('Degraded');
  const healthAt = sight.slotOf('Job', 'health');
  for (const job of sight.rows('Job', (shard, row) => shard.slot(row, healthAt) === degraded)) {
    const finding = failedJob(sight, job);
    if (finding === undefined) continue;
    const key = `${finding.kind} ${finding.namespace ?? ''} ${finding.name}`;
    const known = found.get(key);
    if (known === undefined || (known.since ?? 0) < (finding.since ?? 0)) found.set(key, finding);
  }
  const failed = [...found.values()];
  return [...failed, ...cronJobs(sight, new Set(found.keys()))];
}

/** A failed job of a CronJob is over when a later one succeeded. */
function failedJob(sight: ClusterSight, job: LiveRow): Finding | undefined {
  const condition = job.conditions.find(
    ({ type, status }) => (type === 'Failed' || type === 'FailureTarget') && status === 'True',
  );
  const owner = sight.ownerOf(job);
  const began = job.time('started') ?? job.time('created') ?? 0;
  if ((owner.time('lastSucceeded') ?? 0) >= began) return undefined;
  return sight.finding(owner, {
    rule: 'job-failed',
    severity: 'warning',
    reason: condition?.reason ?? job.word('healthReason') ?? 'Failed',
    message: `Job ${job.name} failed${condition?.message === undefined ? '' : `: ${condition.message}`}`,
    since: condition?.since ?? began,
    evidence: { job: job.name, failedPods: job.count('failed') },
  });
}

function* cronJobs(sight: ClusterSight, failed: ReadonlySet<string>): Generator<Finding> {
  for (const cron of sight.rows('CronJob')) {
    if (cron.count('suspended') === 1) continue;
    const missed = missedRun(sight, cron);
    if (missed !== undefined) yield missed;
    const isKnown = failed.has(`CronJob ${cron.namespace ?? ''} ${cron.name}`);
    if (!isKnown && cron.word('health') === 'Degraded') {
      yield sight.finding(cron, {
        rule: 'job-failed',
        severity: 'warning',
        reason: cron.word('healthReason') ?? 'LastJobFailed',
        message: 'The last job that was due did not succeed',
        since: cron.time('lastScheduled'),
        evidence: { lastSucceeded: isoOf(cron.time('lastSucceeded')), schedule: cron.word('schedule') },
      });
    }
  }
}

function missedRun(sight: ClusterSight, cron: LiveRow): Finding | undefined {
  const schedule = cron.word('schedule');
  if (schedule === undefined || (cron.count('active') ?? 0) > 0) return undefined;
  const due = sight.lastDue(schedule, LATE);
  const started = cron.time('lastScheduled') ?? cron.time('created') ?? 0;
  if (due === undefined || due <= started) return undefined;
  return sight.finding(cron, {
    rule: 'cronjob-missed',
    severity: 'warning',
    reason: 'MissedSchedule',
    message: `It was due at ${new Date(due * 1000).toISOString()} and was not started`,
    since: due,
    evidence: { schedule, lastScheduled: isoOf(cron.time('lastScheduled')) ?? 'never' },
  });
}

function isoOf(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();
}
