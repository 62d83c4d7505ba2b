import type { SecretKey } from './secret-keys.ts';
import type { SecretText } from './secret-text.ts';

/** How audit records are written to a sink. */
export const sinkFormats = ['jsonl', 'cloudevents'] as const;

/** A place that audit records are sent to. */
export interface AuditSinkConfig {
  readonly url: string;
  /** `jsonl`: one JSON object a line; `cloudevents`: batches of CloudEvents 1.0. */
  readonly format: (typeof sinkFormats)[number];
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, SecretText>>;
}

/** The audit log beyond the store. How long the store keeps it is of `retention`. */
export interface AuditConfig {
  readonly sinks: readonly AuditSinkConfig[];
}

/** Kept secrets. */
export interface SecretsConfig {
  /** The first one encrypts, all decrypt; undefined: a file in the data folder. */
  readonly keys: readonly SecretKey[] | undefined;
}

/** No sinks. */
export const noAudit: AuditConfig = { sinks: [] };
/** Keys of the data folder. */
export const noSecrets: SecretsConfig = { keys: undefined };
