import type { ActionCall, ActionDone, ActionPreview, ActionRequest } from '../../api/acting.ts';
import { CallboardError } from '../../base/errors.ts';
import type { Impersonation } from '../../kube/connection.ts';
import { readRefusal } from '../../kube/api-status.ts';
import { fleetError } from '../errors.ts';
import { text, tree } from '../reduce/json-read.ts';
import type { ActingAnswer, ActingRequest, JobContext } from './acting.ts';
import { callOf, checkState, rightOf, uidOf } from './action-plan.ts';
import { clusterRefusal } from './cluster-refusal.ts';
import { readObject } from './manifest-job.ts';
import { jsonOf } from './object-path.ts';
import { chosenRevision, currentRevision, type KeptRevision, keptRevisions } from './revisions.ts';
import { workloadPlace } from './workload-place.ts';

/** An action that is to be previewed or taken. */
export interface ActionArgs {
  readonly ask: ActionRequest;
  readonly as: Impersonation;
  /** What the server knows that should be known before. */
  readonly notes: readonly string[];
  /** What must be typed. */
  readonly confirm: string | undefined;
}

/** Who wrote a field, in `managedFields`. */
const FIELD_MANAGER = 'callboard';
const WHOLE_SECONDS = 19;

/** Job: what would come of an action. Nothing is changed. */
export async function previewAction(context: JobContext, { ask, as, notes, confirm }: ActionArgs): Promise<Uint8Array> {
  const { call, uid, revision } = await planned(context, ask, as);
  const review = await reviewed(context, ask, as);
  const dryRun = await tried(context, ask.cluster, call, as);
  const answer: ActionPreview = {
    call,
    ...(uid !== undefined && { uid }),
    ...(revision !== undefined && { revision }),
    review,
    dryRun,
    ...(confirm !== undefined && { confirm }),
    notes: [...notes],
    asUser: as.user,
  };
  return new Uint8Array(Buffer.from(JSON.stringify(answer)));
}

/** Job: takes an action. @throws see `clusterRefusal`; ACTION_REFUSED; ACTION_UNCERTAIN where the cluster did not answer, or failed */
export async function takeAction(context: JobContext, { ask, as }: ActionArgs): Promise<Uint8Array> {
  const { call } = await planned(context, ask, as);
  const answer = await written(context, ask.cluster, call, as);
  // An API server that fails, or whose store does not answer in time, may have done it (etcd: "request timed out").
  if (answer.status >= 500)
    throw uncertain(ask.cluster, `The cluster failed with ${answer.status}: ${reasonOf(answer)}`);
  if (answer.status < 200 || answer.status > 299) {
    throw clusterRefusal(ask.cluster, answer, `${ask.kind} ${ask.namespace}/${ask.name}`, as);
  }
  const done: ActionDone = {
    done: true,
    status: answer.status,
    warnings: warningsOf(answer),
    call,
    asUser: as.user,
  };
  return new Uint8Array(Buffer.from(JSON.stringify(done)));
}

/** A request, and what it is about. */
interface Planned {
  readonly call: ActionCall;
  readonly uid: string | undefined;
  /** What `undo` goes back to. */
  readonly revision: number | undefined;
}

async function planned(context: JobContext, ask: ActionRequest, as: Impersonation): Promise<Planned> {
  const { cluster, kind, namespace, name } = ask;
  const object = await readObject(context, { cluster, kind, place: workloadPlace(kind, namespace, name), as });
  checkState(ask, object);
  let revision: KeptRevision | undefined;
  if (ask.action === 'undo' && kind !== 'Pod') {
    const kept = await keptRevisions(context, { cluster, kind, namespace, name, as }, object);
    revision = chosenRevision(kept, currentRevision(kind, object, kept), ask.revision);
  }
  const now = `${new Date(context.now()).toISOString().slice(0, WHOLE_SECONDS)}Z`;
  return { call: callOf({ ask, object, revision, now }), uid: uidOf(object), revision: revision?.number };
}

async function reviewed(context: JobContext, ask: ActionRequest, as: Impersonation): Promise<ActionPreview['review']> {
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const body = JSON.stringify({
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    spec: { resourceAttributes: rightOf(ask) },
  });
  const answer = await context.call(ask.cluster, { method: 'POST', path, body, as });
  const status = tree(tree(jsonOf(ask.cluster, answer, 'SelfSubjectAccessReview', as))['status']);
  const reason = text(status['reason']) ?? text(status['evaluationError']);
  return { allowed: status['allowed'] === true, ...(reason !== undefined && { reason }) };
}

/** The same request as a dry run: what admission says is an outcome, whatever it is. */
async function tried(
  context: JobContext,
  cluster: string,
  call: ActionCall,
  as: Impersonation,
): Promise<ActionPreview['dryRun']> {
  const answer = await context.call(cluster, requestOf(call, as, true));
  const { status } = answer;
  if (status >= 200 && status < 300) return { ok: true, status, warnings: warningsOf(answer) };
  const { message } = readRefusal(status, Buffer.from(answer.body));
  return { ok: false, status, message, warnings: warningsOf(answer) };
}

async function written(
  context: JobContext,
  cluster: string,
  call: ActionCall,
  as: Impersonation,
): Promise<ActingAnswer> {
  try {
    return await context.call(cluster, requestOf(call, as, false));
  } catch (thrown) {
    if (!(thrown instanceof CallboardError)) throw thrown;
    // It may have arrived: whoever asks again may do it twice.
    throw uncertain(cluster, thrown.message, thrown);
  }
}

function uncertain(cluster: string, reason: string, cause?: CallboardError): CallboardError {
  return fleetError('ACTION_UNCERTAIN', { cluster, reason }, cause);
}

function reasonOf({ status, body }: ActingAnswer): string {
  return readRefusal(status, Buffer.from(body)).message;
}

function requestOf({ method, path, contentType, body }: ActionCall, as: Impersonation, isDry: boolean): ActingRequest {
  if (method === 'DELETE') {
    // An API server that is given options in the body reads none from the query: a dry run there would be none.
    const options = { ...tree(body), ...(isDry && { dryRun: ['All'] }) };
    return { method, path, body: JSON.stringify(options), contentType, as };
  }
  const query = { fieldManager: FIELD_MANAGER, ...(isDry && { dryRun: 'All' }) };
  return { method: 'PATCH', path, query, body: JSON.stringify(body), contentType, as };
}

/** Texts of the header `Warning` (RFC 7234): `299 - "text"`, several of them joined by commas. */
function warningsOf({ headers }: ActingAnswer): string[] {
  const texts = (headers['warning'] ?? '').matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g);
  return [...texts].map(([, said = '']) => said.replace(/\\(.)/g, '$1').slice(0, 1_000)).slice(0, 50);
}
