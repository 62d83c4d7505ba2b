import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** An answer of a kube-apiserver. */
interface Recorded {
  readonly status: number;
  readonly contentType: string;
  /** Zipped, in base64. */
  readonly body: string;
}

/** Answers of a kube-apiserver (v1.20.2, built from Debian's sources) to the same questions as JSON and as protocol buffers. */
const recorded = JSON.parse(
  readFileSync(new URL('../fixtures/protobuf-of-kube-apiserver.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Recorded>>;

/** An answer by what was asked. @throws Error where that was not recorded */
export function recordedAnswer(name: string): Pick<Recorded, 'status' | 'contentType'> & { readonly body: Buffer } {
  const answer = recorded[name];
  if (answer === undefined) throw new Error(`Nothing is recorded as ${name}`);
  return { ...answer, body: gunzipSync(Buffer.from(answer.body, 'base64')) };
}
