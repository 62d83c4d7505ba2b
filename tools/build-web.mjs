// Builds the web interface into dist/web. Plain JavaScript, since the launcher calls it before anything else runs.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

await build({ configFile: fileURLToPath(new URL('../web/vite.config.ts', import.meta.url)), logLevel: 'warn' });
