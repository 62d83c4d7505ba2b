import { list, text, tree, type Tree } from '../reduce/json-read.ts';

const MIB = 2 ** 20;
/** What V8 takes beside its old space: the young generation, code and stacks, bytes. */
const V8_OVERHEAD = 64 * MIB;

/** A setting by which a runtime is told how much memory it may take. */
export interface RuntimeMemory {
  readonly runtime: 'JVM' | 'Go' | 'Node.js' | 'Envoy';
  /** As it was written. */
  readonly setting: string;
  /** Where: the variable, or `args`. */
  readonly place: string;
  /** What it comes to in the end with what the runtime needs beside it, bytes. */
  readonly bytes: number;
  /** True where it must stay below the limit, since more comes to it that nobody can set. */
  readonly isHeapOnly: boolean;
}

const javaUnits: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: MIB, g: 2 ** 30, t: 2 ** 40 };
const goUnits: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: MIB, GiB: 2 ** 30, TiB: 2 ** 40 };

/** Where a JVM looks for options, what goes before the others first. */
const javaPlaces = ['_JAVA_OPTIONS', 'args', 'JAVA_OPTS', 'JDK_JAVA_OPTIONS', 'JAVA_TOOL_OPTIONS'] as const;

/**
 * The memory settings of the runtimes of a container: of a JVM, of Go, of Node.js and of Envoy's overload manager.
 * @param limit the container's limit, bytes, of which some settings are a share
 */
export function runtimeMemory(container: Tree, limit: number): readonly RuntimeMemory[] {
  const variables = new Map(
    list(container['env']).map((item) => {
      const { name, value } = tree(item);
      return [text(name) ?? '', text(value) ?? ''] as const;
    }),
  );
  const args = [...list(container['command']), ...list(container['args'])].map((word) => text(word) ?? '').join(' ');
  const found = [
    javaMemory(variables, args, limit),
    goMemory(variables),
    nodeMemory(variables, args),
    envoyMemory(args),
  ];
  return found.filter((setting) => setting !== undefined);
}

function javaMemory(variables: ReadonlyMap<string, string>, args: string, limit: number): RuntimeMemory | undefined {
  const textAt = (place: string): string => (place === 'args' ? args : (variables.get(place) ?? ''));
  for (const form of [heapSize, ramPercentage]) {
    for (const place of javaPlaces) {
      const setting = form(textAt(place), limit);
      if (setting !== undefined) return { runtime: 'JVM', place, isHeapOnly: true, ...setting };
    }
  }
  return undefined;
}

type Setting = Pick<RuntimeMemory, 'setting' | 'bytes'>;

/** The last of several counts. */
function heapSize(options: string): Setting | undefined {
  const found = [...options.matchAll(/(?:^|[\s"'])-(?:Xmx|XX:MaxHeapSize=)(\d{1,15})([kmgt]?)\b/gi)].at(-1);
  if (found === undefined) return undefined;
  const bytes = Number(found[1]) * (javaUnits[(found[2] ?? '').toLowerCase()] ?? 1);
  return { setting: found[0].trim().replace(/^["']/, ''), bytes };
}

function ramPercentage(options: string, limit: number): Setting | undefined {
  const found = [...options.matchAll(/-XX:MaxRAMPercentage=(\d{1,3}(?:\.\d{1,6})?)/g)].at(-1);
  return found === undefined ? undefined : { setting: found[0], bytes: (Number(found[1]) / 100) * limit };
}

/** A soft limit over all that Go takes: it may be as large as the container's. */
function goMemory(variables: ReadonlyMap<string, string>): RuntimeMemory | undefined {
  const value = variables.get('GOMEMLIMIT');
  const found = /^(\d{1,18})([KMGT]i)?B?$/.exec(value ?? '');
  if (value === undefined || found === null) return undefined;
  const bytes = Number(found[1]) * (goUnits[`${found[2] ?? ''}B`] ?? 1);
  return { runtime: 'Go', setting: `GOMEMLIMIT=${value}`, place: 'GOMEMLIMIT', bytes, isHeapOnly: false };
}

function nodeMemory(variables: ReadonlyMap<string, string>, args: string): RuntimeMemory | undefined {
  for (const [place, options] of [
    ['args', args],
    ['NODE_OPTIONS', variables.get('NODE_OPTIONS') ?? ''],
  ] as const) {
    const found = [...options.matchAll(/--max[-_]old[-_]space[-_]size[= ](\d{1,9})\b/g)].at(-1);
    if (found === undefined) continue;
    const bytes = Number(found[1]) * MIB + V8_OVERHEAD;
    return { runtime: 'Node.js', setting: found[0], place, bytes, isHeapOnly: false };
  }
  return undefined;
}

/** The fixed heap of Envoy's overload manager, in a configuration that stands in its arguments. */
function envoyMemory(args: string): RuntimeMemory | undefined {
  const found = /max_?heap_?size_?bytes["']?\s*:\s*["']?(\d{1,18})\b/i.exec(args);
  if (found === null) return undefined;
  const bytes = Number(found[1]);
  return { runtime: 'Envoy', setting: `max_heap_size_bytes: ${bytes}`, place: 'args', bytes, isHeapOnly: true };
}

/** Whether a setting lets a runtime take more than its container may have. */
export function isAboveLimit({ bytes, isHeapOnly }: RuntimeMemory, limit: number): boolean {
  return isHeapOnly ? bytes >= limit : bytes > limit;
}

/** A size as people write it: `512 MiB`, `1.5 GiB`. @param bytes at least 0 */
export function sizeText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
  const at = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 2 ** (10 * at);
  return `${value >= 100 || Number.isInteger(value) ? Math.round(value) : Number(value.toFixed(1))} ${units[at]}`;
}
