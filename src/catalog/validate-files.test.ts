import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sharedInputs } from '../../test/support/shared-inputs.ts';
import { validatePaths, type FileVerdict } from './validate-files.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'callboard-validate-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function save(path: string, text: string): Promise<string> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
  return join(root, path);
}

const group = (name: string): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: ${name}\nspec:\n  type: team\n  children: []\n`;

/** `file:line code` of each error. */
function errors(verdicts: readonly FileVerdict[]): string[] {
  return verdicts.flatMap(({ file, documents }) =>
    documents.flatMap((document) =>
      document.errors.map((error) => `${file.slice(root.length + 1)}:${error.line} ${error.code}`),
    ),
  );
}

test('follows the targets of a folder that is reached over a link', async () => {
  const location =
    'apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: { name: all }\nspec: { target: ./b.yaml }\n';
  await save('real/a.yaml', location);
  await save('real/b.yaml', group('one'));
  await symlink(join(root, 'real'), join(root, 'link'));
  const verdicts = await validatePaths([join(root, 'link/a.yaml')]);
  expect(verdicts.map(({ file, documents }) => [file, documents[0]?.ref, documents[0]?.ok])).toEqual([
    [join(root, 'link/a.yaml'), 'location:default/all', true],
    [join(root, 'link/b.yaml'), 'group:default/one', true],
  ]);
});

test('says of every document where it stands, what it declares and what is wrong', async () => {
  const file = await save(
    'a.yaml',
    `${group('one')}---\n${group('Two').replace('  children: []\n', '')}---\nkind: [\n`,
  );
  expect(await validatePaths([file])).toEqual([
    {
      file,
      documents: [
        { line: 1, kind: 'Group', ref: 'group:default/one', ok: true, errors: [], warnings: [] },
        {
          line: 9,
          kind: 'Group',
          ref: 'group:default/two',
          ok: false,
          errors: [
            {
              path: 'spec.children',
              message: 'spec.children is missing',
              line: 13,
              column: 1,
              code: 'entity-schema',
              fix: 'Add children',
            },
          ],
          warnings: [],
        },
        expect.objectContaining({
          line: 15,
          ok: false,
          errors: [expect.objectContaining({ code: 'yaml-syntax', path: '' })],
        }),
      ],
    },
  ]);
});

test('takes files, folders and globs, each file once, and leaves out what is no descriptor', async () => {
  await save('x/a.yaml', group('a'));
  await save('x/values.yaml', 'replicas: 3\n');
  await save('y/b.yaml', group('b'));
  const verdicts = await validatePaths([join(root, 'x'), join(root, '*/[ab].yaml'), join(root, 'y/b.yaml')]);
  expect(verdicts.map(({ file }) => file.slice(root.length + 1))).toEqual(['x/a.yaml', 'y/b.yaml']);
});

test('follows Locations and tells missing targets', async () => {
  await save('teams/one.txt', group('one'));
  const file = await save(
    'all.yaml',
    'apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\nspec:\n  targets:\n    - ./teams/one.txt\n    - ./none.yaml\n',
  );
  const verdicts = await validatePaths([file]);
  expect(verdicts.map(({ file: path }) => path.slice(root.length + 1))).toEqual(['all.yaml', 'teams/one.txt']);
  expect(errors(verdicts)).toEqual([]);
  expect(verdicts[0]?.documents[0]?.warnings).toMatchObject([{ code: 'target-missing', line: 7 }]);
});

test('a second declaration in another file is a warning with the place of the first', async () => {
  await save('a.yaml', group('crew'));
  await save('b.yaml', `# second\n${group('Crew')}`);
  const verdicts = await validatePaths([root]);
  expect(errors(verdicts)).toEqual([]);
  expect(verdicts[1]?.documents[0]?.warnings).toMatchObject([{ code: 'duplicate-ref', line: 2 }]);
  expect(verdicts[1]?.documents[0]?.warnings[0]?.message).toContain(join(root, 'a.yaml:1'));
});

test('a path that does not exist is a verdict, not a fault', async () => {
  expect(errors(await validatePaths([join(root, 'none.yaml'), join(root, 'nowhere')]))).toEqual([
    'none.yaml:1 target-missing',
    'nowhere:1 source-unreadable',
  ]);
});

describe('the demo organisation', () => {
  const demo = fileURLToPath(new URL('../../demo/organisation', import.meta.url));

  test('is right but for what is wrong on purpose', async () => {
    const verdicts = await validatePaths([demo]);
    const wrong = verdicts.flatMap(({ file, documents }) =>
      documents.flatMap((document) => document.errors.map((error) => `${file.slice(demo.length + 1)} ${error.code}`)),
    );
    expect(wrong.toSorted()).toEqual([
      'foyer/broken-umbrella-stand.yaml yaml-syntax',
      'machine-room/forgotten-server.yaml entity-schema',
      'props-store/broken-sword.yaml entity-envelope',
      'props-store/broken-sword.yaml entity-schema',
    ]);
    const kinds = Map.groupBy(
      verdicts.flatMap(({ documents }) => documents),
      (document) => document.kind,
    );
    expect(Object.fromEntries([...kinds].map(([kind, documents]) => [kind, documents.length]))).toEqual({
      Location: 2,
      Domain: 6,
      Group: 20,
      User: 47,
      System: 17,
      Component: 97,
      API: 37,
      Resource: 36,
      Template: 2,
      undefined: 1,
    });
  });
});

interface Tree {
  readonly roots: readonly string[];
  readonly refs: readonly string[];
  readonly missing_targets: readonly unknown[];
}

test.runIf(existsSync(sharedInputs))('Location graphs of public catalogs are those of Backstage', async () => {
  const trees = JSON.parse(await readFile(join(sharedInputs, 'expected/location_trees.json'), 'utf8')) as Readonly<
    Record<string, Tree>
  >;
  const different: Record<string, { readonly more: readonly string[]; readonly less: readonly string[] }> = {};
  for (const [name, tree] of Object.entries(trees)) {
    const verdicts = await validatePaths(tree.roots.map((path) => join(sharedInputs, 'catalog-trees', name, path)));
    const refs = new Set(
      verdicts.flatMap(({ documents }) => documents.flatMap((document) => (document.ok ? (document.ref ?? []) : []))),
    );
    const more = [...refs].filter((ref) => !tree.refs.includes(ref)).toSorted();
    const less = tree.refs.filter((ref) => !refs.has(ref)).toSorted();
    if (more.length > 0 || less.length > 0) different[name] = { more, less };
  }
  expect(different).toEqual({});
});
