import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallboardError } from '../base/errors.ts';
import { failure } from './errors.ts';
import { measureFolder, type FolderSize } from './folder-size.ts';
import type { GitCall, GitProgram } from './git-program.ts';
import { isCommitName, type Repository } from './repository-url.ts';

/** The tip that was fetched last. HEAD is the commit that is checked out. */
const TIP = 'refs/callboard/tip';
/** A fetch brings a pack; with so many of them beginning anew is cheaper than keeping them. */
const MOST_PACKS = 100;
/** A question for one ref is short; a host that does not answer in this time is away. */
const LOOK_MS = 30_000;

/**
 * Files come as they are committed: no filters (programs), no conversions, whatever the repository's own attributes say.
 */
const ATTRIBUTES = '* -text !eol -ident -filter !working-tree-encoding\n';
/** Attributes are read for every file that is checked out; wanted along, they come in one go and not each by itself. */
const ALWAYS = '.gitattributes';

/** What a checkout works with. */
export interface CheckoutOptions {
  readonly program: GitProgram;
  readonly repository: Repository;
  /** Branch, tag or commit; absent: what the repository's HEAD names. */
  readonly ref: string | undefined;
  /** Folder of its own; `git` (git's files) and `tree` (the repository's) are made in it. */
  readonly folder: string;
  readonly limits: FolderSize;
}

/** What a call needs from the caller. */
export type CallState = Pick<GitCall, 'signal' | 'isAiling'>;

/** The name and value of a ref, as the repository tells it. */
export interface RemoteTip {
  readonly name: string;
  readonly value: string;
}

/**
 * One working copy on disk: the newest commit of a ref, without history, and of its files only those that are wanted.
 * Holds no state but its folder; one call at a time.
 */
export class GitCheckout {
  readonly tree: string;
  readonly #options: CheckoutOptions;
  readonly #git: string;
  readonly #patterns: string;

  constructor(options: CheckoutOptions) {
    this.#options = options;
    this.#git = join(options.folder, 'git');
    this.#patterns = join(this.#git, 'info', 'sparse-checkout');
    this.tree = join(options.folder, 'tree');
  }

  /**
   * Asks the repository where the ref stands: the one question that an unchanged repository costs.
   * @throws GIT_REF_MISSING where it has no such ref, or nothing at all
   */
  async look(state: CallState): Promise<RemoteTip> {
    const { ref, repository, program, folder } = this.#options;
    if (ref !== undefined && isCommitName(ref)) return { name: ref, value: ref };
    const names =
      ref === undefined ? ['HEAD'] : ref.startsWith('refs/') ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
    // Without a repository around it, so that a broken mirror is not taken for a broken remote.
    const call = { repository, gitFolder: join(folder, 'none'), timeoutMs: LOOK_MS, ...state };
    const output = await program.run(['ls-remote', '--', repository.url, ...names], call);
    const found = output.split('\n').map((line) => line.split('\t'));
    for (const name of names) {
      const value = found.find((columns) => columns[1] === name)?.[0];
      if (value !== undefined) return { name, value };
    }
    throw failure('GIT_REF_MISSING', { repository: repository.url, ref: ref ?? 'HEAD: it may be empty' });
  }

