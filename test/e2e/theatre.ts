import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { TestServer } from '../support/server.ts';

/** A small catalog as files in a temporary folder, for a test to edit. */
export interface Theatre {
  readonly folder: string;
  /** Writes one descriptor file. */
  write(file: string, text: string): Promise<void>;
  remove(file: string): Promise<void>;
  close(): Promise<void>;
}

/** The text of a component's descriptor. */
export function componentText(name: string, description: string, spec: Readonly<Record<string, string>> = {}): string {
  const fields = { type: 'service', lifecycle: 'production', owner: 'stage', system: 'tickets', ...spec };
  return [
    'apiVersion: backstage.io/v1alpha1',
    'kind: Component',
    'metadata:',
    `  name: ${name}`,
    `  description: ${description}`,
    '  tags: [counter]',
    'spec:',
    ...Object.entries(fields).map(([key, value]) => `  ${key}: ${value}`),
    '',
  ].join('\n');
}

const others = `apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: stage, description: Everyone behind the curtain }
spec: { type: team, children: [] }
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: { name: tickets }
spec: { owner: stage }
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: { name: seats, title: Seats }
spec: { type: openapi, lifecycle: experimental, owner: stage, system: tickets, definition: "openapi: 3.0.0" }
`;

const broken = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: "no such name" }
spec: { type: service, lifecycle: production, owner: stage }
`;

/** Number of plain components, `part-01` to `part-60`. */
export const PARTS = 60;

/** A catalog with a group, a system, an API, a desk, sixty parts, a file with an error and a dangling owner. */
export async function openTheatre(): Promise<Theatre> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-theatre-'));
  const write = (file: string, text: string): Promise<void> => writeFile(join(folder, file), text);
  await write('others.yaml', others);
  await write('broken.yaml', broken);
  await write('desk.yaml', componentText('desk', 'Sells seats at the counter'));
  await write(
    'lost.yaml',
    componentText('lost', 'Owned by nobody that is known', { owner: 'nobody', type: 'website' }),
  );
  const parts = Array.from({ length: PARTS }, (_, at) => {
    const name = `part-${String(at + 1).padStart(2, '0')}`;
    return componentText(name, `Part ${at + 1} of the machinery`, { type: 'library', lifecycle: 'deprecated' });
  });
  await write('parts.yaml', parts.join('---\n'));
  return {
    folder,
    write,
    remove: (file) => rm(join(folder, file)),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Waits until the server shows so many entities, beside those that stand for the configured locations. */
export async function waitForEntities(server: TestServer, count: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const where = encodeURIComponent('!metadata.name.startsWith("generated-")');
      const response = await server.get(`/api/v1/entities?limit=0&where=${where}`);
      const { total } = (await response.json()) as { total: number };
      if (total !== count) throw new Error(`${total} entities instead of ${count}`);
    },
    { timeout: 20_000, interval: 50 },
  );
}
