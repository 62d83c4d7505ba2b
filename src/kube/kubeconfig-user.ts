import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isAbsolute, resolve, sep } from 'node:path';
import { errorMessage } from '../base/errors.ts';
import type { CredentialSource, ExecPlugin, Impersonation } from './connection.ts';
import type { KubeconfigFields } from './kubeconfig-file.ts';

/** What a kubeconfig says of a user. */
export interface KubeconfigUser {
  readonly credential: CredentialSource;
  readonly impersonation?: Impersonation | undefined;
}

/** Who asks where a context names no user: nobody. */
export const nobody: KubeconfigUser = { credential: { type: 'none' } };

/** What replaced the logins that kubectl once had built in. */
const legacyLogins: Readonly<Record<string, string>> = {
  gcp: 'install gke-gcloud-auth-plugin and write the context anew with gcloud container clusters get-credentials',
  azure: 'convert it with kubelogin convert-kubeconfig',
  oidc: 'use the exec plugin kubectl oidc-login, or the token of a service account',
};

/**
 * Reads the user of an entry of `users`, with the fields of client-go's clientcmd/api/v1.
 *
 * @throws FieldFault for what kubectl would refuse, and for what only a person at a terminal can do
 */
export function readKubeconfigUser(fields: KubeconfigFields): KubeconfigUser {
  refuseLegacy(fields);
  const certificate = readCertificate(fields);
  const bearer = readBearer(fields);
  const plugin = readPlugin(fields);
  const impersonation = readImpersonation(fields);
  const source = join(certificate ?? plugin, bearer ?? plugin);
  return { credential: source, ...(impersonation !== undefined && { impersonation }) };
}

/** A certificate that is written down goes before that of a plugin, and so does a token. */
function join(certificate: CredentialSource | undefined, token: CredentialSource | undefined): CredentialSource {
  if (certificate === undefined || certificate === token) return token ?? { type: 'none' };
  return token === undefined ? certificate : { type: 'both', certificate, token };
}

function refuseLegacy(fields: KubeconfigFields): void {
  const provider = fields.fields('auth-provider');
  if (provider === undefined) return;
  const name = provider.text('name') ?? '';
  const instead = Object.hasOwn(legacyLogins, name) ? legacyLogins[name] : 'use an exec plugin';
  throw fields.faultAt('auth-provider', `was taken out of Kubernetes with 1.26: ${instead ?? ''}`);
}

function readCertificate(fields: KubeconfigFields): CredentialSource | undefined {
  const one = (data: string, file: string): { data?: string | undefined; file?: string | undefined } => {
    const found = { data: fields.decoded(data), file: fields.text(file) };
    if (found.data !== undefined && found.file !== undefined) {
      throw fields.faultAt(file, `stands beside ${data}: keep one of them`);
    }
    return { ...found, file: found.file === undefined ? undefined : resolve(fields.file.folder, found.file) };
  };
  const certificate = one('client-certificate-data', 'client-certificate');
  const key = one('client-key-data', 'client-key');
  const [hasCertificate, hasKey] = [certificate, key].map(({ data, file }) => data !== undefined || file !== undefined);
  if (hasCertificate !== true && hasKey !== true) return undefined;
  if (hasCertificate !== true) throw fields.fault('has a client-key and no client-certificate');
  if (hasKey !== true) throw fields.fault('has a client-certificate and no client-key');
  if (certificate.data !== undefined && key.data !== undefined) {
    const mistake = certificateMistake(certificate.data, key.data);
    if (mistake !== undefined) throw fields.faultAt('client-certificate-data', mistake);
    return { type: 'certificate', certificate: certificate.data, key: key.data };
  }
  if (certificate.file !== undefined && key.file !== undefined) {
    return { type: 'certificateFiles', certificatePath: certificate.file, keyPath: key.file };
  }
  throw fields.fault('has its certificate in the file and its key beside it: keep both in one way');
}

