import { expect, test } from 'vitest';
import { isAboveLimit, runtimeMemory, sizeText } from './runtime-memory.ts';

const MIB = 2 ** 20;
const LIMIT = 1024 * MIB;

const env = (name: string, value: string): object => ({ env: [{ name, value }] });
const args = (...words: readonly string[]): object => ({ args: words });
const above = (container: object): readonly string[] =>
  runtimeMemory(container as Readonly<Record<string, unknown>>, LIMIT)
    .filter((setting) => isAboveLimit(setting, LIMIT))
    .map(({ runtime, place }) => `${runtime} ${place}`);

test.each<[string, object, string]>([
  ['a heap of a JVM', env('JAVA_TOOL_OPTIONS', '-XX:+UseG1GC -Xmx2g'), 'JVM JAVA_TOOL_OPTIONS'],
  ['a heap as large as the limit: more comes to it', env('JAVA_OPTS', '-Xmx1024m'), 'JVM JAVA_OPTS'],
  ['a heap in bytes', env('JDK_JAVA_OPTIONS', '-Xmx2147483648'), 'JVM JDK_JAVA_OPTIONS'],
  ['a heap by its long name', args('-XX:MaxHeapSize=2G', '-jar', 'app.jar'), 'JVM args'],
  ['a heap in a command line', { command: ['sh', '-c', 'exec java -Xmx2g -jar app.jar'] }, 'JVM args'],
  ['all memory for the heap', env('JAVA_TOOL_OPTIONS', '-XX:MaxRAMPercentage=100.0'), 'JVM JAVA_TOOL_OPTIONS'],
  ['a limit of Go', env('GOMEMLIMIT', '1536MiB'), 'Go GOMEMLIMIT'],
  ['a limit of Go in bytes', env('GOMEMLIMIT', '2147483648'), 'Go GOMEMLIMIT'],
  ['an old space of V8', env('NODE_OPTIONS', '--max-old-space-size=2048'), 'Node.js NODE_OPTIONS'],
  ['an old space as large as the limit', env('NODE_OPTIONS', '--max_old_space_size=1024'), 'Node.js NODE_OPTIONS'],
  ['an old space in arguments', args('node', '--max-old-space-size', '2048', 'main.js'), 'Node.js args'],
  ['a heap of Envoy', args('--config-yaml', 'overload_manager: {max_heap_size_bytes: 2147483648}'), 'Envoy args'],
  ['a heap of Envoy in JSON', args('--config-yaml={"maxHeapSizeBytes":"2147483648"}'), 'Envoy args'],
])('%s is above the limit', (_case, container, expected) => {
  expect(above(container)).toEqual([expected]);
});

test.each<[string, object]>([
  ['a heap with room beside it', env('JAVA_TOOL_OPTIONS', '-Xmx768m')],
  ['three quarters of memory', env('JAVA_TOOL_OPTIONS', '-XX:MaxRAMPercentage=75.0')],
  ['a heap that goes before a share', env('JAVA_TOOL_OPTIONS', '-XX:MaxRAMPercentage=100 -Xmx512m')],
  ['the last heap of two', env('JAVA_TOOL_OPTIONS', '-Xmx2g -Xmx512m')],
  [
    'a heap of the command line, which goes before a variable',
    { ...env('JAVA_TOOL_OPTIONS', '-Xmx2g'), ...args('-Xmx512m') },
  ],
  ['the stack of a thread', env('JAVA_TOOL_OPTIONS', '-Xss2g')],
  ['a limit of Go that is the limit: it counts all', env('GOMEMLIMIT', '1GiB')],
  ['no limit of Go', env('GOMEMLIMIT', 'off')],
  ['an old space with room beside it', env('NODE_OPTIONS', '--max-old-space-size=900')],
  ['a heap of Envoy below it', args('--config-yaml', 'max_heap_size_bytes: 536870912')],
  ['a variable from elsewhere', { env: [{ name: 'GOMEMLIMIT', valueFrom: { resourceFieldRef: {} } }] }],
  ['a reference', args('-Xmx$(HEAP)')],
  ['nothing', {}],
])('%s is not', (_case, container) => {
  expect(above(container)).toEqual([]);
});

test.each([
  [512 * MIB, '512 MiB'],
  [1.5 * 2 ** 30, '1.5 GiB'],
  [1000, '1000 B'],
  [0, '0 B'],
])('%i bytes are %s', (bytes, expected) => {
  expect(sizeText(bytes)).toBe(expected);
});
