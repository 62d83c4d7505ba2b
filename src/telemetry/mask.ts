/** What stands in place of a secret. */
export const MASKED = '***';

/** Shorter texts are words: they would be found everywhere, and tell what they were by what is missing. */
const MIN_CHARS = 6;
/** Secrets that are looked for at once, and their characters together; the ones told of longest ago go first. */
const MAX_SECRETS = 1_000;
const MAX_CHARS = 1_000_000;
/** Pieces of base64 shorter than this could be anything. */
const MIN_BASE64 = 8;
/** Lines of a key file that are secret by themselves. */
const MIN_LINE = 20;

/**
 * Takes secrets out of texts, in every form in which programs like to write them: as they are, in JSON (also twice), in
 * URLs, in base64 wherever they stand in it. One pass whatever their number; nothing told, nothing done.
 */
export class SecretMask {
  readonly #secrets = new Set<string>();
  #chars = 0;
  #pattern: RegExp | undefined;

  /** From now on `secret` is taken out. Texts of less than 6 characters are not: say so where one is chosen. */
  add(secret: string): void {
    const text = secret.trim();
    if (text.length < MIN_CHARS) return;
    if (this.#secrets.delete(text)) {
      this.#secrets.add(text);
      return;
    }
    this.#secrets.add(text);
    this.#chars += text.length;
    for (const oldest of this.#secrets) {
      if (this.#secrets.size <= MAX_SECRETS && this.#chars <= MAX_CHARS) break;
      this.#secrets.delete(oldest);
      this.#chars -= oldest.length;
    }
    this.#pattern = undefined;
  }

  /** The text without secrets. */
  mask(text: string): string {
    if (this.#secrets.size === 0) return text;
    this.#pattern ??= patternOf(this.#secrets);
    return text.replace(this.#pattern, MASKED);
  }
}

const processMask = new SecretMask();

/** Tells the process of a secret: no log line, error answer or audit record shows it from now on. */
export function registerSecret(secret: string): void {
  processMask.add(secret);
}

/** The text without the secrets that the process was told of. */
export function maskSecrets(text: string): string {
  return processMask.mask(text);
}

function patternOf(secrets: ReadonlySet<string>): RegExp {
  const forms = new Set<string>();
  for (const secret of secrets) for (const form of formsOf(secret)) forms.add(form);
  // The longest first: a form may begin as another does.
  const sorted = [...forms].sort((a, b) => b.length - a.length);
  return new RegExp(sorted.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
}

function* formsOf(secret: string): Generator<string> {
  const plain = [secret, ...secretLines(secret)];
  for (const text of plain) {
    yield text;
    const inJson = JSON.stringify(text).slice(1, -1);
    yield inJson;
    yield JSON.stringify(inJson).slice(1, -1);
    yield* urlForms(text);
  }
  yield* base64Forms(secret);
}

/** A key in several lines is shown line by line where its text is broken up. */
function secretLines(secret: string): string[] {
  if (!secret.includes('\n')) return [];
  return secret.split(/\r?\n/).filter((line) => line.length >= MIN_LINE && !line.startsWith('-----'));
}

/** Percent-encoded as parts of a URL, as forms and as the password of a URL have it; both spellings of the digits. */
function* urlForms(text: string): Generator<string> {
  const whole = text.toWellFormed();
  const component = encodeURIComponent(whole);
  const strict = component.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const url = new URL('https://host.invalid');
  url.password = whole;
  for (const form of [component, strict, strict.replaceAll('%20', '+'), encodeURI(whole), url.password]) {
    yield form;
    yield form.replace(/%[0-9A-F]{2}/g, (digits) => digits.toLowerCase());
  }
}

/** Base64 of whatever holds the secret: the characters that depend on the secret alone, for each of three positions. */
function* base64Forms(secret: string): Generator<string> {
  const bytes = Buffer.from(secret);
  for (const before of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const first = Math.ceil((before * 8) / 6);
    const form = encoded.slice(first, Math.floor(((before + bytes.length) * 8) / 6));
    if (form.length < MIN_BASE64) continue;
    yield form;
    yield form.replaceAll('+', '-').replaceAll('/', '_');
  }
}
