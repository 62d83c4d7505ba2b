import { LONGEST_LINE } from './lines.ts';
import { ProtocolViolation } from './reflector-failure.ts';

/** Bytes of the length that stands before each frame, the highest first. */
const HEAD_BYTES = 4;

/** Cuts a stream of bytes into its frames, each with its length before it. What is there of a frame waits for its end and is joined once. */
export class FrameSplitter {
  #parts: Buffer[] = [];
  #bytes = 0;
  /** How many bytes must be there before there is anything to do. */
  #needed = HEAD_BYTES;

  /** True while a frame has begun and not ended. */
  get hasRest(): boolean {
    return this.#bytes > 0;
  }

  /** The frames that end in a chunk, without their lengths. @throws ProtocolViolation for one that is too long */
  take(chunk: Buffer): readonly Buffer[] {
    this.#parts.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.#needed) return [];
    const bytes = this.#parts.length === 1 ? chunk : Buffer.concat(this.#parts, this.#bytes);
    const frames: Buffer[] = [];
    let at = 0;
    this.#needed = HEAD_BYTES;
    while (bytes.length - at >= HEAD_BYTES) {
      const length = bytes.readUInt32BE(at);
      if (length > LONGEST_LINE) throw new ProtocolViolation(`A frame is longer than ${LONGEST_LINE} bytes`);
      const end = at + HEAD_BYTES + length;
      if (end > bytes.length) {
        this.#needed = end - at;
        break;
      }
      frames.push(bytes.subarray(at + HEAD_BYTES, end));
      at = end;
    }
    this.#parts = at === bytes.length ? [] : [bytes.subarray(at)];
    this.#bytes = bytes.length - at;
    return frames;
  }
}
