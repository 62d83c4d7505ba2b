import { rename, rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { readSectionFile, type SectionFile, type SectionWriter, writeSectionFile } from '../base/section-file.ts';
import type { ClusterSnapshot, KindSnapshot } from './snapshot.ts';

/** Another number: files of before are not read. */
const LAYOUT = 2;

/** What the header says of a kind. */
type KindHead = Omit<KindSnapshot, 'slots' | 'amounts' | 'names' | 'texts'> & {
  readonly nameBytes: number;
  readonly textBytes: number;
};

/** What the header says of all. */
type Head = Pick<ClusterSnapshot, 'name' | 'server' | 'version' | 'identity' | 'savedAt'> & {
  readonly layout: number;
  readonly wordBytes: number;
  readonly kinds: readonly KindHead[];
};

/** Name of the file of a cluster: what can stand in names of files, and a digest of the whole name. */
export function snapshotFileName(cluster: string): string {
  const shown = cluster.replace(/[^\w.-]/g, '_').slice(0, 60);
  return `${shown}-${createHash('sha256').update(cluster).digest('hex').slice(0, 12)}.snapshot`;
}

/** Writes a snapshot; what stood under this path is there until the new one is whole. */
export async function writeSnapshotFile(path: string, snapshot: ClusterSnapshot): Promise<void> {
  const beside = `${path}.new`;
  // What a run left that ended while it wrote.
  await rm(beside, { force: true });
  await writeSectionFile(path, beside, async (out) => {
    for (const { kind, slots, amounts, names, texts } of snapshot.kinds) {
      out.numbers(`${kind}.slots`, slots);
      out.numbers(`${kind}.amounts`, amounts);
      addBytes(out, `${kind}.names`, names);
      addBytes(out, `${kind}.texts`, texts);
      if (out.isFull) await out.flush();
    }
    addBytes(out, 'words', snapshot.words);
    out.numbers('wordEnds', snapshot.wordEnds);
    out.numbers('wordHashes', snapshot.wordHashes);
    out.numbers('pairs', snapshot.pairs);
    out.numbers('setEnds', snapshot.setEnds);
    return headOf(snapshot);
  });
}

function headOf({ name, server, version, identity, savedAt, kinds, words }: ClusterSnapshot): Head {
  const heads = kinds.map(({ kind, columns, rows, resourceVersion, asOf, names, texts }) => {
    return { kind, columns, rows, resourceVersion, asOf, nameBytes: names.length, textBytes: texts.length };
  });
  return { layout: LAYOUT, name, server, version, identity, savedAt, wordBytes: words.length, kinds: heads };
}

/** Bytes as a section of numbers; how many they are, the header says. */
function addBytes(out: SectionWriter, name: string, bytes: Uint8Array): void {
  const whole = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  whole.set(bytes);
  out.numbers(name, new Uint32Array(whole.buffer));
}

/**
 * Reads a snapshot.
 *
 * @returns it; undefined where there is none; or what is wrong with the file, which was put aside under another name
 */
export async function readSnapshotFile(path: string): Promise<ClusterSnapshot | string | undefined> {
  const read = await readSectionFile(path);
  if (read === undefined) return undefined;
  const snapshot = typeof read === 'string' ? read : snapshotOf(read);
  if (typeof snapshot === 'string') await rename(path, `${path}.unfit`);
  return snapshot;
}

function snapshotOf(file: SectionFile): ClusterSnapshot | string {
  const head = file.header as Partial<Head> | null;
  const { layout, name, server, version, identity, savedAt, wordBytes, kinds } = head ?? {};
  if (layout !== LAYOUT) return 'it is of another version';
  if (name === undefined || server === undefined || savedAt === undefined || kinds === undefined) {
    return 'its header is not whole';
  }
  return {
    name,
    server,
    version,
    identity,
    savedAt,
    kinds: kinds.map(({ nameBytes, textBytes, ...kind }) => ({
      ...kind,
      slots: file.integers(`${kind.kind}.slots`),
      amounts: file.doubles(`${kind.kind}.amounts`),
      names: file.bytes(`${kind.kind}.names`).subarray(0, nameBytes),
      texts: file.bytes(`${kind.kind}.texts`).subarray(0, textBytes),
    })),
    words: file.bytes('words').subarray(0, wordBytes),
    wordEnds: file.integers('wordEnds'),
    wordHashes: file.integers('wordHashes'),
    pairs: file.integers('pairs'),
    setEnds: file.integers('setEnds'),
  };
}
