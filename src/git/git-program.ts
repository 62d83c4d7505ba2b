import { spawn, type ChildProcess } from 'node:child_process';
import type { Clock, Timer } from '../base/clock.ts';
import type { CallboardError } from '../base/errors.ts';
import { Slots } from '../base/slots.ts';
import { failure } from './errors.ts';
import { withoutCredentials, type Repository } from './repository-url.ts';

/** What one call of git is about. */
export interface GitCall {
  readonly repository: Repository;
  /** Folder of git's own files; one that does not exist for calls that need none. */
  readonly gitFolder: string;
  readonly treeFolder?: string | undefined;
  readonly signal: AbortSignal;
  /** Longest run, ms, where the longest of all is too long. */
  readonly timeoutMs?: number | undefined;
  /** True when the last call for this repository failed: it waits in a line of its own. */
  readonly isAiling: boolean;
  /** Asked every second while git runs; what it answers ends the run. */
  readonly watch?: (() => Promise<CallboardError | undefined>) | undefined;
}

/** How git signs in at a host. */
export interface GitLogin {
  readonly user: string;
  readonly password: string;
}

/** How git is run. */
export interface GitProgramOptions {
  /** The environment to choose from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Longest run of one command. */
  readonly timeoutMs: number;
  /** The executable. */
  readonly program: string;
  /** How it signs in at a host over https; undefined: by its own configuration, or not. */
  readonly loginOf?: ((host: string) => GitLogin | undefined) | undefined;
}

/** Git processes at a time for repositories that answer, and for those that did not the last time. */
const PROCESSES = 3;
const AILING_PROCESSES = 1;
/** Answers are short: refs of one name, commits. */
const OUTPUT_CHARACTERS = 1024 * 1024;
const WATCH_MS = 1_000;
/** What git leaves behind, such as the shared connection of ssh, may keep its output open; nobody waits longer for it. */
const LINGER_MS = 1_500;
/** After being asked to end, git has this time to remove its temporary files. */
const GRACE_MS = 1_000;

/**
 * What git sees of the environment: where programs, the operator's configuration, credentials, certificates and proxies
 * are. Variables that would point git at another repository, trace secrets or ask people are left out.
 */
const PASSED_ON =
  /^(PATH|HOME|USER|LOGNAME|USERPROFILE|APPDATA|SYSTEMROOT|TMPDIR|TEMP|TMP|XDG_CONFIG_HOME|SSH_AUTH_SOCK|GIT_SSH_COMMAND|GIT_CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|(KEY|VALUE)_\d+)|GIT_SSL_CA(INFO|PATH)|SSL_CERT_(FILE|DIR)|(HTTPS?|ALL|NO)_PROXY)$/i;

/** Settings of every call; they win over every configuration file. */
const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.askPass=',
  'credential.interactive=never',
  'protocol.version=2',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'pack.threads=1',
  // A host that may be read may not lead to one that may not.
  'http.followRedirects=false',
  'http.lowSpeedLimit=1000',
  'http.lowSpeedTime=30',
  'core.logAllRefUpdates=false',
].flatMap((setting) => ['-c', setting]);

/**
 * The system's git, run so that it never asks, runs nothing of what it reads, uses only the protocols of the
 * repository, and ends: by itself, by the clock, or by the signal, with everything that it started.
 */
export class GitProgram {
  readonly #options: GitProgramOptions;
  readonly #slots = new Slots(PROCESSES);
  readonly #ailing = new Slots(AILING_PROCESSES);
  #isChecked = false;

  constructor(options: GitProgramOptions) {
    this.#options = options;
  }

