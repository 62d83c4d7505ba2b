import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage } from '../base/errors.ts';
import type { ClusterConnection } from './connection.ts';

/** Where Kubernetes puts the account of a pod. */
const accountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Why the account of the pod cannot be used, with what to do. */
export interface InClusterProblem {
  readonly message: string;
}

/**
 * How the cluster is reached that this process runs in, with the account of its pod. Token and authority are read again as
 * they are renewed.
 *
 * @param folder of token and ca.crt; default: where Kubernetes puts them
 */
export async function inClusterConnection(
  environment: Readonly<Record<string, string | undefined>>,
  folder: string = accountFolder,
): Promise<Omit<ClusterConnection, 'name'> | InClusterProblem> {
  const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '' } = environment;
  if (host === '' || port === '') {
    return { message: 'it does not run in a cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set' };
  }
  const [authorityPath, path] = [join(folder, 'ca.crt'), join(folder, 'token')];
  for (const file of [authorityPath, path]) {
    try {
      await readFile(file);
    } catch (error) {
      const cause = errorMessage(error);
      return { message: `${file} cannot be read (${cause}): let the pod have automountServiceAccountToken: true` };
    }
  }
  return {
    server: `https://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`,
    authorityPath,
    isInsecure: false,
    disableCompression: false,
    credential: { type: 'tokenFile', path },
  };
}
