import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What the import map of index.html offers to plugins: stable file names under `shared/`. */
const shared = ['react', 'react-jsx-runtime', 'react-dom', 'react-dom-client', 'callboard-ui'];

/** Tells the browser of the text font before it has read the style sheet, so that the first paint has it. */
function preloadFont(): Plugin {
  return {
    name: 'callboard-preload-font',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const font = Object.keys(bundle ?? {}).find((name) => /inter-latin-wght-normal.*\.woff2$/.test(name));
        if (font === undefined) throw new Error('The text font is not among the built files');
        const attrs = { rel: 'preload', as: 'font', type: 'font/woff2', href: `/${font}`, crossorigin: '' };
        return [{ tag: 'link', attrs, injectTo: 'head' }];
      },
    },
  };
}

/**
 * Pages that are fetched later need no help with it: what they import is there already, and there is one style sheet. The
 * helper that Vite puts around each fetch would be 2 kB of the first page.
 */
function plainImports(): Plugin {
  return {
    name: 'callboard-plain-imports',
    enforce: 'pre',
    load: (id) => (id.includes('vite/preload-helper') ? 'export const __vitePreload = (load) => load();' : null),
  };
}

// The app and the shared modules are built together: both are facades over the same chunks, so a plugin's page and the
// app can only ever meet in one React.
export default defineConfig({
  root: file('.'),
  publicDir: file('public'),
  plugins: [plainImports(), react(), preloadFont()],
  define: {
    __CALLBOARD_VERSION__: JSON.stringify(
      (JSON.parse(readFileSync(file('../package.json'), 'utf8')) as { version: string }).version,
    ),
  },
  worker: { format: 'es' },
  build: {
    outDir: file('../dist/web'),
    emptyOutDir: true,
    target: ['chrome123', 'firefox121', 'safari18'],
    cssCodeSplit: false,
    // A data: font or image would need a looser content security policy.
    assetsInlineLimit: 0,
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_file, needed, { hostType }) => (hostType === 'html' ? needed : []),
    },
    reportCompressedSize: false,
    // Sizes are held to their limits as they are sent, by test/e2e/budgets.test.ts.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      preserveEntrySignatures: 'exports-only',
      input: {
        index: file('index.html'),
        ...Object.fromEntries(shared.map((name) => [name, file(`shared/${name}.ts`)])),
      },
      output: {
        entryFileNames: ({ name }) => (shared.includes(name) ? 'shared/[name].js' : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
        codeSplitting: {
          // Few requests before the first page: one file of all that every page needs, what plugins share among it, and
          // beside it what is fetched when somebody goes there. A group takes in what its files import, but for what
          // belongs to a group of higher priority.
          groups: [
            {
              name: 'app',
              priority: 2,
              test: /[/\\]web[/\\](app|ui|data|url)[/\\]|-search\.ts$|[/\\]src[/\\](client|base|model|api)|node_modules[/\\]react/,
            },
            { name: 'form', priority: 1, test: /[/\\]web[/\\]form[/\\]/ },
            {
              name: 'access',
              priority: 1,
              test: /[/\\]web[/\\]pages[/\\](access|audit|secrets|settings)[/\\]/,
            },
          ],
        },
      },
    },
  },
});
