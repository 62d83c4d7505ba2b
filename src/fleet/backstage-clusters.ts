import type { BackstageCluster, BackstageKubernetes } from '../config/backstage-kubernetes.ts';
import type { ClusterConnection } from '../kube/connection.ts';
import { inClusterConnection } from '../kube/in-cluster.ts';
import { backstageLogin } from './backstage-clusters-login.ts';
import { OWN_CLUSTER, type ClusterEntry, type ClusterProblem } from './cluster-entry.ts';
import { connectionWarnings, isWebUrl } from './cluster-entry-face.ts';
import type { ClusterTelling } from './cluster-feed.ts';

/** What a cluster that stands in a configuration can be connected with. */
export interface PodSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where the account of the pod is; default: where Kubernetes puts it. */
  readonly accountFolder?: string | undefined;
}

/** The clusters of Backstage's section `kubernetes` as entries; what cannot be done is a problem. */
export async function backstageClusters(
  { clusters, problems }: BackstageKubernetes,
  surroundings: PodSurroundings,
): Promise<ClusterTelling> {
  const entries: ClusterEntry[] = [];
  const found: ClusterProblem[] = [...problems];
  for (const cluster of clusters) {
    const origin = `kubernetes, ${cluster.origin}`;
    const connection = await connectionOf(cluster, surroundings);
    if (typeof connection === 'string') {
      found.push({ origin, message: `the cluster ${cluster.name}: ${connection}` });
      continue;
    }
    const { title, dashboardUrl } = cluster;
    if (dashboardUrl !== undefined && !isWebUrl(dashboardUrl)) {
      found.push({
        origin,
        message: `the cluster ${cluster.name}: its dashboardUrl is no http(s) URL and is left out`,
      });
    }
    entries.push({
      name: cluster.name,
      origin,
      connection,
      title,
      labels: {},
      isProtected: false,
      dashboardUrl: isWebUrl(dashboardUrl) ? dashboardUrl : undefined,
      backstage: cluster.said,
      warnings: connectionWarnings(connection),
    });
  }
  return { entries, problems: found };
}

/** How the cluster is reached where Callboard runs. */
export async function inClusterTelling(name: string, surroundings: PodSurroundings): Promise<ClusterTelling> {
  const origin = OWN_CLUSTER;
  const found = await inClusterConnection(surroundings.environment, surroundings.accountFolder);
  if ('message' in found) return { entries: [], problems: [{ origin, message: found.message }] };
  const connection = { ...found, name };
  return { entries: [{ name, origin, connection, labels: {}, isProtected: false, warnings: [] }], problems: [] };
}

/** @returns why it cannot be connected */
async function connectionOf(
  cluster: BackstageCluster,
  surroundings: PodSurroundings,
): Promise<ClusterConnection | string> {
  const server = plainServer(cluster.url);
  if (server === undefined) return 'its url is no http(s) URL of an API server';
  const authority = cluster.caData === undefined ? undefined : decodedAuthority(cluster.caData);
  if (authority === null) return 'its caData is no PEM certificate in base64';
  const base = {
    name: cluster.name,
    server,
    authority,
    authorityPath: cluster.caFile,
    isInsecure: cluster.skipTlsVerify,
    disableCompression: false,
  };
  if (cluster.authProvider === 'serviceAccount') {
    const token = cluster.serviceAccountToken;
    if (token !== undefined) return { ...base, credential: { type: 'token', token } };
    return withAccountOfPod(base, surroundings);
  }
  const login = backstageLogin(cluster.authProvider, cluster.name, cluster.aws);
  return 'message' in login ? login.message : { ...base, credential: login.credential };
}

/** A service account without a token is that of the pod, as in Backstage. */
async function withAccountOfPod(
  base: Omit<ClusterConnection, 'credential'>,
  { environment, accountFolder }: PodSurroundings,
): Promise<ClusterConnection | string> {
  const own = await inClusterConnection(environment, accountFolder);
  if ('message' in own)
    return `it has no serviceAccountToken, and the account of the pod cannot be used: ${own.message}`;
  const hasAuthority = base.authority !== undefined || base.authorityPath !== undefined || base.isInsecure;
  return { ...base, ...(!hasAuthority && { authorityPath: own.authorityPath }), credential: own.credential };
}

/** A URL of an API server without a slash at its end; undefined for what is none, or holds credentials. */
export function plainServer(written: string): string | undefined {
  const url = written.length > 2048 ? null : URL.parse(written);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') return undefined;
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return undefined;
  return url.href.replace(/\/+$/, '');
}

/** The PEM of a certificate in base64; null for what is none. */
export function decodedAuthority(base64: string): string | null {
  const text = Buffer.from(base64, 'base64').toString('utf8');
  return text.includes('-----BEGIN CERTIFICATE-----') ? text : null;
}
