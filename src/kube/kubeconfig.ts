import type { ClusterConnection, CredentialSource } from './connection.ts';
import { readExtensions, readKubeconfigCluster, serverUrl, type KubeconfigCluster } from './kubeconfig-cluster.ts';
import {
  FieldFault,
  KubeconfigFields,
  KubeconfigFile,
  readKubeconfigFile,
  type KubeconfigProblem,
} from './kubeconfig-file.ts';
import { nobody, readKubeconfigUser, type KubeconfigUser } from './kubeconfig-user.ts';

/** A context of a kubeconfig that can be used. Holds secrets: it is never logged. */
export interface KubeconfigContext {
  readonly name: string;
  /** File that it stands in. */
  readonly file: string;
  /** Names of what it joins. */
  readonly cluster: string;
  readonly user: string;
  readonly namespace?: string | undefined;
  readonly connection: ClusterConnection;
  /** Of the cluster and of the context, which goes before it. */
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** What kubeconfig files come to. */
export interface KubeconfigReading {
  readonly contexts: readonly KubeconfigContext[];
  readonly problems: readonly KubeconfigProblem[];
  /** False where a file is there and could not be read: what it holds is missing from the contexts. */
  readonly isWhole: boolean;
}

/** Extension of a cluster that its exec plugins are told. */
const EXEC_EXTENSION = 'client.authentication.k8s.io/exec';
const nameForbidden = /\p{Cc}/u;

/**
 * Reads kubeconfig files as kubectl does with KUBECONFIG: the first file that has a context, a cluster or a user of some name
 * wins, whole; paths start at the folder of their file. A context that cannot be used is a problem; the others go on.
 *
 * @param paths absolute
 */
export async function readKubeconfig(paths: readonly string[]): Promise<KubeconfigReading> {
  const problems: KubeconfigProblem[] = [];
  const files: KubeconfigFile[] = [];
  let isWhole = true;
  for (const path of paths) {
    const file = await readKubeconfigFile(path);
    if (file instanceof KubeconfigFile) {
      files.push(file);
      continue;
    }
    problems.push(file);
    if (file.isMissing !== true) isWhole = false;
  }
  const join = new Join(files, problems);
  return { contexts: join.contexts(), problems, isWhole };
}

/** An entry of one of the three lists, read; a broken one keeps its fault until it is known whom it hurts. */
interface Entry<Value> {
  readonly file: KubeconfigFile;
  readonly value: Value | FieldFault;
  /** Contexts that need it. */
  readonly users: string[];
}

/** Joins the lists of several files. */
class Join {
  readonly #problems: KubeconfigProblem[];
  readonly #files: readonly KubeconfigFile[];
  readonly #clusters: ReadonlyMap<string, Entry<KubeconfigCluster & { readonly fields: KubeconfigFields }>>;
  readonly #users: ReadonlyMap<string, Entry<KubeconfigUser>>;

  constructor(files: readonly KubeconfigFile[], problems: KubeconfigProblem[]) {
    this.#files = files;
    this.#problems = problems;
    this.#clusters = this.#read('clusters', 'cluster', (fields) => ({ ...readKubeconfigCluster(fields), fields }));
    this.#users = this.#read('users', 'user', readKubeconfigUser);
  }

