// Joins the program and the packages it stands on into a few files, in the folder that is named: a thousand modules less
// to find, read and link halve the time to the first answer. Plain JavaScript, since the launcher calls it.
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const [outDir] = process.argv.slice(2);
const root = fileURLToPath(new URL('..', import.meta.url));
/** Workers stand beside the module that starts them, see src/base/worker-entry.ts. */
const input = {
  main: 'src/main.ts',
  'store-worker': 'src/store/store-worker.ts',
  'reading-worker': 'src/catalog/reading-worker.ts',
  'fleet-worker': 'src/fleet/fleet-worker.ts',
  'reader-worker': 'src/fleet/reader-worker.ts',
  'acting-worker': 'src/fleet/acting-worker.ts',
};
/**
 * A module that imports node:http makes Node read all that it exports, and one of those loads a whole HTTP client: thirty
 * milliseconds, for nothing. Here it is asked for what stands there as it is.
 */
const plainHttp = {
  name: 'plain-http',
  enforce: 'pre',
  resolveId: (id, _importer, { kind }) => (id === 'node:http' && kind === 'import-statement' ? '\0plain-http' : null),
  load(id) {
    if (id !== '\0plain-http') return null;
    const names = Object.keys(http).filter((name) => 'value' in Object.getOwnPropertyDescriptor(http, name));
    return `export const { ${names.join(', ')} } = process.getBuiltinModule('node:http');`;
  },
};
await build({
  root,
  plugins: [plainHttp],
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  ssr: { noExternal: true, external: ['pg'] },
  build: {
    ssr: true,
    outDir,
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    rolldownOptions: { input, output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' } },
  },
});
