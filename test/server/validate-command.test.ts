import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasSharedInputs, sharedInputs } from '../support/shared-inputs.ts';

// The real command over public catalogs, held against the verdicts of Backstage's own validators.

const program = resolve(import.meta.dirname, '../../src/main.ts');

interface Document {
  readonly ref?: string;
  readonly ok: boolean;
  readonly errors: readonly { readonly path: string; readonly message: string; readonly line: number }[];
  readonly warnings: readonly { readonly code: string }[];
}
interface File {
  readonly file: string;
  readonly documents: readonly Document[];
}

/** Runs the command in a process of its own, in the folder of the inputs. */
async function validate(paths: readonly string[]): Promise<{ readonly code: number; readonly files: readonly File[] }> {
  const child = spawn(process.execPath, [program, 'validate', ...paths, '--output', 'json'], {
    cwd: sharedInputs,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number>((done) => child.on('close', (ended) => done(ended ?? -1)));
  return { code, files: JSON.parse(Buffer.concat(chunks).toString()) as File[] };
}

interface Expected {
  readonly file: string;
  readonly docs: readonly { readonly stage: string; readonly ok: boolean; readonly ref?: string }[];
}

/** Where ours differs, and why it may. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'catalog/backstage__demo__examples__ai-resources.yaml':
    'AiResource needs an extra module in Backstage; here it is a built-in kind, with the fields of that module',
  'catalog/backstage__demo__examples__mcp-server-api.yaml':
    'an API of type mcp-server has remotes and no definition in the catalog model of Backstage with that module',
};

function readExpected(): readonly Expected[] {
  const lines = readFileSync(join(sharedInputs, 'expected/catalog_validation.jsonl'), 'utf8').split('\n');
  return lines.filter(Boolean).map((line) => JSON.parse(line) as Expected);
}

function differing(files: readonly File[], expected: readonly Expected[]): { files: string[]; documents: number } {
  const byFile = new Map(files.map(({ file, documents }) => [file, documents.map(verdict)]));
  const different: string[] = [];
  let documents = 0;
  for (const { file, docs } of expected) {
    const theirs = docs.filter(({ stage }) => stage !== 'null').map(verdict);
    const ours = byFile.get(file) ?? [];
    const wrong = theirs.filter((one, at) => one !== ours[at]).length + Math.max(0, ours.length - theirs.length);
    documents += wrong;
    if (wrong > 0) different.push(file);
  }
  return { files: different.toSorted(), documents };
}

const verdict = ({ ok, ref = '' }: { readonly ok: boolean; readonly ref?: string }): string => (ok ? ref : 'invalid');

describe.runIf(hasSharedInputs)('callboard validate over public catalogs', () => {
  test.each(['each file as a path of its own', 'as folders'])('verdicts equal those of Backstage, %s', async (how) => {
    const expected = readExpected();
    const paths = expected.map(({ file }) => file);
    const folders = [...new Set(paths.map((file) => file.slice(0, file.indexOf('/'))))];
    const { code, files } = await validate(how === 'as folders' ? folders : paths);
    const different = differing(files, expected);
    expect(different.files).toEqual(Object.keys(DIFFERENCES).toSorted());
    expect(different.documents).toBeLessThanOrEqual(0.02 * 360);
    expect(code).toBe(1);
    for (const { ok, errors } of files.flatMap(({ documents }) => documents)) {
      expect(ok).toBe(errors.length === 0);
      for (const error of errors) {
        const { path, message, line } = error;
        expect([typeof path, typeof message, line > 0]).toEqual(['string', 'string', true]);
      }
    }
  });

  test('trees of Locations equal those of Backstage', async () => {
    const text = readFileSync(join(sharedInputs, 'expected/location_trees.json'), 'utf8');
    const trees = Object.entries(
      JSON.parse(text) as Record<string, { roots: string[]; files_read: number; refs: string[] }>,
    );
    expect(trees).toHaveLength(6);
    for (const [tree, { roots, files_read: filesRead, refs }] of trees) {
      const { code, files } = await validate(roots.map((root) => join('catalog-trees', tree, root)));
      const documents = files.flatMap((file) => file.documents);
      expect([tree, code, files.length]).toEqual([tree, 0, filesRead]);
      expect(documents.map(({ ref = '' }) => ref).toSorted()).toEqual(refs.toSorted());
      expect(documents.flatMap(({ warnings }) => warnings).map((one) => one.code)).not.toContain('duplicate-ref');
    }
  });
});
