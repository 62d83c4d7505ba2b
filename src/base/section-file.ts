import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { NumberList } from './number-list.ts';
import { textBytes } from './text-column.ts';

/** First bytes of every file: a mark, and the version of this layout. */
const MARK = Buffer.from('CBSECT\u0000\u0001', 'latin1');
/** At the end: where the directory begins (8 bytes), its length, and the CRC-32 of all bytes before the last four. */
const TAIL_BYTES = 16;
/** Sections begin at multiples of this, so that numbers can be read where they stand. */
const ALIGNMENT = 8;
const CHUNK_BYTES = 1 << 20;
/** One buffer holds a whole file. */
const LARGEST_FILE_BYTES = 2 ** 31;

/** Numbers as sections hold them, in the machine's byte order: such a file does not leave its machine. */
type Numbers = Uint32Array | Float64Array;

interface Place {
  readonly offset: number;
  readonly length: number;
}

interface Directory {
  readonly header: unknown;
  readonly sections: Readonly<Record<string, Place>>;
}

/** Writes the sections of a file one after the other. Nothing waits but `flush`, so the caller keeps the pace. */
export class SectionWriter {
  readonly #file: FileHandle;
  readonly #sections: Record<string, Place> = {};
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #written = 0;
  #checksum = 0;

  constructor(file: FileHandle) {
    this.#file = file;
    this.#put(MARK);
  }

  /** True when enough waits to be written. */
  get isFull(): boolean {
    return this.#pendingBytes >= CHUNK_BYTES;
  }

  /** A section of texts. @returns how to add one, and how to end; the ends of the texts stand in `<name>.starts` */
  texts(name: string): { readonly add: (text: string) => void; readonly end: () => void } {
    const begin = this.#align();
    const starts = new NumberList();
    starts.push(0);
    const add = (text: string): void => {
      this.#put(textBytes(text));
      starts.push(this.#position - begin);
    };
    const end = (): void => {
      this.#sections[name] = { offset: begin, length: this.#position - begin };
      this.numbers(`${name}.starts`, starts.numbers());
    };
    return { add, end };
  }

  /** A section of numbers. The array must not change until it is flushed. */
  numbers(name: string, numbers: Numbers): void {
    this.#sections[name] = { offset: this.#align(), length: numbers.byteLength };
    this.#put(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  }

  /** Hands what waits to the system. */
  async flush(): Promise<void> {
    const whole = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#checksum = crc32(whole, this.#checksum);
    this.#written += whole.length;
    await this.#file.writeFile(whole);
  }

  /** Writes the header and what finds the sections, and brings all of it to the disk. */
  async end(header: unknown): Promise<void> {
    const begin = this.#align();
    const directory = Buffer.from(JSON.stringify({ header, sections: this.#sections } satisfies Directory));
    this.#put(directory);
    const tail = Buffer.alloc(TAIL_BYTES);
    tail.writeBigUInt64LE(BigInt(begin), 0);
    tail.writeUInt32LE(directory.length, 8);
    this.#put(tail.subarray(0, TAIL_BYTES - 4));
    await this.flush();
    tail.writeUInt32LE(this.#checksum, TAIL_BYTES - 4);
    await this.#file.writeFile(tail.subarray(TAIL_BYTES - 4));
    await this.#file.sync();
  }

  get #position(): number {
    return this.#written + this.#pendingBytes;
  }

  #align(): number {
    this.#put(Buffer.alloc((ALIGNMENT - (this.#position % ALIGNMENT)) % ALIGNMENT));
    return this.#position;
  }

  #put(bytes: Uint8Array): void {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.byteLength;
  }
}

/**
 * Writes a file under its name only when it is whole: beside it first, to the disk, then renamed. Only its owner may read it.
 *
 * @param beside name of the unfinished file; no two writers may use one
 * @param write fills the sections; its result is the header
 */
export async function writeSectionFile(
  path: string,
  beside: string,
  write: (out: SectionWriter) => Promise<unknown>,
): Promise<void> {
  const file = await open(beside, 'wx', 0o600);
  try {
    const out = new SectionWriter(file);
    await out.end(await write(out));
    await file.close();
    await rename(beside, path);
  } catch (error) {
    await file.close();
    await unlink(beside);
    throw error;
  }
}

/** A file that was read and is whole. */
export class SectionFile {
  readonly header: unknown;
  readonly byteLength: number;
  readonly #bytes: Buffer<ArrayBuffer>;
  readonly #sections: Readonly<Record<string, Place>>;

  /** @param bytes of the whole file @throws RangeError, SyntaxError where they are no such file */
  constructor(bytes: Buffer<ArrayBuffer>) {
    const begin = Number(bytes.readBigUInt64LE(bytes.length - TAIL_BYTES));
    const length = bytes.readUInt32LE(bytes.length - TAIL_BYTES + 8);
    const { header, sections } = JSON.parse(bytes.toString('utf8', begin, begin + length)) as Directory;
    this.header = header;
    this.byteLength = bytes.length;
    this.#bytes = bytes;
    this.#sections = sections;
  }

  /** A section as it stands in the file. @throws RangeError without one */
  bytes(name: string): Uint8Array {
    const { offset, length } = this.#place(name);
    return this.#bytes.subarray(offset, offset + length);
  }

  /** A section of whole numbers, where it stands. */
  integers(name: string): Uint32Array<ArrayBuffer> {
    const { offset, length } = this.#place(name);
    return new Uint32Array(this.#bytes.buffer, this.#bytes.byteOffset + offset, length / 4);
  }

  /** A section of doubles, where it stands. */
  doubles(name: string): Float64Array<ArrayBuffer> {
    const { offset, length } = this.#place(name);
    return new Float64Array(this.#bytes.buffer, this.#bytes.byteOffset + offset, length / 8);
  }

  #place(name: string): Place {
    const place = this.#sections[name];
    if (place === undefined) throw new RangeError(`The file has no section ${name}`);
    return place;
  }
}

/**
 * Reads a file as `writeSectionFile` wrote it.
 *
 * @returns the file; or in a few words what is wrong with it; `undefined` where there is none
 */
export async function readSectionFile(path: string): Promise<SectionFile | string | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return await readWhole(file);
  } finally {
    await file.close();
  }
}

async function readWhole(file: FileHandle): Promise<SectionFile | string> {
  const { size } = await file.stat();
  if (size < MARK.length + TAIL_BYTES) return 'it is too short';
  if (size > LARGEST_FILE_BYTES) return 'it is too large';
  const bytes = Buffer.allocUnsafeSlow(size);
  const checked = size - 4;
  let checksum = 0;
  for (let at = 0; at < size;) {
    const { bytesRead } = await file.read(bytes, at, Math.min(size - at, 8 * CHUNK_BYTES), at);
    if (bytesRead === 0) return 'it ends early';
    checksum = crc32(bytes.subarray(at, Math.max(at, Math.min(at + bytesRead, checked))), checksum);
    at += bytesRead;
  }
  if (!bytes.subarray(0, MARK.length).equals(MARK)) return 'it is of another layout';
  if (bytes.readUInt32LE(checked) !== checksum) return 'its checksum is wrong';
  return new SectionFile(bytes);
}
