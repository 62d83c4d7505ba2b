import { type AuditSinkConfig, sinkFormats } from './audit-config.ts';
import type { ConfigNode } from './config-node.ts';
import type { Option } from './options.ts';
import { secretKeys, type SecretKey } from './secret-keys.ts';
import { readSecretText, type SecretText } from './secret-text.ts';
import { eachItem, readFields, type Read } from './structured-value.ts';
import { choice, webUrl, wholeNumber } from './value.ts';

/** The settings of the audit log and of kept secrets. */
export interface AuditSettings {
  readonly auditRetentionDays: number;
  readonly auditSinks: readonly AuditSinkConfig[];
  readonly secretKeys: readonly SecretKey[];
}

const headerName = /^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/;

function readHeaders(node: ConfigNode): Read<Readonly<Record<string, SecretText>>> {
  if (node.kind !== 'map') return { ok: false, expected: 'a map of header names and texts', at: node };
  const headers: Record<string, SecretText> = {};
  for (const [key, child] of node.entries) {
    const name = key.toLowerCase();
    const value = readSecretText(child);
    if (!headerName.test(name)) return { ok: false, expected: 'a map of header names and texts', at: child };
    if (!value.ok) return value;
    headers[name] = value.value;
  }
  return { ok: true, value: headers };
}

function readSink(node: ConfigNode): Read<AuditSinkConfig> {
  const read = readFields(node, { url: webUrl(), format: choice(sinkFormats), headers: readHeaders });
  if (!read.ok) return read;
  const { url, format = 'jsonl', headers = {} } = read.value;
  if (url === undefined) return { ok: false, expected: 'a sink with url', at: node };
  return { ok: true, value: { url, format, headers } };
}

/** Their rows of the table of options. */
export const auditOptions: { readonly [Name in keyof AuditSettings]: Option<AuditSettings[Name]> } = {
  auditRetentionDays: {
    yaml: 'audit.retentionDays',
    env: ['CALLBOARD_AUDIT_RETENTION_DAYS'],
    type: 'whole number',
    unit: 'days',
    byDefault: '400',
    description: 'Audit records older than this are dropped.',
    parse: wholeNumber(1, 36_500),
  },
  auditSinks: {
    yaml: 'audit.sinks',
    env: [],
    type: `list of {url, format, headers}, the format one of ${sinkFormats.join(', ')}`,
    byDefault: 'none',
    description:
      'Where audit records are sent to, by HTTP POST, each at least once and in order. The text of a header may be ' +
      '{secret: <name>}; docs/how-to/audit.md shows a receiver.',
    secret: true,
    parse: (node) => eachItem(node, 'a list of {url, format, headers}', readSink),
  },
  secretKeys: {
    yaml: 'secrets.keys',
    env: ['CALLBOARD_SECRET_KEYS'],
    split: (written) => written.split(/[\s,]+/).filter((part) => part !== ''),
    type: 'list of keys, each <id>:<base64 of 32 bytes>',
    byDefault: 'a file secret-keys in the data folder, made when it is first needed',
    description:
      'Keys that kept secrets are encrypted with. The first one encrypts, all of them decrypt. All servers of a database ' +
      'need the same. In the environment separated by commas.',
    secret: true,
    parse: secretKeys(),
  },
};
