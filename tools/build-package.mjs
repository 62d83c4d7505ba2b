// `npm run build`: compiles src/ to JavaScript and declarations in dist/, beside the web interface that the launcher has
// built into dist/web. `npm pack` then packs what package.json's `files` names.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';

// What a former build left must not be packed; the web interface is kept, it has its own builder.
for (const name of existsSync('dist') ? readdirSync('dist') : []) {
  if (name !== 'web') rmSync(`dist/${name}`, { recursive: true });
}
const compiler = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'];
const { status } = spawnSync(process.execPath, compiler, { stdio: 'inherit' });
if (status === 0) console.log('Built dist/. Pack it with: npm pack');
process.exit(status ?? 1);