  contexts(): readonly KubeconfigContext[] {
    const found: KubeconfigContext[] = [];
    for (const [name, { file, value }] of this.#read('contexts', 'context', (fields) => fields)) {
      try {
        if (value instanceof FieldFault) throw value;
        const context = this.#context(name, file, value);
        if (context !== undefined) found.push(context);
      } catch (fault) {
        if (!(fault instanceof FieldFault)) throw fault;
        this.#problems.push(file.problem(fault, [name]));
      }
    }
    for (const { file, value, users } of [...this.#clusters.values(), ...this.#users.values()]) {
      if (value instanceof FieldFault && users.length > 0) this.#problems.push(file.problem(value, users));
    }
    return found;
  }

  /** Undefined where its cluster or its user is broken, which is told with theirs. */
  #context(name: string, file: KubeconfigFile, fields: KubeconfigFields): KubeconfigContext | undefined {
    if (name.length > 253 || nameForbidden.test(name)) throw fields.fault('has a name that cannot be shown');
    const [clusterName, userName] = [fields.text('cluster'), fields.text('user') ?? ''];
    if (clusterName === undefined) throw fields.fault('names no cluster');
    const cluster = this.#clusters.get(clusterName);
    if (cluster === undefined) throw fields.faultAt('cluster', 'names a cluster that is in none of the files');
    const user = userName === '' ? undefined : this.#users.get(userName);
    if (userName !== '' && user === undefined) {
      throw fields.faultAt('user', 'names a user that is in none of the files');
    }
    cluster.users.push(name);
    user?.users.push(name);
    const told = user?.value ?? nobody;
    if (cluster.value instanceof FieldFault || told instanceof FieldFault) return undefined;
    const extensions = { ...cluster.value.extensions, ...readExtensions(fields) };
    const { server, connection, hasTls, fields: clusterFields } = cluster.value;
    return {
      name,
      file: file.path,
      cluster: clusterName,
      user: userName,
      namespace: fields.text('namespace'),
      extensions,
      connection: {
        ...connection,
        name,
        server: serverUrl(clusterFields, server, hasTls || showsCertificate(told.credential)),
        credential: withClusterConfig(told.credential, cluster.value.extensions[EXEC_EXTENSION]),
        impersonation: told.impersonation,
      },
    };
  }

  /** Reads one list of all files, by name; of two of one name the first counts, and in one file that is a mistake. */
  #read<Value>(
    list: string,
    field: string,
    read: (fields: KubeconfigFields) => Value,
  ): ReadonlyMap<string, Entry<Value>> {
    const found = new Map<string, Entry<Value>>();
    for (const file of this.#files) {
      for (const { name, entry } of this.#named(file, list)) {
        const held = found.get(name);
        if (held?.file === file) {
          this.#problems.push(file.problem(entry.faultAt('name', 'stands there twice: only the first counts')));
        }
        if (held === undefined) found.set(name, { file, value: attempt(() => read(inner(entry, field))), users: [] });
      }
    }
    return found;
  }

  #named(file: KubeconfigFile, list: string): readonly { readonly name: string; readonly entry: KubeconfigFields }[] {
    const entries = attempt(() => file.root.items(list));
    if (entries instanceof FieldFault) {
      this.#problems.push(file.problem(entries));
      return [];
    }
    return entries.flatMap((entry) => {
      const name =
        entry instanceof FieldFault ? entry : attempt(() => entry.text('name') ?? entry.fault('has no name'));
      if (typeof name === 'string' && !(entry instanceof FieldFault)) return { name, entry };
      if (name instanceof FieldFault) this.#problems.push(file.problem(name));
      return [];
    });
  }
}

function attempt<Value>(read: () => Value): Value | FieldFault {
  try {
    return read();
  } catch (fault) {
    if (fault instanceof FieldFault) return fault;
    throw fault;
  }
}

/** As in Go what is not written is empty: a user without fields is nobody, a cluster without fields has no server. */
function inner(entry: KubeconfigFields, field: string): KubeconfigFields {
  return entry.fields(field) ?? new KubeconfigFields(entry.file, undefined, `${entry.path}.${field}`);
}

function showsCertificate(source: CredentialSource): boolean {
  return source.type === 'certificate' || source.type === 'certificateFiles' || source.type === 'both';
}

function withClusterConfig(source: CredentialSource, clusterConfig: unknown): CredentialSource {
  if (clusterConfig === undefined) return source;
  if (source.type === 'exec') return { ...source, plugin: { ...source.plugin, clusterConfig } };
  if (source.type !== 'both') return source;
  const { certificate, token } = source;
  return {
    ...source,
    certificate: withClusterConfig(certificate, clusterConfig),
    token: withClusterConfig(token, clusterConfig),
  };
}
