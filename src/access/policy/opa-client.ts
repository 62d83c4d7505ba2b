import type { Logger } from 'pino';
import { Type, type Static } from 'typebox';
import { Check } from 'typebox/value';
import type { Clock } from '../../base/clock.ts';
import { errorMessage } from '../../base/errors.ts';
import type { OpaConfig } from '../../config/policy-config.ts';

/** Longer answers are none. */
const LONGEST_ANSWER = 64 * 1024;

/** What the agent is asked: https://www.openpolicyagent.org/docs/rest-api, "Get a Document (with Input)". */
export interface OpaInput {
  readonly principal: { readonly ref: string; readonly kind: string; readonly claims: readonly string[] };
  readonly permission: string;
  /** What the permission is about: `entity`: a condition can narrow it; `live`: objects of clusters; else `none`. */
  readonly resource: 'none' | 'entity' | 'live';
}

const OpaResult = Type.Union([
  Type.Boolean(),
  Type.Object({
    allow: Type.Boolean(),
    reason: Type.Optional(Type.String({ maxLength: 300 })),
    where: Type.Optional(Type.String({ maxLength: 4096 })),
  }),
]);

/** What the agent decided: `where` is a CEL condition, for permissions that are about entities. */
export type OpaResult = Static<typeof OpaResult>;

/** An answer, or why there is none. */
export type OpaAnswer =
  | { readonly ok: true; readonly result: OpaResult }
  | { readonly ok: false; readonly reason: string };

/** Asks an Open Policy Agent. */
export class OpaClient {
  readonly #config: OpaConfig;
  readonly #clock: Clock;
  readonly #log: Logger;
  #isFailing = false;

  constructor(config: OpaConfig, parts: { readonly clock: Clock; readonly log: Logger }) {
    this.#config = config;
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  /** Asks for one decision. Never rejects: whatever goes wrong is a reason that may be shown, with the details in the log. */
  async ask(input: OpaInput): Promise<OpaAnswer> {
    const over = new AbortController();
    const timer = this.#clock.after(this.#config.timeoutMs, () => over.abort(new Error('it took too long')));
    let detail: string;
    try {
      const answer = await this.#fetch(input, over.signal);
      if (typeof answer !== 'string') {
        this.#noteSuccess();
        return answer;
      }
      detail = answer;
    } catch (error) {
      detail = over.signal.aborted ? 'it took too long' : errorMessage(error);
    } finally {
      timer.cancel();
    }
    if (!this.#isFailing) this.#log.error({ url: this.#config.url, detail }, 'the policy agent gives no decision');
    this.#isFailing = true;
    return { ok: false, reason: 'the policy agent gives no decision' };
  }

  /** @returns a text where the answer is no decision */
  async #fetch(input: OpaInput, signal: AbortSignal): Promise<OpaAnswer | string> {
    const response = await fetch(this.#config.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ input }),
      redirect: 'error',
      signal,
    });
    const text = await boundedText(response);
    if (response.status !== 200) return `it answered ${response.status}: ${text.slice(0, 500)}`;
    const { result } = JSON.parse(text) as { result?: unknown };
    // The agent answers so for a document that its policies do not define for this input.
    if (result === undefined) return { ok: false, reason: 'the policy agent has no rule for it' };
    return Check(OpaResult, result) ? { ok: true, result } : `its result has another form: ${text.slice(0, 500)}`;
  }

  #noteSuccess(): void {
    if (this.#isFailing) this.#log.info({ url: this.#config.url }, 'the policy agent decides again');
    this.#isFailing = false;
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > LONGEST_ANSWER) throw new Error(`its answer is longer than ${LONGEST_ANSWER} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
