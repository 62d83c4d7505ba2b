import { expect, test } from 'vitest';
import { templateFacts } from '../findings/template-facts.ts';
import { templateCell } from './pod-template.ts';

const cellOf = (container: object): string =>
  String(templateCell({ spec: { containers: [{ name: 'app', ...container }] } }));

test('what runtimes are told is kept, but for secrets among it', () => {
  const value = '-Xmx2g -Djavax.net.ssl.keyStorePassword=hunter2 -Dmode=fast';
  const cell = cellOf({ env: [{ name: 'JAVA_TOOL_OPTIONS', value }] });
  expect(cell).not.toContain('hunter2');
  expect(cell).toContain('-Xmx2g -Djavax.net.ssl.keyStorePassword=(hidden) -Dmode=fast');
});

test.each([
  ['that follows its flag', (config: string) => ({ args: ['-l', 'info', '--config-yaml', config, '--mode', 'serve'] })],
  ['that stands behind it', (config: string) => ({ command: ['envoy', `--config-yaml=${config}`] })],
])('a whole configuration %s may hold keys: its memory setting is kept, and that it changed', (_case, containerOf) => {
  const config = (key: string): string =>
    `static_resources:\n  secrets: [{inline_string: ${key}}]\noverload_manager: {max_heap_size_bytes: 2147483648}`;
  const cell = cellOf({ ...containerOf(config('hunter2')), resources: { limits: { memory: '1Gi' } } });
  expect(cell).not.toContain('hunter2');
  expect(cell).not.toContain('static_resources');
  expect(templateFacts(cell).containers[0]?.aboveLimit).toMatchObject([{ runtime: 'Envoy', bytes: 2_147_483_648 }]);
  expect(cellOf(containerOf(config('other')))).not.toBe(cellOf(containerOf(config('hunter2'))));
  expect(cellOf(containerOf(config('other')))).toBe(cellOf(containerOf(config('other'))));
});
