import { constants, createHash, generateKeyPair, privateEncrypt, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import forge from 'node-forge';

/** A certificate with its key, both as PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

const YEAR_MS = 365 * 86_400_000;
const makeKeys = promisify(generateKeyPair);

type Extension = Readonly<Record<string, unknown>> & { readonly name: string };
type Subject = readonly { readonly shortName: string; readonly value: string }[];

/** Issues the certificates of a demo fleet: those of its servers, and of people who ask them. Nothing is kept. */
export class Authority {
  /** PEM. */
  readonly #key: string;
  readonly #root: forge.pki.Certificate;

  private constructor(key: string, root: forge.pki.Certificate) {
    this.#key = key;
    this.#root = root;
  }

  /** Makes a new authority. @param name common name of its certificate */
  static async make(name: string, now: Date): Promise<Authority> {
    const keys = await newKeys();
    const subject = [{ shortName: 'CN', value: name }];
    const root = blank(keys.publicKey, subject, now, [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      { name: 'subjectKeyIdentifier' },
    ]);
    root.setIssuer([...subject]);
    sign(root, keys.privateKey);
    return new Authority(keys.privateKey, root);
  }

  /** Its own certificate, PEM. */
  get certificate(): string {
    return forge.pki.certificateToPem(this.#root);
  }

  /** A server's certificate for 127.0.0.1 and localhost. */
  server(now: Date): Promise<KeyPair> {
    return this.#issue([{ shortName: 'CN', value: 'kube-apiserver' }], now, [
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ]);
  }

  /** A user's certificate: the name and the groups are what API servers know one by. */
  client(user: string, groups: readonly string[], now: Date): Promise<KeyPair> {
    const subject = [...groups.map((value) => ({ shortName: 'O', value })), { shortName: 'CN', value: user }];
    return this.#issue(subject, now, [{ name: 'extKeyUsage', clientAuth: true }]);
  }

  async #issue(subject: Subject, now: Date, extensions: readonly Extension[]): Promise<KeyPair> {
    const keys = await newKeys();
    const made = blank(keys.publicKey, subject, now, [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
      ...extensions,
    ]);
    made.setIssuer(this.#root.subject.attributes);
    sign(made, this.#key);
    return { certificate: forge.pki.certificateToPem(made), key: keys.privateKey };
  }
}

/** What stands before a SHA-256 digest that is signed by RSA (RFC 8017, 9.2). */
const DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** Signs a certificate by the machine's own RSA, which takes a hundredth of the time. @param key of the issuer, PEM */
function sign(certificate: forge.pki.Certificate, key: string): void {
  const signer = {
    sign: (digest: forge.md.MessageDigest): string => {
      const signed = Buffer.concat([DIGEST_INFO, Buffer.from(digest.digest().getBytes(), 'binary')]);
      return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signed).toString('binary');
    },
  };
  certificate.sign(signer as unknown as forge.pki.rsa.PrivateKey, forge.md.sha256.create());
}

function newKeys(): Promise<{ readonly publicKey: string; readonly privateKey: string }> {
  return makeKeys('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** A certificate that is not signed yet; valid for a year. */
function blank(
  publicKey: string,
  subject: Subject,
  now: Date,
  extensions: readonly Extension[],
): forge.pki.Certificate {
  const made = forge.pki.createCertificate();
  made.publicKey = forge.pki.publicKeyFromPem(publicKey);
  // A serial number is positive: its first bit is not set.
  made.serialNumber = `01${createHash('sha256').update(randomBytes(16)).digest('hex').slice(0, 30)}`;
  made.validity.notBefore = new Date(now.getTime() - 86_400_000);
  made.validity.notAfter = new Date(now.getTime() + YEAR_MS);
  made.setSubject([...subject]);
  made.setExtensions([...extensions]);
  return made;
}
