import type { AwsIdentity } from '../config/backstage-kubernetes.ts';
import type { CredentialSource, ExecPlugin } from '../kube/connection.ts';

/** A way to ask a cluster without a person, or why there is none, with what to do instead. */
export type Login = { readonly credential: CredentialSource } | { readonly message: string };

/** Server application of AKS, the same for every cluster. */
const AKS_SERVER = '6dae42f8-4368-4678-94ff-3960e28e3630';

/** What only a person at a browser brings along, while clusters are read when nobody is there. */
const ofPeople: ReadonlySet<string> = new Set(['google', 'aks', 'oidc']);

/** Values that become arguments of a program: nothing that it could take for something else. */
const plainWord = /^[A-Za-z0-9_][A-Za-z0-9:/_.@+=,-]{0,2047}$/;

/**
 * How one of Backstage's auth providers is asked for credentials here. Those of clouds come from the clouds' own plugins, which
 * must be installed.
 *
 * @param cluster name of the cluster, as AWS calls it where it says nothing else
 */
export function backstageLogin(provider: string, cluster: string, aws: AwsIdentity): Login {
  switch (provider) {
    case 'localKubectlProxy':
      return { credential: { type: 'none' } };
    case 'aws':
      return awsLogin(aws.clusterId ?? cluster, aws);
    case 'azure':
      return plugin(
        'kubelogin',
        ['get-token', '--login', 'msi', '--server-id', AKS_SERVER],
        'Install kubelogin (azure.github.io/kubelogin); where the machine has no managed identity, name a kubeconfig',
      );
    case 'googleServiceAccount':
      return plugin(
        'gke-gcloud-auth-plugin',
        ['--use_application_default_credentials'],
        'Install gke-gcloud-auth-plugin, a component of gcloud',
      );
    default:
      return {
        message: ofPeople.has(provider)
          ? `its auth provider ${provider} uses the tokens of whoever looks, and it is read when nobody does: name a ` +
            'service account, or a context of a kubeconfig under fleet.kubeconfigs'
          : 'its auth provider is not known: name a context of a kubeconfig under fleet.kubeconfigs instead',
      };
  }
}

function awsLogin(clusterId: string, { assumeRole, externalId }: AwsIdentity): Login {
  const words = [clusterId, assumeRole ?? 'none', externalId ?? 'none'];
  if (!words.every((word) => plainWord.test(word)))
    return { message: 'what it says for AWS is no name of a cluster or role' };
  if (externalId === undefined) {
    const role = assumeRole === undefined ? [] : [`--role-arn=${assumeRole}`];
    const args = ['eks', 'get-token', '--output=json', `--cluster-name=${clusterId}`, ...role];
    return plugin('aws', args, 'Install the AWS CLI');
  }
  // The AWS CLI has no argument for the id that a role wants.
  const role = assumeRole === undefined ? [] : ['--role', assumeRole];
  const args = ['token', '--cluster-id', clusterId, ...role, '--external-id', externalId];
  return plugin('aws-iam-authenticator', args, 'Install aws-iam-authenticator');
}

function plugin(command: string, args: readonly string[], installHint: string): Login {
  const made: ExecPlugin = {
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    command,
    args,
    env: {},
    provideClusterInfo: command === 'gke-gcloud-auth-plugin',
    interactiveMode: 'Never',
    installHint,
  };
  return { credential: { type: 'exec', plugin: made } };
}
