// docs/reference/fleet.md: facts, findings and rules of health, from the tables that they are worked out by.
import { factSchemas, storedPaths } from '../src/fleet/facts/fact-schemas.ts';
import { fixes } from '../src/fleet/findings/finding-fixes.ts';
import { findingRules } from '../src/fleet/findings/finding.ts';
import type { ownHealth } from '../src/fleet/health/assess-health.ts';
import { writtenRules } from '../src/fleet/health/custom-rules.ts';

/** What is asked of each kind of Kubernetes itself; a kind without a line does not compile. */
const asked: Readonly<Record<keyof typeof ownHealth, string>> = {
  '/Pod':
    'Degraded where a container waits for what will not come (CrashLoopBackOff, ErrImagePull, …), where it failed, and where it runs, is not ready and ended before. Progressing until it is ready, and while a pod that may end runs.',
  'apps/Deployment':
    'As `kubectl rollout status`. Degraded where it made no progress within its deadline, where pods cannot be made, and where fewer than must be are available once a rollout is through. Suspended while paused.',
  'apps/StatefulSet':
    'As `kubectl rollout status`; where no partition holds pods back, all must be of the newest revision, and no more be there than are wanted (kstatus).',
  'apps/DaemonSet': 'As `kubectl rollout status`.',
  'apps/ReplicaSet': 'Degraded where pods cannot be made. Progressing until as many are available as are wanted.',
  'batch/Job': 'Degraded where it failed or will. Progressing while it runs.',
  'batch/CronJob': 'Degraded where the last job that was due did not succeed and none runs. Suspended while it is.',
  'autoscaling/HorizontalPodAutoscaler':
    'Degraded where it cannot read its metrics or change its target. Progressing until it scales.',
  'policy/PodDisruptionBudget':
    'Degraded where disruptions cannot be worked out. That none is allowed is no fault of it.',
  'networking.k8s.io/Ingress': 'Progressing until it has an address.',
  '/Service': 'Of type LoadBalancer: progressing until it has an address. Others are healthy.',
  '/PersistentVolumeClaim': 'Degraded where its volume is lost. Progressing until it is bound.',
  '/Node':
    'Degraded where it is not ready or short of something. Unknown where it does not report. Suspended while cordoned.',
  '/Namespace': 'Progressing while it is being deleted.',
};

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function factRows(): string {
  return factSchemas
    .map(({ path, type, description }) => {
      const kept = storedPaths.has(path) ? 'stored' : 'in memory';
      return `| \`facts.kubernetes.${path}\` | ${type} | ${kept} | ${cell(description)} |`;
    })
    .join('\n');
}

function writtenRows(): string {
  return Object.entries(writtenRules)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([kind, lines]) => `| \`${kind}\` | ${lines.map((line) => `\`${cell(line)}\``).join('<br>')} |`)
    .join('\n');
}

/** The page. */
export function fleetReference(): string {
  return `# Facts, findings and health of what runs

Generated from \`src/fleet\` by \`npm run reference\`. How they are used: [the fleet](../how-to/fleet.md),
[on call](../how-to/on-call.md), [expressions](../how-to/expressions.md).

## Facts

Facts of an entity that runs in clusters. One that depends on a cluster, or on a kind in it, that cannot be read as of now is unknown to
expressions. What is stored outlasts a restart; the rest is told again after one.

| fact | type | kept | what |
| --- | --- | --- | --- |
${factRows()}

## Findings

What is looked for in each cluster, the worst first, by the rule that \`rule\` of the findings names. How bad a finding is depends on
what it does to its workload.

| rule | what to do |
| --- | --- |
${findingRules.map((rule) => `| \`${rule}\` | ${cell(fixes[rule])} |`).join('\n')}

## Health

What is being deleted is progressing. Else the first of these that knows a kind says how its objects do: the rules of Kubernetes’ own
kinds, the written rules of custom resources, and what conditions, generations and phases usually mean.

### Kubernetes’ own kinds

| kind | health |
| --- | --- |
${Object.entries(asked)
  .map(([kind, text]) => `| \`${kind.replace(/^\//, '')}\` | ${cell(text)} |`)
  .join('\n')}

Where a workload is progressing or degraded and a pod of it is degraded, it is degraded for the reason of that pod.

### Custom resources

The first line that holds decides. What stands behind the colon must all hold: a path below \`status\` (or from \`spec.\`, \`metadata.\`)
that is there, or compared with \`=\`, \`!=\`, \`<\`, \`>\`; \`!\` turns it round; \`@Type=Status:Reason\` is a condition; \`unseen\`: the
controller has not seen the newest spec; \`generic\`: what conditions, generations and phases usually mean.

| kind | rules |
| --- | --- |
${writtenRows()}
`;
}
