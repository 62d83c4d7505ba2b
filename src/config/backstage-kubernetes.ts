import { resolve } from 'node:path';
import { nodeAt, type ConfigNode } from './config-node.ts';
import { scalarText, truth, type Parser } from './value.ts';

/** How a cluster of AWS is asked for a token. */
export interface AwsIdentity {
  /** How AWS calls the cluster, where that is not its name here. */
  readonly clusterId?: string | undefined;
  readonly assumeRole?: string | undefined;
  readonly externalId?: string | undefined;
}

/** What Backstage's pages are told of a cluster beside its name, and what is not asked of it for them. */
export interface BackstageSaid {
  readonly skipsMetrics: boolean;
  /** Whose dashboard it is, so that links into it can be made: `rancher`, `openshift`, `gke`, ... */
  readonly dashboardApp?: string | undefined;
  readonly dashboardParameters?: Readonly<Record<string, string>> | undefined;
}

/** A cluster of Backstage's locators `config` and `localKubectlProxy`. Holds a secret: it is never logged. */
export interface BackstageCluster {
  readonly name: string;
  readonly title?: string | undefined;
  readonly url: string;
  /** `serviceAccount`, `aws`, `azure`, `googleServiceAccount`, `localKubectlProxy`, ... */
  readonly authProvider: string;
  readonly serviceAccountToken?: string | undefined;
  readonly aws: AwsIdentity;
  readonly skipTlsVerify: boolean;
  /** PEM in base64. */
  readonly caData?: string | undefined;
  /** Absolute. */
  readonly caFile?: string | undefined;
  readonly dashboardUrl?: string | undefined;
  readonly said: BackstageSaid;
  /** Where it was written: `app-config.yaml:12`. */
  readonly origin: string;
}

/** What is there and cannot be done, with what to do instead. */
export interface BackstageProblem {
  readonly origin: string;
  readonly message: string;
}

/** What Callboard takes from Backstage's section `kubernetes`. */
export interface BackstageKubernetes {
  readonly clusters: readonly BackstageCluster[];
  /** Locator `catalog`; absent: there is none. */
  readonly catalog?: { readonly isAnyHostAllowed: boolean; readonly isInsecureAllowed: boolean } | undefined;
  readonly problems: readonly BackstageProblem[];
}

/** Keys that Backstage has under `kubernetes` and that name no clusters, with what stands for them here. */
const otherKeys: Readonly<Record<string, string>> = {
  customResources: 'name them under fleet.customResources, with their kind',
  objectTypes: 'every known kind is read that a cluster has and its account may read: narrow its rights instead',
  apiVersionOverrides: 'each cluster is read in the version that it serves',
};

/** `kubernetes` of an app-config. A cluster that cannot be taken is a problem of its own; the others go on. */
export function backstageKubernetes(): Parser<BackstageKubernetes> {
  return (node) => {
    if (node.kind !== 'map') return { ok: false, expected: 'a map as kubernetes in an app-config.yaml' };
    const reading = new Reading();
    for (const [key, instead] of Object.entries(otherKeys)) {
      const child = nodeAt(node, key);
      if (child !== undefined) reading.say(child, `kubernetes.${key} has no effect; ${instead}`);
    }
    const methods = nodeAt(node, 'clusterLocatorMethods');
    for (const method of methods?.kind === 'list' ? methods.items : []) reading.locator(method);
    return { ok: true, value: reading.result() };
  };
}

/** Where the clusters of Backstage's locators are told as they are read. */
class Reading {
  readonly #clusters: BackstageCluster[] = [];
  readonly #problems: BackstageProblem[] = [];
  #catalog: BackstageKubernetes['catalog'];

  say(node: ConfigNode, message: string): void {
    this.#problems.push({ origin: node.place.label, message });
  }

