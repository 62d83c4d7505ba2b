import { type ActionDone, type ActionRequest, previewAction, takeAction } from '../../api/acting.ts';
import type { Principal } from '../../access/principal.ts';
import { CallboardError, errorMessage } from '../../base/errors.ts';
import type { Impersonation } from '../../kube/connection.ts';
import type { LiveReader } from '../../live/live-reader.ts';
import type { AuditNote, Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { fleetError } from '../errors.ts';
import type { FleetScopes } from '../scope.ts';
import type { Acting } from './acting.ts';
import type { ActingGate } from './acting-gate.ts';
import { checkAction } from './action-plan.ts';
import { notesOf } from './action-notes.ts';

/** What the routes that act stand on. */
export interface ActionRouteOptions {
  readonly acting: Acting;
  readonly gate: ActingGate;
  readonly live: LiveReader;
  readonly scopes: Pick<FleetScopes, 'of'>;
}

/** How long an action may take, ms: shorter than a request, so that what came of it is still recorded. */
const ACTION_MS = 25_000;

/** Routes by which people act on workloads and pods. */
export function actionRoutes({ acting, gate, live, scopes }: ActionRouteOptions): readonly Route[] {
  /** As whom; both permissions are asked before anything is said of the cluster. */
  const permit = async (principal: Principal, ask: ActionRequest): Promise<Impersonation> => {
    if (ask.action === 'delete-pod') await gate.asFor(principal, 'fleet.pod.delete', ask);
    return gate.asFor(principal, 'fleet.workload.act', ask);
  };
  const confirmOf = (cluster: string): string | undefined =>
    gate.users.cluster(cluster).isProtected ? cluster : undefined;
  return [
    implementRoute(previewAction, async ({ principal, body: ask, signal }) => {
      const as = await permit(principal, ask);
      checkAction(ask);
      const notes = await notesOf(live, scopes.of(principal, 'fleet.object.read').scope, ask);
      return acting.run('preview', { ask, as, notes, confirm: confirmOf(ask.cluster) }, { signal });
    }),
    implementRoute(takeAction, async (request) => {
      const { principal, body: ask } = request;
      request.audit(noteOf(ask, {}));
      const as = await permit(principal, ask);
      request.audit(noteOf(ask, { asUser: as.user }));
      checkAction(ask);
      const confirm = confirmOf(ask.cluster);
      if (confirm !== undefined && ask.confirm !== confirm) {
        throw fleetError('ACTION_UNCONFIRMED', { cluster: ask.cluster });
      }
      await request.auditIntent(noteOf(ask, { asUser: as.user }));
      try {
        // Who goes away has asked for it nevertheless: it is done, and what came of it is recorded.
        const bytes = await acting.run('action', { ask, as, notes: [], confirm }, { timeoutMs: ACTION_MS });
        request.audit(noteOf(ask, { asUser: as.user, ...outcomeOf(bytes) }));
        return bytes;
      } catch (thrown) {
        const fault = uncertain(ask, thrown);
        const note = noteOf(ask, { asUser: as.user, refusal: errorMessage(fault) });
        request.audit(isUncertain(fault) ? { ...note, outcome: 'unknown' } : note);
        throw fault;
      }
    }),
  ];
}

/** What is kept of an action. A pod template may hold secrets: of `undo` the revision says enough. */
function noteOf(ask: ActionRequest, more: NonNullable<AuditNote['data']>): AuditNote {
  const { cluster, kind, namespace, name, action, replicas, revision, reason } = ask;
  return {
    action: action === 'delete-pod' ? 'fleet.pod.delete' : `fleet.workload.${action}`,
    target: `${cluster}/${namespace}/${kind}/${name}`,
    data: {
      cluster,
      kind,
      namespace,
      name,
      ...(replicas !== undefined && { replicas }),
      ...(revision !== undefined && { revision }),
      ...(reason !== undefined && { why: reason }),
      ...more,
    },
  };
}

/** A thread that ended, or took too long, may have done it. */
function uncertain({ cluster }: ActionRequest, thrown: unknown): unknown {
  if (!(thrown instanceof CallboardError) || thrown.code !== 'ACTING_UNAVAILABLE') return thrown;
  return fleetError('ACTION_UNCERTAIN', { cluster, reason: thrown.message }, thrown);
}

function isUncertain(fault: unknown): boolean {
  return fault instanceof CallboardError && fault.code === 'ACTION_UNCERTAIN';
}

function outcomeOf(bytes: Uint8Array): NonNullable<AuditNote['data']> {
  const { status, call } = JSON.parse(Buffer.from(bytes).toString()) as ActionDone;
  return { status, call: `${call.method} ${call.path}`, kubectl: call.kubectl };
}
