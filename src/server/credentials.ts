import { accessError } from '../access/errors.ts';
import type { Secrets } from '../access/secrets.ts';
import type { Forge } from '../config/config.ts';
import type { SecretText } from '../config/secret-text.ts';
import type { GitLogin } from '../git/git-program.ts';

/** The user that a forge wants beside a token; some take any. */
const tokenUsers: Readonly<Record<Forge['type'], string>> = {
  github: 'x-access-token',
  gitlab: 'oauth2',
  bitbucket: 'x-token-auth',
  gitea: 'token',
  azure: 'token',
};

/** Credentials of sources, which are made before the secrets that they name can be read. */
export class Credentials {
  readonly #forges: readonly Forge[];
  #secrets: Pick<Secrets, 'value'> | undefined;

  constructor(forges: readonly Forge[]) {
    this.#forges = forges;
  }

  /** From now on kept secrets can be read. */
  attach(secrets: Pick<Secrets, 'value'>): void {
    this.#secrets = secrets;
  }

  /** @throws SECRET_MISSING, SECRET_UNREADABLE */
  textOf(credential: SecretText): string {
    if (typeof credential === 'string') return credential;
    if (this.#secrets === undefined) throw accessError('SECRET_MISSING', { name: credential.secret });
    return this.#secrets.value(credential.secret);
  }

  /** How git signs in at a host; undefined where nothing is configured. */
  gitLogin(host: string): GitLogin | undefined {
    const forge = this.#forges.find((one) => one.host === host && one.token !== undefined);
    if (forge?.token === undefined) return undefined;
    return { user: tokenUsers[forge.type], password: this.textOf(forge.token) };
  }
}
