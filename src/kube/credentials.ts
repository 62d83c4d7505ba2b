import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import { errorMessage } from '../base/errors.ts';
import type { CredentialSource, ExecPlugin } from './connection.ts';
import type { Credential, Proof } from './credential.ts';
import { failure } from './errors.ts';
import { PluginRuns, type PluginCluster } from './exec-plugin-runs.ts';
import { FileCredential, readCertificateFiles, readTokenFile, type CredentialFailure } from './token-file.ts';

/** What credentials are made with. */
export interface CredentialSurroundings {
  readonly clock: Clock;
  /** What exec plugins see of it: all but Callboard's own variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  /** Shared by clusters, so that those with one login run its plugin once. Absent: this one's own. */
  readonly runs?: PluginRuns | undefined;
}

/**
 * Makes what proves who asks a cluster.
 *
 * @param connection the cluster, for messages and for plugins that are told of it
 */
export function createCredential(
  source: CredentialSource,
  connection: PluginCluster & { readonly name: string },
  surroundings: CredentialSurroundings,
): Credential {
  const { clock, environment, log } = surroundings;
  const fail: CredentialFailure = (reason, cause) =>
    failure('KUBE_CREDENTIAL_FAILED', { cluster: connection.name, reason }, cause);
  const kept = (error: unknown): void =>
    log.warn(
      { cluster: connection.name, reason: errorMessage(error) },
      'a credential cannot be read anew; the last one goes on',
    );
  switch (source.type) {
    case 'none':
      return fixed({});
    case 'token':
      return fixed({ authorization: `Bearer ${source.token}` });
    case 'basic': {
      const { username, password } = source;
      return fixed({ authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` });
    }
    case 'certificate':
      return fixed({ certificate: { certificate: source.certificate, key: source.key } });
    case 'tokenFile':
      return new FileCredential(() => readTokenFile(source.path, fail), clock, kept);
    case 'certificateFiles':
      return new FileCredential(() => readCertificateFiles(source.certificatePath, source.keyPath, fail), clock, kept);
    case 'exec':
      return ofPlugin(source.plugin, connection, surroundings.runs ?? new PluginRuns(clock, environment), fail);
    case 'both':
      return joined(
        createCredential(source.certificate, connection, surroundings),
        createCredential(source.token, connection, surroundings),
      );
  }
}

function fixed(proof: Proof): Credential {
  return { proof: () => Promise.resolve(proof), refuse: () => false };
}

function ofPlugin(plugin: ExecPlugin, cluster: PluginCluster, runs: PluginRuns, fail: CredentialFailure): Credential {
  return {
    async proof() {
      const result = await runs.proof(plugin, cluster);
      if ('reason' in result) throw fail(result.reason);
      return result.proof;
    },
    refuse: (proof) => runs.refuse(plugin, cluster, proof),
  };
}

/** A certificate of one and a token of another. Each is told of a refusal with what it gave itself. */
function joined(certificate: Credential, token: Credential): Credential {
  const parts = new WeakMap<Proof, readonly [Proof, Proof]>();
  return {
    async proof() {
      const given = await Promise.all([certificate.proof(), token.proof()]);
      const proof: Proof = { certificate: given[0].certificate, authorization: given[1].authorization };
      parts.set(proof, given);
      return proof;
    },
    refuse(proof) {
      const [ofCertificate, ofToken] = parts.get(proof) ?? [proof, proof];
      const answers = [certificate.refuse(ofCertificate), token.refuse(ofToken)];
      return answers.includes(true);
    },
  };
}
