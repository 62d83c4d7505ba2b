import type { SecretText } from '../config/secret-text.ts';

/** What sign-in needs of the kept secrets: encryption that every server of one store can undo, and credentials by name. */
export interface Vault {
  /** @param label what the text is; decrypting needs the same */
  encrypt(label: string, text: string): string | Promise<string>;
  /** @throws where the text was not encrypted here under this label */
  decrypt(label: string, text: string): string | Promise<string>;
  /** The value of a kept secret. @throws where there is none of that name */
  value(name: string): string | Promise<string>;
}

/** The text of a credential of the configuration. */
export async function credentialText(credential: SecretText, vault: Vault): Promise<string> {
  return typeof credential === 'string' ? credential : vault.value(credential.secret);
}