/** Why a certificate and a key cannot be used together, without a word of them; undefined where they can. */
export function certificateMistake(certificate: string, key: string): string | undefined {
  try {
    const isPair = new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
    return isPair ? undefined : 'is not the certificate of the client key';
  } catch (error) {
    return `with its client key cannot be used: ${errorMessage(error).slice(0, 200)}`;
  }
}

/** As in client-go a token file goes before a token. */
function readBearer(fields: KubeconfigFields): CredentialSource | undefined {
  const [token, file] = [fields.text('token'), fields.text('tokenFile')];
  const [username, password] = [fields.text('username'), fields.text('password')];
  const isBasic = username !== undefined || password !== undefined;
  if (isBasic && (token !== undefined || file !== undefined)) {
    throw fields.faultAt('username', 'stands beside a token: keep one of them');
  }
  if (isBasic) return { type: 'basic', username: username ?? '', password: password ?? '' };
  if (file !== undefined) return { type: 'tokenFile', path: resolve(fields.file.folder, file) };
  return token === undefined ? undefined : { type: 'token', token };
}

const apiVersions: ReadonlySet<string> = new Set([
  'client.authentication.k8s.io/v1',
  'client.authentication.k8s.io/v1beta1',
]);

function readPlugin(fields: KubeconfigFields): CredentialSource | undefined {
  const exec = fields.fields('exec');
  if (exec === undefined) return undefined;
  const [command, apiVersion] = [exec.text('command'), exec.text('apiVersion')];
  if (command === undefined) throw exec.fault('names no command');
  if (apiVersion === undefined || !apiVersions.has(apiVersion)) {
    throw exec.faultAt('apiVersion', `is none of ${[...apiVersions].join(', ')}: update the plugin and its kubeconfig`);
  }
  const plugin: ExecPlugin = {
    apiVersion,
    command: placed(command, fields.file.folder),
    args: exec.texts('args'),
    env: readEnvironment(exec),
    provideClusterInfo: exec.truth('provideClusterInfo'),
    interactiveMode: readInteractiveMode(exec, apiVersion),
    installHint: exec.text('installHint')?.slice(0, 1000),
  };
  return { type: 'exec', plugin };
}

/** A command with a separator is a path from the file's folder; another is looked for in PATH. */
function placed(command: string, folder: string): string {
  const isPath = command.includes('/') || command.includes(sep);
  return isPath && !isAbsolute(command) ? resolve(folder, command) : command;
}

function readInteractiveMode(exec: KubeconfigFields, apiVersion: string): ExecPlugin['interactiveMode'] {
  const mode = exec.text('interactiveMode');
  if (mode === undefined && apiVersion.endsWith('/v1beta1')) return 'IfAvailable';
  if (mode === 'Never' || mode === 'IfAvailable') return mode;
  if (mode !== 'Always') throw exec.faultAt('interactiveMode', 'must be Never, IfAvailable or Always');
  throw exec.faultAt(
    'interactiveMode',
    'is Always: the plugin asks a person at a terminal, and Callboard has none; use the token of a service account, ' +
      'or a login of the plugin that needs nobody',
  );
}

function readEnvironment(exec: KubeconfigFields): Readonly<Record<string, string>> {
  const found: [string, string][] = [];
  for (const entry of exec.list('env')) {
    const name = entry.text('name');
    if (name === undefined) throw entry.fault('has no name');
    found.push([name, entry.text('value') ?? '']);
  }
  return Object.fromEntries(found);
}

function readImpersonation(fields: KubeconfigFields): Impersonation | undefined {
  const user = fields.text('as');
  const [uid, groups] = [fields.text('as-uid'), fields.texts('as-groups')];
  const extraFields = fields.fields('as-user-extra');
  const extra = Object.fromEntries((extraFields?.keys() ?? []).map((key) => [key, extraFields?.texts(key) ?? []]));
  if (user !== undefined) return { user, uid, groups, extra };
  if (uid === undefined && groups.length === 0 && Object.keys(extra).length === 0) return undefined;
  throw fields.fault('has as-uid, as-groups or as-user-extra without as: name the user to act as');
}
