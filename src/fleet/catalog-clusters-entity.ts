import type { CatalogClustersConfig } from '../config/fleet-config.ts';
import type { Entity } from '../model/entity.ts';
import { entityRefOf } from '../model/ref.ts';
import { decodedAuthority, plainServer } from './backstage-clusters.ts';
import { backstageLogin } from './backstage-clusters-login.ts';
import { hostRefusal } from './catalog-clusters-hosts.ts';
import type { ClusterEntry } from './cluster-entry.ts';
import { tree } from './reduce/json-read.ts';
import { connectionWarnings, isWebUrl, type EntryFace } from './cluster-entry-face.ts';

/** What an entity says of a cluster: what it shows, and how it is reached or why it is not. */
export interface EntityCluster {
  readonly name: string;
  readonly face: EntryFace;
  /** Absent where the entity only describes the cluster. */
  readonly entry?: ClusterEntry | undefined;
  /** What is wrong, with what to do; without an entry it is why there is none. */
  readonly message?: string | undefined;
}

const PREFIX = 'kubernetes.io/';
const MAX_NAME = 253;

/** Reads an entity of kind Resource and type kubernetes-cluster, with the annotations of Backstage's catalog locator. */
export function entityCluster(entity: Entity, config: CatalogClustersConfig): EntityCluster {
  const { name, title, labels = {}, annotations = {} } = entity.metadata;
  const dashboardUrl = annotations[`${PREFIX}dashboard-url`];
  const owner = entity.spec?.['owner'];
  const face: EntryFace = {
    title,
    labels: { ...(typeof owner === 'string' && { owner }), ...labels },
    // An entity can protect a cluster, and never take that away.
    isProtected: annotations['callboard.dev/protected'] === 'true',
    dashboardUrl: isWebUrl(dashboardUrl) ? dashboardUrl : undefined,
  };
  if (annotations[`${PREFIX}api-server`] === undefined) return { name, face };
  const connected = connect(entity, face, config);
  if (typeof connected === 'string') return { name, face, message: connected };
  const isBadUrl = dashboardUrl !== undefined && !isWebUrl(dashboardUrl);
  return { name, face, entry: connected, message: isBadUrl ? `${PREFIX}dashboard-url is no http(s) URL` : undefined };
}

/** @returns why it is not read */
function connect(entity: Entity, face: EntryFace, config: CatalogClustersConfig): ClusterEntry | string {
  const { name, annotations = {} } = entity.metadata;
  const told = (key: string): string | undefined => annotations[`${PREFIX}${key}`];
  if (name.length > MAX_NAME) return 'its name is too long';
  const server = plainServer(told('api-server') ?? '');
  if (server === undefined) return `${PREFIX}api-server is no URL of an API server`;
  const refusal = hostRefusal(server, config.hosts);
  if (refusal !== undefined) return refusal;
  const isInsecure = told('skip-tls-verify') === 'true';
  if (isInsecure && !config.isInsecureAllowed) {
    return `${PREFIX}skip-tls-verify is not allowed: give its certificate authority, or set allowSkipTLSVerify of fleet.catalog`;
  }
  const encoded = told('api-server-certificate-authority');
  const authority = encoded === undefined ? undefined : decodedAuthority(encoded);
  if (authority === null) return `${PREFIX}api-server-certificate-authority is no PEM certificate in base64`;
  const provider = told('auth-provider');
  if (provider === undefined) return `it has no annotation ${PREFIX}auth-provider`;
  if (provider === 'serviceAccount' || provider === 'localKubectlProxy') {
    return `an entity cannot bring a token: name a context ${name} of a kubeconfig under fleet.kubeconfigs, and this entity describes it`;
  }
  const aws = {
    clusterId: told('x-k8s-aws-id'),
    assumeRole: told('aws-assume-role'),
    externalId: told('aws-external-id'),
  };
  const login = backstageLogin(provider, name, aws);
  if ('message' in login) return login.message;
  const base = {
    name,
    server,
    authority,
    isInsecure: isInsecure && authority === undefined,
    disableCompression: false,
  };
  return {
    name,
    origin: entityRefOf(entity),
    title: face.title,
    labels: face.labels ?? {},
    isProtected: face.isProtected ?? false,
    dashboardUrl: face.dashboardUrl,
    backstage: {
      skipsMetrics: told('skip-metrics-lookup') === 'true',
      dashboardApp: told('dashboard-app'),
      dashboardParameters: parametersOf(told('dashboard-parameters')),
    },
    connection: { ...base, credential: login.credential },
    warnings: connectionWarnings(base),
  };
}

/** Texts of a map in JSON; undefined for what is none. */
function parametersOf(written: string | undefined): Readonly<Record<string, string>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(written ?? '');
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return undefined;
  }
  const texts = Object.entries(tree(value)).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return Object.fromEntries(texts);
}
