import { watch, type FSWatcher } from 'chokidar';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../base/clock.ts';
import { errorMessage } from '../base/errors.ts';
import type { KubeconfigSetting } from '../config/fleet-config.ts';
import { readKubeconfig, type KubeconfigContext, type KubeconfigReading } from '../kube/kubeconfig.ts';
import type { KubeconfigProblem } from '../kube/kubeconfig-file.ts';
import type { ClusterEntry, ClusterProblem } from './cluster-entry.ts';
import { connectionWarnings, readFaceExtension, type EntryFace } from './cluster-entry-face.ts';
import { nameMatcher } from './cluster-entry-names.ts';
import { nothingTold, type ClusterFeed, type ClusterTelling } from './cluster-feed.ts';

/** After an event a file may still be written, ms. */
const SETTLE_MS = 100;
/** Files are looked at by their stamps this often, for changes that the system did not report, ms. */
const LOOK_MS = 30_000;
/** Extension of a cluster or a context that says what Callboard shows of it. */
const FACE_EXTENSION = 'callboard.dev/cluster';

/** What a kubeconfig source is opened with. */
export interface KubeconfigSourceOptions {
  readonly setting: KubeconfigSetting;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called each time that the files were read and said something else. */
  readonly onTold: () => void;
}

/**
 * The contexts of kubeconfig files as clusters, followed: files may be replaced, appear later, and go. While one of them cannot
 * be read, as in the middle of being written, what they said before stays.
 */
export class KubeconfigSource implements ClusterFeed {
  readonly #options: KubeconfigSourceOptions;
  readonly #watcher: FSWatcher;
  readonly #isWanted: (context: string) => boolean;
  #telling: ClusterTelling = nothingTold;
  #contexts: readonly KubeconfigContext[] = [];
  #stamp: string | undefined;
  #timer: Timer | undefined;
  #reading: Promise<void>;
  #isClosed = false;

  constructor(options: KubeconfigSourceOptions) {
    this.#options = options;
    const { paths, contexts } = options.setting;
    this.#isWanted = contexts === undefined ? () => true : nameMatcher(contexts);
    // Of the folders, since files are replaced; and Kubernetes moves the link `..data` that a mounted file goes through.
    const folders = [...new Set(paths.map((path) => dirname(path)))];
    const followed = new Set([...folders, ...paths, ...folders.map((folder) => join(folder, '..data'))]);
    this.#watcher = watch(folders, {
      depth: 0,
      ignoreInitial: true,
      followSymlinks: false,
      ignorePermissionErrors: true,
      ignored: (path) => !followed.has(path),
    });
    this.#watcher.on('all', () => this.#lookIn(SETTLE_MS));
    this.#watcher.on('error', (error) =>
      options.log.warn(
        { reason: errorMessage(error), paths },
        'kubeconfig files cannot be watched; they are looked at',
      ),
    );
    this.#reading = this.#look();
  }

  get telling(): ClusterTelling {
    return this.#telling;
  }

  /** Resolves when the files were read for the first time. */
  async read(): Promise<void> {
    await this.#reading;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#watcher.close();
    await this.#reading;
  }

  #lookIn(delayMs: number): void {
    if (this.#isClosed) return;
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(delayMs, () => {
      this.#reading = this.#reading.then(() => this.#look());
    });
  }

  async #look(): Promise<void> {
    const { paths } = this.#options.setting;
    try {
      const stamp = (await Promise.all(paths.map(stampOf))).join('\n');
      if (stamp !== this.#stamp) this.#take(await readKubeconfig(paths));
      this.#stamp = stamp;
    } catch (error) {
      // A mistake of this program must not end the following of the files.
      this.#options.log.error(
        { reason: errorMessage(error), paths },
        'kubeconfig files cannot be taken up; again soon',
      );
    }
    this.#lookIn(LOOK_MS);
  }

  #take({ contexts, problems, isWhole }: KubeconfigReading): void {
    if (this.#isClosed) return;
    const problem = problems.map((found) => this.#problem(found, isWhole)).filter((found) => found !== undefined);
    // A file that is being written, or was broken, takes no cluster away; at the start the files that can be read are what there is.
    if (isWhole || this.#contexts.length === 0) this.#contexts = contexts.filter(({ name }) => this.#isWanted(name));
    const read = this.#contexts.map(entryOf);
    const said = this.#options.setting.isDemo === true ? { isActing: true, isOpenToGuests: true } : {};
    this.#telling = {
      entries: read.map(({ entry }) => ({ ...entry, ...said })),
      problems: [...problem, ...read.flatMap((found) => found.problem ?? [])],
    };
    this.#options.onTold();
  }

  /** Undefined for what concerns only contexts that are not wanted. */
  #problem({ file, line, field, message, contexts }: KubeconfigProblem, isWhole: boolean): ClusterProblem | undefined {
    const hurt = contexts?.filter(this.#isWanted);
    if (hurt?.length === 0) return undefined;
    const place = field === undefined || field === '' ? '' : `${field} `;
    const left = hurt === undefined ? '' : `; left out: ${hurt.slice(0, 10).join(', ')}`;
    const kept = isWhole ? '' : '; what was said before stays';
    return {
      origin: `kubeconfig ${file}${line === undefined ? '' : `:${line}`}`,
      message: `${place}${message}${left}${kept}`,
    };
  }
}

async function stampOf(path: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

function entryOf({ name, file, connection, extensions }: KubeconfigContext): {
  readonly entry: ClusterEntry;
  readonly problem?: ClusterProblem;
} {
  const origin = `kubeconfig ${file}, context ${name}`;
  const extension = extensions[FACE_EXTENSION];
  const read = extension === undefined ? {} : readFaceExtension(extension);
  const face: EntryFace = typeof read === 'string' ? {} : read;
  const entry: ClusterEntry = {
    name,
    origin,
    connection,
    title: face.title,
    labels: face.labels ?? {},
    isProtected: face.isProtected ?? false,
    dashboardUrl: face.dashboardUrl,
    warnings: connectionWarnings(connection),
  };
  if (typeof read !== 'string') return { entry };
  return { entry, problem: { origin, message: `its extension ${FACE_EXTENSION} ${read}; it is left out` } };
}
