import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSectionFile, SectionFile, writeSectionFile } from './section-file.ts';
import { TextColumn } from './text-column.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callboard-sections-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function write(texts: readonly string[], numbers: readonly number[]): Promise<string> {
  const path = join(folder, 'file');
  await writeSectionFile(path, `${path}.new`, async (out) => {
    const section = out.texts('texts');
    for (const text of texts) {
      section.add(text);
      if (out.isFull) await out.flush();
    }
    section.end();
    out.numbers('whole', Uint32Array.from(numbers));
    out.numbers(
      'halves',
      Float64Array.from(numbers, (number) => number / 2),
    );
    return { count: texts.length };
  });
  return path;
}

async function read(path: string): Promise<SectionFile> {
  const file = await readSectionFile(path);
  if (!(file instanceof SectionFile)) throw new Error(`not read: ${file}`);
  return file;
}

test('sections come back as they were written, however long', async () => {
  const texts = Array.from({ length: 3000 }, (_, index) => `${index} ${'x'.repeat(index % 1500)}`);
  const file = await read(await write(texts, [1, 2, 4_294_967_295]));
  const column = new TextColumn(file.bytes('texts'), file.integers('texts.starts'));
  expect(texts.map((_, index) => column.at(index))).toEqual(texts);
  expect([...file.integers('whole')]).toEqual([1, 2, 4_294_967_295]);
  expect([...file.doubles('halves')]).toEqual([0.5, 1, 2_147_483_647.5]);
  expect(file.header).toEqual({ count: 3000 });
  expect(() => file.bytes('other')).toThrow('no section other');
});

test('a file that is missing, short, altered or something else is told apart', async () => {
  const path = await write(['a', 'b'], [1]);
  const whole = readFileSync(path);
  expect(await readSectionFile(join(folder, 'other'))).toBeUndefined();
  for (let length = 0; length < whole.length; length += 1) {
    writeFileSync(path, whole.subarray(0, length));
    expect(await readSectionFile(path), `${length} bytes`).toBeTypeOf('string');
  }
  for (let bit = 0; bit < whole.length * 8; bit += 1) {
    const altered = Buffer.from(whole);
    altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    writeFileSync(path, altered);
    expect(await readSectionFile(path), `bit ${bit}`).toBeTypeOf('string');
  }
});

test('a writing that fails leaves the file of before, and nothing beside it', async () => {
  const path = await write(['a'], [1]);
  const before = readFileSync(path);
  const fails = writeSectionFile(path, `${path}.new`, async (out) => {
    out.numbers('n', Uint32Array.of(1));
    await out.flush();
    throw new Error('on purpose');
  });
  await expect(fails).rejects.toThrow('on purpose');
  expect(readFileSync(path)).toEqual(before);
  expect(readdirSync(folder)).toEqual(['file']);
});
