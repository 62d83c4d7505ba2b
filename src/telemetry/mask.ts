/** What stands in place of a secret. */
export const MASKED = '***';

/** Shorter texts are words: they would be found everywhere, and tell what they were by what is missing. */
const MIN_CHARS = 6;
/** Secrets that are looked for at once: lasting ones, and what was decrypted in passing. */
const MAX_SECRETS = 1_000;
const MAX_PASSING = 200;
/** The most characters of all of them. */
const MAX_CHARS = 1_000_000;
/** Pieces of base64 shorter than this could be anything. */
const MIN_BASE64 = 8;
/** Lines of a key file that are secret by themselves. */
const MIN_LINE = 20;

/** Tokens of Callboard, which nobody keeps and somebody may paste into a wrong field or a URL. */
const ownToken = /cbs?_[0-9A-Za-z]{43}/g;

/** Characters by which forms are found; none is shorter. */
const HEAD_CHARS = MIN_CHARS;
const PAIRS = 65_536;

/**
 * Takes secrets out of texts, in every form in which programs like to write them: as they are, in JSON (also twice), in
 * URLs, in base64 wherever they stand in it. One pass over a text whatever their number: a table of the first two characters
 * says where a form may begin. Nothing told, nothing done.
 */
export class SecretMask {
  /** Forms of each secret, the one told of longest ago first. */
  readonly #forms = new Map<string, ReadonlySet<string>>();
  /** Forms by how they begin, the longest first. */
  readonly #byHead = new Map<string, string[]>();
  /** How many forms begin with a pair of characters of this number. */
  readonly #pairs = new Uint16Array(PAIRS);
  readonly #limit: number;
  #chars = 0;

  /** @param limit most secrets; the ones told of longest ago go first */
  constructor(limit = MAX_SECRETS) {
    this.#limit = limit;
  }

  /** From now on `secret` is taken out. Texts of less than 6 characters are not: say so where one is chosen. */
  add(secret: string): void {
    const text = secret.trim();
    if (text.length < MIN_CHARS) return;
    const known = this.#forms.get(text);
    this.#forms.delete(text);
    this.#forms.set(text, known ?? new Set(formsOf(text)));
    if (known !== undefined) return;
    this.#chars += text.length;
    for (const form of this.#forms.get(text) ?? []) this.#find(form);
    for (const oldest of this.#forms.keys()) {
      if (this.#forms.size <= this.#limit && this.#chars <= MAX_CHARS) break;
      this.#forget(oldest);
    }
  }

  /** The text without secrets. */
  mask(text: string): string {
    if (this.#forms.size === 0) return text;
    let masked = '';
    let done = 0;
    for (let at = 0; at <= text.length - HEAD_CHARS; at += 1) {
      if (this.#pairs[pairAt(text, at)] === 0) continue;
      const form = this.#byHead.get(text.slice(at, at + HEAD_CHARS))?.find((each) => text.startsWith(each, at));
      if (form === undefined) continue;
      masked += text.slice(done, at) + MASKED;
      done = at + form.length;
      at = done - 1;
    }
    return done === 0 ? text : masked + text.slice(done);
  }

  #find(form: string): void {
    const head = form.slice(0, HEAD_CHARS);
    const forms = this.#byHead.get(head) ?? [];
    forms.push(form);
    this.#byHead.set(
      head,
      forms.sort((a, b) => b.length - a.length),
    );
    this.#count(form, 1);
  }

  #count(form: string, by: 1 | -1): void {
    const pair = pairAt(form, 0);
    this.#pairs[pair] = (this.#pairs[pair] ?? 0) + by;
  }

  #forget(secret: string): void {
    for (const form of this.#forms.get(secret) ?? []) {
      const head = form.slice(0, HEAD_CHARS);
      const forms = this.#byHead.get(head) ?? [];
      // Another secret may have the same form: then it stands there twice.
      forms.splice(forms.indexOf(form), 1);
      if (forms.length === 0) this.#byHead.delete(head);
      this.#count(form, -1);
    }
    this.#forms.delete(secret);
    this.#chars -= secret.length;
  }
}

/** Secrets of the configuration and those that are kept; and what was decrypted in passing, such as tokens of sessions. */
const lasting = new SecretMask();
const passing = new SecretMask(MAX_PASSING);

/**
 * Tells the process of a secret: no log line, error answer or audit record shows it from now on.
 *
 * @param kind `passing`: one of many that come and go; a later one may take its place
 */
export function registerSecret(secret: string, kind: 'lasting' | 'passing' = 'lasting'): void {
  (kind === 'lasting' ? lasting : passing).add(secret);
}

/** The text without the secrets that the process was told of, and without tokens of its own. */
export function maskSecrets(text: string): string {
  const masked = passing.mask(lasting.mask(text));
  return masked.includes('cb') ? masked.replace(ownToken, MASKED) : masked;
}

function pairAt(text: string, at: number): number {
  return ((text.charCodeAt(at) << 8) ^ text.charCodeAt(at + 1)) & (PAIRS - 1);
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
