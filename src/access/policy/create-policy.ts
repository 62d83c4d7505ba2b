import { basename } from 'node:path';
import type { PolicyConfig } from '../../config/policy-config.ts';
import type { AuditEntry } from '../../store/access-records.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Policy } from '../policy.ts';
import { OpaClient } from './opa-client.ts';
import { OpaPolicy } from './opa-policy.ts';
import { PolicyEngine, type FilePolicy, type PolicyEngineOptions } from './policy-engine.ts';
import { openPolicyFile, type PolicyFileOptions } from './policy-file.ts';

/** What the policy of a server stands on. */
export interface CreatePolicyOptions
  extends Omit<PolicyEngineOptions, 'file' | 'standing'>, Omit<PolicyFileOptions, 'ground'> {
  readonly config: PolicyConfig;
  /** Takes a record of each change of the policy file. */
  readonly audit: Pick<AuditLog, 'record'>;
  /** Refs of services that the configuration lets in with all rights, but for the limits of their tokens. */
  readonly services?: readonly string[] | undefined;
}

/** The policy of a server: what decides, and the roles and bindings that people look after. */
export interface ServerPolicy {
  readonly policy: Policy;
  /** What `policy` is: the roles themselves, or an Open Policy Agent in their place. */
  readonly engine: 'roles' | 'opa';
  readonly roles: PolicyEngine;
  close(): Promise<void>;
}

/**
 * Makes the policy of a server from its configuration, its policy file and what is stored.
 * @throws POLICY_INVALID, CONFIG_FILE_MISSING
 */
export async function createPolicy(options: CreatePolicyOptions): Promise<ServerPolicy> {
  const { config, services = [], ground, clock, log, state, graph, isConfigured, audit } = options;
  const file = config.file === undefined ? undefined : await openPolicyFile(config.file, { ground, clock, log });
  // Before the engine, which it outlives: the record says what came before its effects.
  file?.onChange(() => void audit.record(fileRecord(config.file ?? '', file.current, clock.now())));
  const standing = { admins: config.admins, services };
  const roles = new PolicyEngine({ state, graph, ground, isConfigured, standing, file });
  const close = (): Promise<void> => roles.close();
  if (config.opa === undefined) return { policy: roles, engine: 'roles', roles, close };
  const client = new OpaClient(config.opa, { clock, log });
  const policy = new OpaPolicy({ config: config.opa, client, roles, graph, clock });
  return { policy, engine: 'opa', roles, close };
}

/** Nobody is known who changed a file; each server notes what it took in. */
function fileRecord(file: string, { isGood, problems }: FilePolicy, at: number): AuditEntry {
  return {
    at,
    actor: 'callboard',
    action: 'access.policy.reload',
    target: `file:${basename(file)}`,
    outcome: isGood ? 'success' : 'failure',
    data: { problems: problems.map(({ place, message }) => `${place}: ${message}`).slice(0, 20) },
  };
}
