import type { ActionRequest } from '../../api/acting.ts';
import type { LiveObjectItem, LiveObjectPage } from '../../api/fleet.ts';
import type { LiveReader, LiveScope } from '../../live/live-reader.ts';

/** Objects of a namespace that are looked through. */
const MOST_OBJECTS = 200;

/** What should be known before an action, from what is held of the cluster and may be seen. */
export async function notesOf(live: LiveReader, scope: LiveScope, ask: ActionRequest): Promise<readonly string[]> {
  const read = async (kind: string, more: { readonly name?: string; readonly labelSelector?: string } = {}) => {
    const place = { clusters: [ask.cluster], namespaces: [ask.namespace] };
    const bytes = await live.objects({ kinds: [kind], ...place, ...more, limit: MOST_OBJECTS }, scope);
    return (JSON.parse(Buffer.from(bytes).toString()) as LiveObjectPage).items;
  };
  if (ask.action === 'scale') return scaleNotes(await read('HorizontalPodAutoscaler'), ask);
  if (ask.action !== 'delete-pod') return [];
  const notes: string[] = [];
  const [pod] = await read('Pod', { name: ask.name });
  if (pod?.owner === undefined && pod !== undefined) notes.push('Nothing owns this pod: no other one takes its place.');
  for (const budget of await read('PodDisruptionBudget')) {
    const { selector, allowed } = budget.fields;
    if (typeof selector !== 'string' || selector === '') continue;
    const [covered] = await read('Pod', { name: ask.name, labelSelector: selector });
    if (covered === undefined) continue;
    notes.push(
      `The PodDisruptionBudget ${budget.name} protects it (${Number(allowed ?? 0)} disruptions are allowed now); ` +
        'deleting a pod does not ask it, an eviction would.',
    );
  }
  return notes;
}

function scaleNotes(scalers: readonly LiveObjectItem[], { kind, name, replicas = 0 }: ActionRequest): string[] {
  const own = scalers.filter(({ fields }) => fields['targetKind'] === kind && fields['targetName'] === name);
  const notes = own.map(({ name: scaler, fields }) => {
    const range = `${Number(fields['minimum'] ?? 1)} to ${Number(fields['maximum'] ?? 0)}`;
    return `The HorizontalPodAutoscaler ${scaler} scales it (${range}) and will set another number again.`;
  });
  if (replicas === 0) notes.push('With 0 replicas it does not run at all, and an autoscaler leaves it alone.');
  return notes;
}
