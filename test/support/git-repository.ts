import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The environment of git in tests: no configuration of the machine, a fixed author. */
export const gitEnvironment: Readonly<Record<string, string | undefined>> = {
  PATH: process.env['PATH'],
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

/** A repository that a test writes to: a working folder, and a bare one that others read. */
export class TestRepository {
  /** Absolute path of the bare repository. */
  readonly bare: string;
  readonly #work: string;

  private constructor(bare: string, work: string) {
    this.bare = bare;
    this.#work = work;
  }

  /** @param isPartial whether the bare repository gives out parts, as the forges do */
  static async create(folder: string, name: string, isPartial = true, format = 'sha1'): Promise<TestRepository> {
    const repository = new TestRepository(join(folder, `${name}.git`), join(folder, `${name}-work`));
    await mkdir(repository.#work, { recursive: true });
    await git(folder, 'init', '-q', '--bare', '-b', 'main', `--object-format=${format}`, repository.bare);
    await git(repository.bare, 'config', 'uploadpack.allowFilter', String(isPartial));
    await git(repository.bare, 'config', 'receive.denyDeleteCurrent', 'ignore');
    await repository.git('init', '-q', '-b', 'main', `--object-format=${format}`);
    return repository;
  }

  /** Runs git in the working folder; returns its output. */
  git(...args: readonly string[]): Promise<string> {
    return git(this.#work, ...args);
  }

  path(name: string): string {
    return join(this.#work, name);
  }

  async write(files: Readonly<Record<string, string | undefined>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(this.path(name)), { recursive: true });
      if (text === undefined) await rm(this.path(name));
      else await writeFile(this.path(name), text);
    }
  }

  /** Writes files (`undefined` deletes), commits everything and pushes. @returns the commit */
  async commit(files: Readonly<Record<string, string | undefined>>, branch = 'main'): Promise<string> {
    await this.write(files);
    await this.git('add', '--all');
    await this.git('commit', '-q', '--allow-empty', '-m', 'change');
    await this.push(`HEAD:refs/heads/${branch}`);
    return (await this.git('rev-parse', 'HEAD')).trim();
  }

  async push(...refs: readonly string[]): Promise<void> {
    await this.git('push', '-q', '--force', this.bare, ...refs);
  }
}

async function git(folder: string, ...args: readonly string[]): Promise<string> {
  const author = ['-c', 'user.name=Prompter', '-c', 'user.email=prompter@theatre.example'];
  const { stdout } = await run('git', [...author, ...args], { cwd: folder, env: { ...gitEnvironment } });
  return stdout;
}
