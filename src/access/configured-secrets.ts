import type { Config } from '../config/config.ts';
import type { SecretText } from '../config/secret-text.ts';
import { registerSecret } from '../telemetry/mask.ts';

/** The parts of a configuration that hold credentials. */
type Part = Pick<Config, 'signIn' | 'backstage' | 'audit' | 'databaseUrl' | 'reading' | 'catalog'>;

interface Credential {
  /** The setting, as the configuration's file has it. */
  readonly setting: string;
  readonly text: SecretText;
}

/** Tells the mask of every credential that stands in the configuration itself. */
export function registerConfiguredSecrets(config: Part): void {
  for (const { text } of credentialsOf(config)) if (typeof text === 'string') registerSecret(text);
  const password = URL.parse(config.databaseUrl ?? '')?.password ?? '';
  // As the URL has it, and as the database gets it.
  registerSecret(password);
  registerSecret(unescaped(password));
}

/** The settings that name each kept secret. */
export function secretUses(config: Part): ReadonlyMap<string, readonly string[]> {
  const uses = new Map<string, string[]>();
  for (const { setting, text } of credentialsOf(config)) {
    if (typeof text === 'string') continue;
    const settings = uses.get(text.secret);
    if (settings === undefined) uses.set(text.secret, [setting]);
    else settings.push(setting);
  }
  return uses;
}

function* credentialsOf({ signIn, backstage, audit, reading, catalog }: Part): Generator<Credential> {
  for (const [index, provider] of signIn.providers.entries()) {
    const setting = `signIn.providers[${index}]`;
    if (provider.type === 'proxy') {
      if (provider.secret !== undefined) yield { setting, text: provider.secret.value };
    } else if (provider.clientSecret !== undefined) yield { setting, text: provider.clientSecret };
  }
  for (const [index, caller] of backstage.externalAccess.entries()) {
    const setting = `backstage.externalAccess[${index}]`;
    if (caller.type === 'static') yield { setting, text: caller.token };
    else if (caller.type === 'legacy') yield { setting, text: caller.secret };
  }
  for (const [index, { token }] of reading.allow.entries()) {
    if (token !== undefined) yield { setting: `reading.allow[${index}]`, text: token };
  }
  for (const [index, { token }] of catalog.forges.entries()) {
    if (token !== undefined) yield { setting: `catalog.forges[${index}]`, text: token };
  }
  for (const [index, sink] of audit.sinks.entries()) {
    for (const text of Object.values(sink.headers)) yield { setting: `audit.sinks[${index}]`, text };
  }
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not escaped as URLs are: then it is what it says.
    return text;
  }
}
