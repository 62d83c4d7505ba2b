// Builds the web interface into dist/web, or into the folder that is named.
// Plain JavaScript, since the launcher calls it before anything else runs.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const [outDir] = process.argv.slice(2);
// React has a slow build for development; whatever the surroundings are for, this one is for use.
process.env.NODE_ENV = 'production';
await build({
  configFile: fileURLToPath(new URL('../web/vite.config.ts', import.meta.url)),
  logLevel: 'warn',
  ...(outDir === undefined ? {} : { build: { outDir } }),
});
