import { describe, expect, test } from 'vitest';
import type { ManifestDiff } from '../../api/acting.ts';
import type { JobContext } from './acting.ts';
import { diffManifests } from './diff-job.ts';

const as = { user: 'anna', groups: [], extra: {} };
const place = { group: '', versions: ['v1'], plural: 'services', namespace: 'shop', name: 'a' };

/** The differing lines of two objects, of the clusters `one` and `other`. */
async function changed(objects: { readonly one: object; readonly other: object }): Promise<readonly string[]> {
  const context: JobContext = {
    call: (cluster) => {
      const body = new Uint8Array(Buffer.from(JSON.stringify(objects[cluster as 'one' | 'other'])));
      return Promise.resolve({ status: 200, headers: {}, body });
    },
    stream: () => Promise.reject(new Error('Nothing is streamed')),
    signal: new AbortController().signal,
    now: () => 0,
  };
  const args = { kind: 'Service', place, left: { cluster: 'one', as }, right: { cluster: 'other', as } };
  const { same, hunks } = JSON.parse(Buffer.from(await diffManifests(context, args)).toString()) as ManifestDiff;
  const lines = hunks.flatMap((hunk) => hunk.lines).filter(({ op }) => op !== ' ');
  expect(same).toBe(lines.length === 0);
  return lines.map(({ op, text }) => `${op}${text}`);
}

describe('two objects', () => {
  test('are the same where they differ by nature and by the order of keys', async () => {
    const object = (at: number): object => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'a',
        uid: `u${at}`,
        resourceVersion: `${at}`,
        creationTimestamp: `2026-01-0${at}T00:00:00Z`,
        generation: at,
        managedFields: [{ at }],
        annotations: { 'deployment.kubernetes.io/revision': `${at}` },
      },
      spec: { clusterIP: `10.0.0.${at}`, clusterIPs: [`10.0.0.${at}`], type: 'ClusterIP', ports: [{ port: 80 }] },
      status: { at },
    });
    const turned = Object.fromEntries(Object.entries(object(2)).toReversed());
    expect(await changed({ one: object(1), other: turned })).toEqual([]);
  });

  test('differ by what somebody wrote', async () => {
    const object = (type: string, team?: string): object => ({
      kind: 'Service',
      metadata: { name: 'a', ...(team !== undefined && { annotations: { team } }) },
      spec: { type },
    });
    expect(await changed({ one: object('ClusterIP'), other: object('NodePort', 'lights') })).toEqual([
      '+  annotations:',
      '+    team: lights',
      '-  type: ClusterIP',
      '+  type: NodePort',
    ]);
  });

  test('that are Secrets tell which keys are others, and never what is in them', async () => {
    const secret = (data: Readonly<Record<string, string>>): object => ({
      kind: 'Secret',
      metadata: { name: 'a' },
      data,
    });
    const told = await changed({
      one: secret({ same: 'c2FtZQ==', other: 'b25l', gone: 'Z29uZQ==' }),
      other: secret({ same: 'c2FtZQ==', other: 'dHdv', come: 'Y29tZQ==' }),
    });
    expect(told.toSorted()).toEqual([
      '+  come: (hidden)',
      '+  other: (hidden), another one',
      '-  gone: (hidden)',
      '-  other: (hidden)',
    ]);
  });
});
