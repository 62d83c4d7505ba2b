import type { HeldKind } from '../held-kind.ts';
import type { FactLook, FactValues, RunningPart } from './running-part.ts';
import { distinct } from './spread-facts.ts';
import { type Amounts, isGrpcName, type TemplateFacts } from './template-facts.ts';

/** Kinds whose replicas can be disrupted one after the other. */
const budgeted: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet']);
/** Kinds of which nobody expects an answer. */
const unasked: ReadonlySet<string> = new Set(['CronJob', 'Job']);

type Templated = RunningPart & { readonly template: TemplateFacts };

/** What is written of an entity's workloads, and what stands around them. */
export function specFacts(look: FactLook, parts: readonly RunningPart[]): FactValues {
  const written = parts.filter((part): part is Templated => part.template !== undefined);
  const asked = written.filter(({ place }) => !unasked.has(place.kind.kind.id));
  return {
    ...(written.length > 0 && {
      noPdb: written.some((part) => lacksBudget(look, part)),
      privileged: written.some(({ template }) => template.isPrivileged),
      hostNetwork: written.some(({ template }) => template.isHostNetwork),
      hostPid: written.some(({ template }) => template.isHostPid),
      speaksGrpc: written.some(speaksGrpc),
      noLimits: written.some(({ template }) => template.limits.memory === undefined),
      serviceType: distinct(written.flatMap(({ services }) => services.map(({ type }) => type))),
      ingressHosts: distinct(
        written.flatMap(({ place, namespace, services }) =>
          look.surroundings.hostsOf(place.cluster, namespace, services),
        ),
      ),
      requests: sumOf(written, ({ requests }) => requests),
      limits: sumOf(written, ({ limits }) => limits),
    }),
    ...(asked.length > 0 && {
      probes: {
        readiness: asked.every(({ template }) => template.hasReadiness),
        liveness: asked.every(({ template }) => template.hasLiveness),
      },
    }),
    ...scalingFacts(look, parts),
  };
}

function lacksBudget({ surroundings }: FactLook, { place, namespace, cell, template }: Templated): boolean {
  if (!budgeted.has(place.kind.kind.id) || (cell.desired ?? 0) < 2) return false;
  return !surroundings.hasBudget(place.cluster, namespace, template.labels);
}

/** A port of a Service is `<name> <port>/<protocol> <appProtocol>`, without what it does not say. */
function speaksGrpc({ template, services }: Templated): boolean {
  if (template.speaksGrpc) return true;
  return services.some(({ ports }) =>
    ports.some((line) => {
      const words = line.split(' ');
      const protocol = words.at(-1) ?? '';
      return isGrpcName(words[0] ?? '') || protocol === 'grpc' || protocol === 'kubernetes.io/h2c';
    }),
  );
}

/** What all replicas have together; absent where one does not say how much. */
function sumOf(
  parts: readonly Templated[],
  of: (template: TemplateFacts) => Amounts,
): Readonly<Record<string, number>> {
  const lasting = parts.filter(({ cell }) => cell.desired !== undefined);
  const sum = (resource: keyof Amounts): number | undefined => {
    let total = 0;
    for (const { template, cell } of lasting) {
      const amount = of(template)[resource];
      if (amount === undefined) return undefined;
      total += amount * (cell.desired ?? 0);
    }
    return lasting.length === 0 ? undefined : Math.round(total * 1000) / 1000;
  };
  const [cpu, memory] = [sum('cpu'), sum('memory')];
  return { ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory }) };
}

function scalingFacts({ surroundings }: FactLook, parts: readonly RunningPart[]): FactValues {
  const all = parts.flatMap(({ place: { cluster, kind }, namespace, name }) => {
    return surroundings.autoscalerOf(cluster, kind.kind.kind, namespace, name) ?? [];
  });
  if (all.length === 0) return {};
  const total = (of: (each: (typeof all)[number]) => number): number => all.reduce((sum, each) => sum + of(each), 0);
  const headroom = Math.min(...all.map(({ max, current }) => (max <= 0 ? 0 : Math.max(0, 1 - current / max))));
  return {
    hpa: {
      min: total(({ min }) => min),
      max: total(({ max }) => max),
      current: total(({ current }) => current),
      headroom: Math.round(headroom * 100) / 100,
    },
    hpaAtLimit: all.some(({ desired, max }) => desired >= max),
  };
}

/** Whether what is held of a kind may not be as it is now. */
export function isStale(kind: HeldKind | undefined): boolean {
  return kind !== undefined && kind.state !== 'ok' && kind.state !== 'absent';
}
