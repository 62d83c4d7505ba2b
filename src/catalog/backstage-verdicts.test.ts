import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { builtinKinds } from '../model/builtin-kinds.ts';
import { parseDocuments } from './document.ts';
import { prepareKinds, validateEntity } from './validate.ts';

// Public catalogs with the verdict of Backstage's own validators on each document.
const inputs = fileURLToPath(new URL('../../../shared/inputs/', import.meta.url));
const verdictFile = `${inputs}expected/catalog_validation.jsonl`;

interface Verdict {
  readonly file: string;
  readonly docs: readonly {
    readonly kind?: string;
    readonly stage: string;
    readonly ok: boolean;
    readonly ref?: string;
  }[];
}

/** Where ours differs, and why it may. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'catalog/backstage__demo__examples__ai-resources.yaml':
    'AiResource needs an extra module in Backstage; here it is a built-in kind, with the fields of that module',
  'catalog/backstage__demo__examples__mcp-server-api.yaml':
    'an API of type mcp-server has remotes and no definition in the catalog model of Backstage with that module',
};

test.runIf(existsSync(verdictFile))('verdicts on public catalogs are those of Backstage', () => {
  const kinds = prepareKinds(builtinKinds);
  const different: string[] = [];
  let compared = 0;
  for (const line of readFileSync(verdictFile, 'utf8').split('\n').filter(Boolean)) {
    const { file, docs } = JSON.parse(line) as Verdict;
    const expected = docs.filter((doc) => doc.stage !== 'null');
    const ours = parseDocuments(readFileSync(inputs + file, 'utf8')).map((parsed) => {
      if (!parsed.ok) return { ok: false };
      const { findings, ref } = validateEntity(parsed.document, kinds);
      return findings.some((finding) => finding.severity === 'error') ? { ok: false } : { ok: true, ref };
    });
    const theirs = expected.map((doc) => (doc.ok ? { ok: true, ref: doc.ref } : { ok: false }));
    compared += theirs.length;
    if (JSON.stringify(ours) !== JSON.stringify(theirs)) different.push(file);
  }
  expect(compared).toBe(360);
  expect(different.toSorted()).toEqual(Object.keys(DIFFERENCES).toSorted());
});
