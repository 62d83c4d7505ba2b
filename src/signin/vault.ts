import type { SecretText } from '../config/secret-text.ts';

/** What sign-in needs of the kept secrets: encryption that every server of one store can undo, and credentials by name. */
export interface Vault {
  /** @param label what the text is; decrypting needs the same */
  encrypt(label: string, text: string): string;
  /** @throws where the text was not encrypted here under this label */
  decrypt(label: string, text: string): string;
  /** The value of a kept secret. @throws where there is none of that name */
  value(name: string): string;
}

/** The text of a credential of the configuration. @throws where it names a secret that is not there */
export function credentialText(credential: SecretText, vault: Vault): string {
  return typeof credential === 'string' ? credential : vault.value(credential.secret);
}
