import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** A certificate with its key, both as PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const YEAR_MS = 365 * 86_400_000;

/** Issues the certificates of a demo fleet: those of its servers, and of people who ask them. Nothing is kept. */
export class Authority {
  readonly #keys: webcrypto.CryptoKeyPair;
  readonly #root: x509.X509Certificate;

  private constructor(keys: webcrypto.CryptoKeyPair, root: x509.X509Certificate) {
    this.#keys = keys;
    this.#root = root;
  }

  /** Makes a new authority. @param name common name of its certificate */
  static async make(name: string, now: Date): Promise<Authority> {
    x509.cryptoProvider.set(webcrypto as Crypto);
    const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
    const root = await x509.X509CertificateGenerator.createSelfSigned({
      name: [{ CN: [name] }],
      ...lifetime(now),
      signingAlgorithm: algorithm,
      keys: keys as CryptoKeyPair,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ],
    });
    return new Authority(keys, root);
  }

  /** Its own certificate, PEM. */
  get certificate(): string {
    return this.#root.toString('pem');
  }

  /** A server's certificate for 127.0.0.1 and localhost. */
  server(now: Date): Promise<KeyPair> {
    return this.#issue([{ CN: ['kube-apiserver'] }], now, [
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    ]);
  }

  /** A user's certificate: the name and the groups are what API servers know one by. */
  client(user: string, groups: readonly string[], now: Date): Promise<KeyPair> {
    const name = [...groups.map((group) => ({ O: [group] })), { CN: [user] }];
    return this.#issue(name, now, [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])]);
  }

  async #issue(subject: x509.JsonName, now: Date, extensions: x509.Extension[]): Promise<KeyPair> {
    const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
    const made = await x509.X509CertificateGenerator.create({
      subject: new x509.Name(subject).toString(),
      issuer: this.#root.subject,
      ...lifetime(now),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey as CryptoKey,
      signingKey: this.#keys.privateKey as CryptoKey,
      extensions: [new x509.BasicConstraintsExtension(false), ...extensions],
    });
    const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
    const body = Buffer.from(key).toString('base64').replace(/(.{64})/g, '$1\n').trimEnd();
    return { certificate: made.toString('pem'), key: `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n` };
  }
}

function lifetime(now: Date): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: new Date(now.getTime() - 86_400_000), notAfter: new Date(now.getTime() + YEAR_MS) };
}