  /**
   * Makes the folder hold what a tip has of the wanted files.
   * @param patterns lines of a sparse checkout (the syntax of .gitignore)
   * @returns the commit
   * @throws GIT_FAILED, also where the folder is broken; GIT_TOO_LARGE
   */
  async bring(tip: RemoteTip, patterns: readonly string[], state: CallState): Promise<{ tip: string; commit: string }> {
    if (!(await this.#isMade())) await this.#make(tip, state);
    if ((await this.#fetched(state)) !== tip.value) await this.#fetch(tip, state);
    await this.#want(patterns);
    await this.#run(['checkout', '--quiet', '--force', '--detach', TIP], state);
    await this.#checkSize();
    const commit = (await this.#run(['rev-parse', '--verify', 'HEAD'], state)).trim();
    return { tip: await this.#fetched(state), commit };
  }

  /** Adds wanted files to what is checked out. */
  async add(patterns: readonly string[], state: CallState): Promise<void> {
    await this.#want(patterns);
    await this.#run(['read-tree', '-m', '-u', 'HEAD'], state);
    await this.#checkSize();
  }

  /** Deletes everything. */
  async remove(): Promise<void> {
    await rm(this.#options.folder, { recursive: true, force: true });
  }

  /** False where there is nothing yet, where a run was cut off, and where too many packs came together. */
  async #isMade(): Promise<boolean> {
    const names = await readdir(this.#git).catch(orNothing);
    const isCutOff = names.some((name) => name.endsWith('.lock'));
    if (names.includes('config') && !isCutOff) {
      const packs = await readdir(join(this.#git, 'objects', 'pack')).catch(orNothing);
      for (const name of packs) {
        if (name.startsWith('tmp_')) await rm(join(this.#git, 'objects', 'pack', name), { force: true });
      }
      if (packs.filter((name) => name.endsWith('.pack')).length <= MOST_PACKS) return true;
    }
    return false;
  }

  async #make(tip: RemoteTip, state: CallState): Promise<void> {
    // Files that no index knows would stay for ever.
    await this.remove();
    await mkdir(this.tree, { recursive: true });
    const format = tip.value.length === 64 ? ['--object-format=sha256'] : [];
    await this.#run(['init', '--quiet', '--template=', ...format], state);
    await mkdir(join(this.#git, 'info'), { recursive: true });
    await writeFile(join(this.#git, 'info', 'attributes'), ATTRIBUTES);
    const url = JSON.stringify(this.#options.repository.url);
    const remote = `[remote "origin"]\n\turl = ${url}\n\tpromisor = true\n\tpartialclonefilter = blob:none\n`;
    await appendFile(
      join(this.#git, 'config'),
      `[core]\n\tsparseCheckout = true\n\tsparseCheckoutCone = false\n${remote}`,
    );
  }

  async #fetched(state: CallState): Promise<string> {
    return (await this.#run(['for-each-ref', '--format=%(objectname)', TIP], state)).trim();
  }

  /** Only commits and folders come; contents follow with the checkout. A server that cannot do that sends everything. */
  async #fetch({ name }: RemoteTip, state: CallState): Promise<void> {
    const how = ['--quiet', '--depth=1', '--filter=blob:none', '--no-tags', '--no-recurse-submodules', '--force'];
    await this.#run(['fetch', ...how, '--', 'origin', `+${name}:${TIP}`], state);
  }

  /** Patterns are only ever added: what was wanted before a restart is so after it, without anything being read again. */
  async #want(patterns: readonly string[]): Promise<void> {
    const before = await readFile(this.#patterns, 'utf8').catch(orNothing);
    const known = typeof before === 'string' ? before.split('\n').filter((line) => line !== '') : [];
    const wanted = new Set([ALWAYS, ...known, ...patterns]);
    if (wanted.size === known.length) return;
    await writeFile(this.#patterns, `${[...wanted].join('\n')}\n`);
  }

  async #checkSize(): Promise<void> {
    const fault = await this.#sizeFault();
    if (fault) throw fault;
  }

  async #sizeFault(): Promise<CallboardError | undefined> {
    const { folder, limits, repository } = this.#options;
    const { bytes, files } = await measureFolder(folder, limits);
    if (bytes <= limits.bytes && files <= limits.files) return undefined;
    const reason = `more than ${limits.files} files or ${Math.round(limits.bytes / 1024 / 1024)} MiB would be kept`;
    return failure('GIT_TOO_LARGE', { repository: repository.url, reason });
  }

  #run(args: readonly string[], state: CallState): Promise<string> {
    const { program, repository } = this.#options;
    const watch = (): Promise<CallboardError | undefined> => this.#sizeFault();
    return program.run(args, { repository, gitFolder: this.#git, treeFolder: this.tree, watch, ...state });
  }
}

function orNothing(thrown: unknown): readonly string[] {
  if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
  return [];
}