  /**
   * Runs git.
   * @param args without options of git itself
   * @returns its standard output
   * @throws GIT_FAILED when it does not end well, GIT_TIMEOUT, GIT_MISSING, what `watch` answers, the signal's reason
   */
  async run(args: readonly string[], call: GitCall): Promise<string> {
    const slot = await (call.isAiling ? this.#ailing : this.#slots).take(call.signal);
    try {
      await this.#check(call);
      const { code, output, errors } = await this.#start([...SETTINGS, ...args], call);
      if (code === 0) return output;
      throw failure('GIT_FAILED', { repository: call.repository.url, reason: reasonOf(errors, code) });
    } finally {
      slot.release();
    }
  }

  async #check(call: GitCall): Promise<void> {
    if (this.#isChecked) return;
    const { output } = await this.#start(['--version'], call);
    const [, major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(output) ?? []).map(Number);
    if (major < 2 || (major === 2 && minor < 25)) {
      throw failure('GIT_MISSING', { reason: `this is ${output.trim() || 'no git'}` });
    }
    this.#isChecked = true;
  }

  async #start(args: readonly string[], call: GitCall): Promise<GitEnd> {
    const { program, clock } = this.#options;
    const timeoutMs = Math.min(call.timeoutMs ?? Infinity, this.#options.timeoutMs);
    const { url } = call.repository;
    const child = spawn(program, args, {
      env: this.#environment(call),
      stdio: ['ignore', 'pipe', 'pipe'],
      // A session of its own: what git starts ends with it, and ssh has no terminal to ask at.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const run = new GitRun(child, clock, url);
    const timeout = clock.after(timeoutMs, () => {
      run.end(failure('GIT_TIMEOUT', { repository: url, seconds: timeoutMs / 1000 }));
    });
    const abort = (): void => run.end(call.signal.reason as Error);
    call.signal.addEventListener('abort', abort, { once: true });
    if (call.signal.aborted) abort();
    if (call.watch !== undefined) run.watch(call.watch);
    try {
      return await run.ended;
    } finally {
      timeout.cancel();
      call.signal.removeEventListener('abort', abort);
    }
  }

  #environment({ repository, gitFolder, treeFolder }: GitCall): Record<string, string | undefined> {
    const passed = Object.fromEntries(
      Object.entries(this.#options.environment).filter(([name]) => PASSED_ON.test(name)),
    );
    return {
      ...passed,
      ...this.#login(repository, Number(passed['GIT_CONFIG_COUNT'] ?? 0)),
      GIT_TERMINAL_PROMPT: '0',
      GIT_ALLOW_PROTOCOL: repository.protocols,
      GIT_LFS_SKIP_SMUDGE: '1',
      GIT_DIR: gitFolder,
      ...(treeFolder !== undefined && { GIT_WORK_TREE: treeFolder }),
      LC_ALL: 'C',
    };
  }

  /** As a setting of the environment, which other users of the machine do not see, unlike arguments. */
  #login(repository: Repository, settings: number): Record<string, string> {
    const origin = originOf(repository);
    const login = origin === undefined ? undefined : this.#options.loginOf?.(repository.host ?? '');
    if (origin === undefined || login === undefined) return {};
    const basic = Buffer.from(`${login.user}:${login.password}`).toString('base64');
    return {
      GIT_CONFIG_COUNT: String(settings + 1),
      [`GIT_CONFIG_KEY_${settings}`]: `http.${origin}.extraHeader`,
      [`GIT_CONFIG_VALUE_${settings}`]: `Authorization: Basic ${basic}`,
    };
  }
}

/** Where credentials may be sent to over http(s): never plain but to this machine, see `parseRepository`. */
function originOf({ url }: Repository): string | undefined {
  const parsed = URL.parse(url);
  return parsed !== null && /^https?:$/.test(parsed.protocol) ? `${parsed.origin}/` : undefined;
}

interface GitEnd {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** One process of git, from its start to its end. */
class GitRun {
  readonly ended: Promise<GitEnd>;
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  #output = '';
  #errors = '';
  #fault: Error | undefined;
  #isOver = false;
  #timer: Timer | undefined;
  #linger: Timer | undefined;

  constructor(child: ChildProcess, clock: Clock, repository: string) {
    this.#child = child;
    this.#clock = clock;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      if (this.#output.length <= OUTPUT_CHARACTERS) return;
      this.end(failure('GIT_TOO_LARGE', { repository, reason: `it has more than ${OUTPUT_CHARACTERS} bytes of refs` }));
    });
    // Progress and warnings are of no use; the end says why it failed.
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-8_192);
    });
    this.ended = new Promise((resolve, reject) => {
      const finish = (code: number | null): void => {
        this.#stop();
        if (this.#fault) reject(this.#fault);
        else resolve({ code, output: this.#output, errors: this.#errors });
      };
      child.once('error', (cause) => {
        this.#stop();
        reject(failure('GIT_MISSING', { reason: `git does not start (${codeOf(cause)})` }, cause));
      });
      child.once('close', finish);
      child.once('exit', (code) => {
        this.#linger = clock.after(LINGER_MS, () => finish(code));
      });
    });
  }

  /** Ends git and all that it started; `ended` rejects with the fault once they are gone. */
  end(fault: Error): void {
    if (this.#isOver || this.#fault) return;
    this.#fault = fault;
    this.#kill('SIGTERM');
    this.#timer?.cancel();
    this.#timer = this.#clock.after(GRACE_MS, () => this.#kill('SIGKILL'));
  }

  /** Asks again and again whether git may go on. */
  watch(ask: () => Promise<CallboardError | undefined>): void {
    this.#timer = this.#clock.after(WATCH_MS, () => {
      const goOn = (fault: Error | undefined): void => {
        if (this.#isOver || this.#fault) return;
        if (fault) this.end(fault);
        else this.watch(ask);
      };
      void ask().then(goOn, goOn);
    });
  }

  #stop(): void {
    this.#isOver = true;
    this.#timer?.cancel();
    this.#linger?.cancel();
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  #kill(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      if (process.platform === 'win32') this.#child.kill(signal);
      else process.kill(-pid, signal);
    } catch (thrown) {
      // The group may have ended in this moment; macOS then says EPERM.
      if (codeOf(thrown) !== 'ESRCH' && codeOf(thrown) !== 'EPERM') throw thrown;
    }
  }
}

function codeOf(thrown: unknown): string {
  return (thrown as NodeJS.ErrnoException).code ?? 'unknown';
}

/** What git says about a failure, in one line without credentials. */
function reasonOf(errors: string, code: number | null): string {
  const lines = withoutCredentials(errors)
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(hint:|warning:|remote: (Enumerating|Counting|Compressing|Total))/.test(line));
  const telling = lines.filter((line) => /^(fatal|error|remote|ERROR|ssh|Host key|.*Permission denied)/.test(line));
  const text = (telling.length > 0 ? telling : lines).join('; ').replace(/\b(fatal|error): /g, '');
  return (text === '' ? `git ended with ${code ?? 'a signal'}` : text).slice(0, 400);
}