  result(): BackstageKubernetes {
    const found = { clusters: this.#clusters, problems: this.#problems };
    return this.#catalog === undefined ? found : { ...found, catalog: this.#catalog };
  }

  locator(method: ConfigNode): void {
    const type = textAt(method, 'type');
    if (type === 'config') this.#configured(method);
    else if (type === 'catalog') {
      this.#catalog = {
        isAnyHostAllowed: truthAt(method, 'dangerouslyAllowClusterUrls'),
        isInsecureAllowed: truthAt(method, 'dangerouslyAllowSkipTLSVerify'),
      };
    } else if (type === 'localKubectlProxy') this.#clusters.push(localProxy(method));
    else if (type === 'gke') {
      this.say(
        method,
        `the clusters of the project ${textAt(method, 'projectId') ?? ''} are not looked up: write their contexts with ` +
          'gcloud container clusters get-credentials and name the kubeconfig under fleet.kubeconfigs',
      );
    } else
      this.say(method, 'a locator has a type that is not known; known are config, catalog, localKubectlProxy, gke');
  }

  #configured(method: ConfigNode): void {
    const list = nodeAt(method, 'clusters');
    if (list?.kind !== 'list') this.say(method, 'a locator of type config has no list of clusters');
    for (const item of list?.kind === 'list' ? list.items : []) {
      const cluster = readCluster(item);
      if (cluster === undefined) this.say(item, 'a cluster needs name and url');
      else this.#clusters.push(cluster);
      const custom = nodeAt(item, 'customResources');
      if (custom !== undefined)
        this.say(custom, `customResources has no effect; ${otherKeys['customResources'] ?? ''}`);
    }
  }
}

function readCluster(node: ConfigNode): BackstageCluster | undefined {
  const [name, url, caFile] = [textAt(node, 'name'), textAt(node, 'url'), textAt(node, 'caFile')];
  if (name === undefined || url === undefined) return undefined;
  /** Newer files say of the cluster in `authMetadata` what older ones say beside it. */
  const either = (key: string, annotation: string): string | undefined =>
    textAt(node, key) ?? textAt(node, 'authMetadata', `kubernetes.io/${annotation}`);
  return {
    name,
    url,
    title: textAt(node, 'title'),
    authProvider: either('authProvider', 'auth-provider') ?? 'serviceAccount',
    serviceAccountToken: textAt(node, 'serviceAccountToken'),
    aws: {
      clusterId: textAt(node, 'authMetadata', 'kubernetes.io/x-k8s-aws-id'),
      assumeRole: either('assumeRole', 'aws-assume-role'),
      externalId: either('externalId', 'aws-external-id'),
    },
    skipTlsVerify: truthAt(node, 'skipTLSVerify'),
    caData: textAt(node, 'caData'),
    caFile: caFile === undefined ? undefined : resolve(node.place.folder, caFile),
    dashboardUrl: textAt(node, 'dashboardUrl'),
    said: {
      skipsMetrics: truthAt(node, 'skipMetricsLookup'),
      dashboardApp: textAt(node, 'dashboardApp'),
      dashboardParameters: textsAt(node, 'dashboardParameters'),
    },
    origin: node.place.label,
  };
}

/** What `kubectl proxy` gives on this machine; it adds the credentials itself. */
function localProxy(node: ConfigNode): BackstageCluster {
  const url = 'http://localhost:8001';
  const origin = node.place.label;
  const said = { skipsMetrics: false };
  return { name: 'local', url, authProvider: 'localKubectlProxy', aws: {}, skipTlsVerify: false, said, origin };
}

function textAt(node: ConfigNode, ...path: readonly string[]): string | undefined {
  const child = nodeAt(node, ...path);
  return child && scalarText(child);
}

/** A map of texts; what is none in it is left out. */
function textsAt(node: ConfigNode, key: string): Readonly<Record<string, string>> | undefined {
  const child = nodeAt(node, key);
  if (child?.kind !== 'map') return undefined;
  return Object.fromEntries(
    [...child.entries].flatMap(([name, value]) => {
      const text = scalarText(value);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

function truthAt(node: ConfigNode, key: string): boolean {
  const child = nodeAt(node, key);
  const read = child && truth()(child);
  return read?.ok === true && read.value;
}
