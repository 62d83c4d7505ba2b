import { openPolicyFile, type PolicyFileOptions } from './policy-file.ts';
import { PolicyEngine, type PolicyEngineOptions } from './policy-engine.ts';
import type { PolicyConfig } from '../../config/policy-config.ts';

/** What the policy of a server stands on. */
export interface CreatePolicyOptions
  extends Omit<PolicyEngineOptions, 'file' | 'standing'>, Omit<PolicyFileOptions, 'ground'> {
  readonly config: PolicyConfig;
  /** Refs of services that the configuration lets in with all rights, but for the limits of their tokens. */
  readonly services?: readonly string[] | undefined;
}

/**
 * Makes the policy of a server from its configuration, its policy file and what is stored.
 * @throws POLICY_INVALID, CONFIG_FILE_MISSING
 */
export async function createPolicy(options: CreatePolicyOptions): Promise<PolicyEngine> {
  const { config, services = [], ground, clock, log, state, graph, isConfigured } = options;
  const file = config.file === undefined ? undefined : await openPolicyFile(config.file, { ground, clock, log });
  return new PolicyEngine({ state, graph, ground, isConfigured, standing: { admins: config.admins, services }, file });
}
