import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { CallboardError } from '../../base/errors.ts';
import type { Clock } from '../../base/clock.ts';
import type { Acting, ActingRequest, ActingStream } from '../../fleet/acting/acting.ts';
import type { ActingGate } from '../../fleet/acting/acting-gate.ts';
import type { ClusterEntry } from '../../fleet/cluster-entry.ts';
import { seesCluster } from '../../fleet/scope-check.ts';
import type { FleetScopes } from '../../fleet/scope.ts';
import type { Route, RouteRequest } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { compatibleError } from './errors.ts';
import { kubernetesProxies, PROXY_PATH } from './kubernetes-contracts.ts';
import { proxiedPath, type ProxiedPath } from './kubernetes-path.ts';

/** What the proxy stands on. */
export interface ProxyOptions {
  readonly scopes: Pick<FleetScopes, 'of'>;
  readonly acting: Acting;
  readonly gate: ActingGate;
  readonly clock: Clock;
}

type Method = (typeof kubernetesProxies)[number]['method'];

const CLUSTER = 'backstage-kubernetes-cluster';
const CREDENTIAL = 'backstage-kubernetes-authorization';
/** How long a cluster may take until it begins to answer, and until it has answered, ms. */
const HEAD_MS = 15_000;
const WHOLE_MS = 10 * 60_000;
const MOST_BYTES = 128 * 1024 * 1024;
/** Requests that one may have open: watches last. */
const MOST_OPEN = 30;

/** Types that a browser never runs; what a cluster calls otherwise is sent as bytes. */
const plainType =
  /^(application\/([a-z0-9.-]+\+)?(json|yaml)|application\/vnd\.kubernetes\.protobuf|text\/plain)(;|$)/i;
/** Headers of a cluster's answer that are passed on, beside its type. */
const passedHeaders = ['warning', 'retry-after', 'audit-id'] as const;

/** The routes that pass requests on to clusters, as the person who asks. */
export function proxyRoutes(options: ProxyOptions): readonly Route[] {
  const openByRef = new Map<string, number>();
  return kubernetesProxies.map((contract) =>
    implementRoute(contract, (request) => {
      takeSeat(openByRef, request);
      return pass(options, contract.method, request);
    }),
  );
}

/** Counts a request as open until it has been answered. @throws KUBERNETES_PROXY_TAKEN */
function takeSeat(openByRef: Map<string, number>, { principal: { ref }, reply }: RouteRequest): void {
  const open = openByRef.get(ref) ?? 0;
  if (open >= MOST_OPEN) throw compatibleError('KUBERNETES_PROXY_TAKEN', { principal: ref, limit: MOST_OPEN });
  openByRef.set(ref, open + 1);
  reply.raw.once('close', () => {
    const left = (openByRef.get(ref) ?? 1) - 1;
    if (left > 0) openByRef.set(ref, left);
    else openByRef.delete(ref);
  });
}

async function pass(options: ProxyOptions, method: Method, request: RouteRequest): Promise<FastifyReply> {
  const { raw, principal, reply } = request;
  if (!raw.url.startsWith(`${PROXY_PATH}/`))
    throw compatibleError('KUBERNETES_PROXY_PATH', { problem: 'its beginning is encoded' });
  const asked = proxiedPath(raw.url.slice(PROXY_PATH.length));
  if (raw.headers.upgrade !== undefined) throw compatibleError('KUBERNETES_PROXY_SHELL', { verb: 'exec' });
  const cluster = clusterOf(options, request);
  const target = `${cluster.name}${asked.path}`;
  request.audit({ target, data: { cluster: cluster.name, method, path: asked.path } });
  const as = options.gate.as(principal, 'kubernetes.proxy.use', { cluster: cluster.name, namespace: asked.namespace });
  if (method !== 'GET' && cluster.isProtected)
    throw compatibleError('KUBERNETES_PROXY_PROTECTED', { cluster: cluster.name });
  if (method !== 'GET') await request.auditIntent({});
  const own = credentialOf(raw.headers);
  const ask = { ...requestOf(method, asked, request), ...(own === undefined ? { as } : { authorization: own }) };
  const limit = new AbortController();
  const timer = options.clock.after(WHOLE_MS, () => limit.abort(new Error('The answer took too long')));
  reply.raw.once('close', () => timer.cancel());
  const answer = await answerOf(options.acting, cluster.name, ask, AbortSignal.any([request.signal, limit.signal]));
  return sendAnswer(reply, answer);
}

/** The cluster that is meant, of those that may be seen. @throws KUBERNETES_CLUSTER_* */
function clusterOf({ scopes, gate }: ProxyOptions, { principal, raw }: RouteRequest): ClusterEntry {
  const { scope } = scopes.of(principal, 'fleet.cluster.read');
  const seen = gate.users.clusters().filter(({ name }) => seesCluster(scope, name));
  const named = raw.headers[CLUSTER];
  if (typeof named !== 'string' || named === '') {
    const [only, ...others] = seen;
    if (only !== undefined && others.length === 0) return only;
    throw compatibleError('KUBERNETES_CLUSTER_UNNAMED', { clusters: seen.length });
  }
  const cluster = seen.find(({ name }) => name === named);
  if (cluster === undefined) throw compatibleError('KUBERNETES_CLUSTER_UNKNOWN', { cluster: named.slice(0, 253) });
  return cluster;
}

/** What the client itself shows the cluster: a whole header, or a token for one way of signing in. */
function credentialOf(headers: Readonly<Record<string, string | readonly string[] | undefined>>): string | undefined {
  const shown = Object.entries(headers).filter(([name]) => name === CREDENTIAL || name.startsWith(`${CREDENTIAL}-`));
  const [first, ...others] = shown;
  if (first === undefined) return undefined;
  const [name, value] = first;
  if (others.length > 0 || typeof value !== 'string' || value === '')
    throw compatibleError('KUBERNETES_CREDENTIALS_MANY');
  return name === CREDENTIAL ? value : `Bearer ${value}`;
}

/** Nothing of the client's own headers goes on but what it takes and what it sends. */
function requestOf(method: Method, { path, query }: ProxiedPath, { raw, body }: RouteRequest): ActingRequest {
  const { accept, 'content-type': contentType } = raw.headers;
  return {
    method,
    path,
    ...(query !== '' && { query }),
    ...(body instanceof Uint8Array && body.length > 0 && { body, contentType }),
    ...(accept !== undefined && { accept }),
    timeoutMs: HEAD_MS,
    maxBytes: MOST_BYTES,
  };
}

/** @throws KUBERNETES_PROXY_FAILED where the cluster does not answer */
async function answerOf(
  acting: Acting,
  cluster: string,
  ask: ActingRequest,
  signal: AbortSignal,
): Promise<ActingStream> {
  try {
    return await acting.stream(cluster, ask, signal);
  } catch (thrown) {
    const isFault = thrown instanceof CallboardError && thrown.code.startsWith('KUBE_');
    if (!isFault) throw thrown;
    throw compatibleError('KUBERNETES_PROXY_FAILED', { cluster, reason: thrown.message }, thrown);
  }
}

/** Passes an answer on so that no browser takes it for a page of this server. */
function sendAnswer(reply: FastifyReply, { status, headers, chunks }: ActingStream): FastifyReply {
  const type = headers['content-type'] ?? '';
  void reply
    .status(status)
    .header('content-type', plainType.test(type) ? type : 'application/octet-stream')
    .header('content-security-policy', "sandbox; default-src 'none'");
  for (const name of passedHeaders) {
    const value = headers[name];
    if (value !== undefined) void reply.header(name, value);
  }
  return reply.send(Readable.from(chunks));
}
