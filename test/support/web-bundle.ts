import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

/** The built web interface as files: what each holds, and which script leads to which. */
export interface WebBundle {
  /** Names from the folder, with `/`. */
  readonly files: readonly string[];
  /** Size as the server sends it, kB of 1,000 bytes; of what is compressed already, its own. */
  sizeKb(file: string): number;
  /** Scripts that index.html names, and what those import. */
  readonly shell: ReadonlySet<string>;
  /** Scripts that are fetched when they are needed. */
  readonly onDemand: readonly string[];
  /** A script and all that it imports. */
  closure(script: string): ReadonlySet<string>;
}

/** Reads a built web interface. @param folder as `tools/build-web.mjs` filled it */
export function readWebBundle(folder: string): WebBundle {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const scripts = new Map(
    files.filter((file) => file.endsWith('.js')).map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
  );
  const closure = (script: string): ReadonlySet<string> => {
    const found = new Set([script]);
    // The set grows while it is walked.
    for (const one of found) for (const next of importsOf(one, scripts, 'static')) found.add(next);
    return found;
  };
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const named = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, name]) => name ?? '');
  const shell = new Set(named.flatMap((name) => [...closure(name)]));
  const onDemand = new Set([...scripts.keys()].flatMap((file) => importsOf(file, scripts, 'dynamic')));
  return {
    files,
    shell,
    onDemand: [...onDemand].filter((script) => !shell.has(script)),
    closure,
    sizeKb: (file) => sentBytes(join(folder, file)) / 1000,
  };
}

/** Files of the bundle that a script names, by an import that runs with it or by one that runs when it is called. */
function importsOf(file: string, scripts: ReadonlyMap<string, string>, sort: 'static' | 'dynamic'): readonly string[] {
  const pattern =
    sort === 'static'
      ? /(?:\bfrom|\bimport)\s*["'`](\.[^"'`]+\.js)["'`]/g
      : /\bimport\s*\(\s*["'`](\.[^"'`]+\.js)["'`]/g;
  const base = new URL(file, 'http://bundle/');
  return [...(scripts.get(file) ?? '').matchAll(pattern)]
    .map(([, specifier]) => new URL(specifier ?? '', base).pathname.slice(1))
    .filter((name) => scripts.has(name));
}

/** Brotli's level in `src/server/compressed-files.ts`. */
const QUALITY = 8;

function sentBytes(path: string): number {
  const bytes = readFileSync(path);
  if (path.endsWith('.woff2')) return bytes.length;
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } }).length;
}
