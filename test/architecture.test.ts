import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { longFiles, publicEntries, rooms, webMayImport } from './rooms.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

interface SourceFile {
  /** Path from the root, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Code without comments, so that a rule does not trip over prose. */
  readonly code: string;
}

function filesUnder(folder: string): SourceFile[] {
  const found: SourceFile[] = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) found.push(...filesUnder(path));
    else if (/\.tsx?$/.test(entry.name)) {
      const text = readFileSync(join(root, path), 'utf8');
      found.push({ path, text, code: text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '') });
    }
  }
  return found;
}

const isTest = (file: SourceFile): boolean => /\.(test|bench)\.tsx?$/.test(file.path);
const source = filesUnder('src').filter((file) => !isTest(file));
const web = filesUnder('web').filter((file) => !isTest(file));

function importsOf(file: SourceFile): string[] {
  const specifiers = [...file.code.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
  return specifiers.filter((specifier) => specifier.startsWith('.'));
}

/** The path from the root that a relative import means. */
function target(file: SourceFile, specifier: string): string {
  return relative(root, resolve(root, dirname(file.path), specifier)).replaceAll('\\', '/');
}

function roomOf(path: string): string | undefined {
  const [top, room] = path.split('/');
  return top === 'src' && room !== undefined && room in rooms ? room : undefined;
}

/** Lines where `pattern` occurs in files that `allowed` does not excuse. */
function occurrences(files: readonly SourceFile[], pattern: RegExp, allowed: (path: string) => boolean): string[] {
  return files.filter((file) => !allowed(file.path) && pattern.test(file.code)).map((file) => file.path);
}

describe('the rooms', () => {
  test('stand in an order: a room imports only rooms before it', () => {
    const order = Object.keys(rooms);
    for (const [room, { mayImport }] of Object.entries(rooms)) {
      for (const other of mayImport)
        expect(order.indexOf(other), `${room} -> ${other}`).toBeLessThan(order.indexOf(room));
    }
  });

  test('every folder of src is a room', () => {
    const folders = readdirSync(join(root, 'src')).filter((name) => statSync(join(root, 'src', name)).isDirectory());
    expect(folders.sort()).toEqual(Object.keys(rooms).sort());
  });

  test('no import goes where the table does not allow', () => {
    const wrong: string[] = [];
    for (const file of source) {
      const room = roomOf(file.path);
      if (room === undefined) continue;
      for (const specifier of importsOf(file)) {
        const to = target(file, specifier);
        const other = roomOf(to);
        // The command line asks a running server as any other client does.
        const asClient = room === 'cli' && to === 'src/client.ts';
        const allowed = asClient || other === room || (other !== undefined && rooms[room]?.mayImport.includes(other));
        if (!allowed) wrong.push(`${file.path} -> ${to}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('web imports only pure rooms and the client', () => {
    const wrong: string[] = [];
    for (const file of web) {
      for (const specifier of importsOf(file)) {
        const to = target(file, specifier);
        const pure = to === 'src/client.ts' || webMayImport.includes(roomOf(to) ?? '');
        if (to.startsWith('src/') && !pure) wrong.push(`${file.path} -> ${to}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('each room has a README, and ARCHITECTURE.md has the table', () => {
    const architecture = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
    for (const [room, { purpose }] of Object.entries(rooms)) {
      expect(readdirSync(join(root, 'src', room)), room).toContain('README.md');
      expect(architecture).toContain(`| \`${room}\` | ${purpose} |`);
    }
  });
});

describe('one home each', () => {
  const all = [...source, ...web];

  test('time, timers and randomness: base/clock.ts and web', () => {
    const pattern =
      /\bDate\.now\(|\bnew Date\(\)|\bsetTimeout\(|\bsetInterval\(|\bMath\.random\(|\bperformance\.now\(|\brandomUUID\(/;
    // The popup page holds a script for browsers.
    const allowed = ['src/base/clock.ts', 'src/client.ts', 'src/server/backstage/popup-page.ts'];
    expect(occurrences(source, pattern, (path) => allowed.includes(path))).toEqual([]);
  });

  test('the environment: config', () => {
    expect(occurrences(all, /\bprocess\.env\b/, (path) => path.startsWith('src/config/'))).toEqual([]);
  });

  test('SQL: store', () => {
    const pattern = /\b(SELECT\s+[\w*,\s.]+\s+FROM|INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\w+\s+SET|CREATE\s+TABLE)\b/;
    expect(occurrences(all, pattern, (path) => path.startsWith('src/store/'))).toEqual([]);
  });

  test('child processes: git, the doctor, the clusters of the demo, and plugins of kubeconfigs', () => {
    const homes = ['src/git/', 'src/cli/doctor', 'src/cli/demo-fleet.ts', 'src/kube/exec-plugin.ts'];
    const allowed = (path: string): boolean => homes.some((home) => path.startsWith(home));
    expect(occurrences(all, /node:child_process/, allowed)).toEqual([]);
  });
});

describe('habits', () => {
  test('no barrel files but the public entries', () => {
    const pattern = /^export (\*|\{[^}]*\}|type \{[^}]*\}) from /m;
    expect(occurrences(source, pattern, (path) => publicEntries.includes(path))).toEqual([]);
  });

  test('no vague file names', () => {
    const vague = /(^|\/)(utils?|helpers?|common|misc|types|index|manager|service)\.tsx?$/;
    expect([...source, ...web].map((file) => file.path).filter((path) => vague.test(path))).toEqual([]);
  });

  test('no product code imports a test', () => {
    const wrong = [...source, ...web].filter((file) =>
      importsOf(file).some((specifier) => /\.test\.ts|\/test\//.test(specifier)),
    );
    expect(wrong.map((file) => file.path)).toEqual([]);
  });

  test('no mocks of own code', () => {
    const tests = [...filesUnder('src'), ...filesUnder('test')].filter(isTest);
    expect(occurrences(tests, /\bvi\.mock\(/, (path) => path === 'test/architecture.test.ts')).toEqual([]);
  });

  test('every error code is thrown somewhere', () => {
    const codes = source
      .filter((file) => file.path.endsWith('/errors.ts'))
      .flatMap((file) => [...file.code.matchAll(/^\s+([A-Z][A-Z0-9_]+): \{/gm)].map((match) => match[1] ?? ''));
    expect(codes.length).toBeGreaterThan(20);
    const product = source.filter((file) => !file.path.endsWith('/errors.ts')).map((file) => file.code);
    expect(codes.filter((code) => !product.some((text) => text.includes(`'${code}'`)))).toEqual([]);
  });

  test('files stay under 400 lines; the excused may only shrink', () => {
    const long = [...source, ...web].filter((file) => file.text.split('\n').length > (longFiles[file.path] ?? 400));
    expect(long.map((file) => `${file.path}: ${file.text.split('\n').length}`)).toEqual([]);
    for (const path of Object.keys(longFiles)) {
      const lines = readFileSync(join(root, path), 'utf8').split('\n').length;
      expect(lines, `${path} no longer needs an excuse`).toBeGreaterThan(400);
    }
  });
});
