import { describe, expect, test } from 'vitest';
import { encodeMessage } from '../../../demo/fleet/message-parts.ts';
import { enveloped } from '../../../demo/fleet/messages.ts';
import { recordedAnswer } from '../../../test/support/recorded-answers.ts';
import { readRefusal } from '../../kube/api-status.ts';
import { ListBody, type ListReader } from '../../kube/list-body.ts';
import { readEnveloped } from '../../kube/protobuf-envelope.ts';
import { ProtobufList } from '../../kube/protobuf-list.ts';
import type { MessageForm } from '../../kube/protobuf-shape.ts';
import type { KubeObject } from '../../kube/reflection.ts';
import type { KubeStream } from '../../kube/transport.ts';
import { readWatch, type WatchedBatch } from '../../kube/watch-changes.ts';
import { watchFormat } from '../../kube/watch-format.ts';
import { liveKinds } from '../../live/kind-table.ts';
import type { LiveKind } from '../../live/live-kind.ts';
import { protobufForms } from './protobuf-forms.ts';
import { reduceObject } from './reduce.ts';

const bodyOf = (name: string): Buffer => recordedAnswer(name).body;

function kindOf(id: string): LiveKind {
  const kind = liveKinds.find((each) => each.id === id);
  if (kind === undefined) throw new Error(`No kind ${id}`);
  return kind;
}

function formOf(id: string): MessageForm {
  const form = protobufForms[id];
  if (form === undefined) throw new Error(`${id} is not read as protocol buffers`);
  return form;
}

/** Reads a list that comes in chunks of a size. */
function listOf(body: ListReader, bytes: Buffer, size: number): ReturnType<ListReader['end']> {
  const items: KubeObject[] = [];
  for (let at = 0; at < bytes.length; at += size) items.push(...body.take(bytes.subarray(at, at + size)));
  const { items: rest, ...head } = body.end();
  return { ...head, items: [...items, ...rest] };
}

async function changesOf(name: string, protobuf: MessageForm, size = 100_000): Promise<readonly WatchedBatch[]> {
  const bytes = bodyOf(name);
  async function* chunks(): AsyncGenerator<Buffer, void> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const stream = { headers: { 'content-type': recordedAnswer(name).contentType } } as unknown as KubeStream;
  const batches: WatchedBatch[] = [];
  for await (const batch of readWatch(chunks(), watchFormat({ protobuf }, stream))) batches.push(batch);
  return batches;
}

describe.each([
  { id: 'Pod', plural: 'pods', count: 3 },
  { id: 'ReplicaSet', plural: 'replicasets', count: 2 },
  { id: 'Event', plural: 'events', count: 2 },
])('$plural of a real API server', ({ id, plural, count }) => {
  test.each([1, 7, 100_000])('become the same records as of JSON, in chunks of %i bytes', (size) => {
    const kind = kindOf(id);
    const text = listOf(new ListBody(), bodyOf(`${plural} as JSON`), size);
    const message = listOf(new ProtobufList(formOf(id)), bodyOf(`${plural} as protobuf`), size);
    expect(message.items).toHaveLength(count);
    expect(message.items.map((item) => reduceObject(kind, item))).toEqual(
      text.items.map((item) => reduceObject(kind, item)),
    );
    expect(message.resourceVersion).toBe(text.resourceVersion);
  });
});

test('a page of a list says where the next begins, and an empty list is one', () => {
  const page = listOf(new ProtobufList(formOf('Pod')), bodyOf('first page of pods as protobuf'), 1000);
  expect(page.items.map(({ metadata }) => metadata.name)).toEqual(['checkout-crash', 'checkout-ready']);
  expect(page.next).toMatch(/^[\w-]+$/);
  expect(listOf(new ProtobufList(formOf('Pod')), bodyOf('no pods as protobuf'), 1000)).toMatchObject({
    items: [],
    next: undefined,
  });
});

test.each([1, 100, 100_000])('a watch of it tells the same as in JSON, in chunks of %i bytes', async (size) => {
  const kind = kindOf('Pod');
  const seen = async (name: string): Promise<unknown> => {
    const batches = await changesOf(name, formOf('Pod'), size);
    const changes = batches.flatMap((batch) => batch.changes);
    return {
      changes: changes.map(({ type, object }) => [type, reduceObject(kind, object)]),
      end: batches.at(-1)?.resourceVersion,
    };
  };
  const message = await seen('watch of pods as protobuf');
  expect(message).toEqual(await seen('watch of pods as JSON'));
  expect(message).toMatchObject({ changes: { length: 5 } });
});

test('its refusals are read', () => {
  const refusal = (name: string): unknown => readRefusal(recordedAnswer(name).status, bodyOf(name));
  expect(refusal('forbidden')).toMatchObject({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });
  expect(refusal('not found')).toMatchObject({ code: 404, reason: 'NotFound', message: 'pods "none" not found' });
  expect(refusal('too large version')).toMatchObject({
    code: 504,
    causes: ['ResourceVersionTooLarge'],
    retryAfterMs: 1000,
  });
  expect(refusal('expired continue')).toMatchObject({ code: 400, reason: 'BadRequest' });
});

test('bytes that were cut off or changed are a violation of the protocol, or another list; never anything else', () => {
  const bytes = bodyOf('pods as protobuf');
  const read = (changed: Buffer): unknown => {
    try {
      return listOf(new ProtobufList(formOf('Pod')), changed, 1000).items.length;
    } catch (thrown) {
      return (thrown as Error).constructor.name;
    }
  };
  for (let end = 0; end < bytes.length - 4; end += 1) expect(read(bytes.subarray(0, end))).toBe('ProtocolViolation');
  for (let at = 0; at < bytes.length; at += 1) {
    for (const value of [0, 255, (bytes[at] ?? 0) ^ 1]) {
      const changed = Buffer.from(bytes);
      changed[at] = value;
      expect([0, 1, 2, 3, 'ProtocolViolation']).toContain(read(changed));
    }
  }
});

test('a pod that is being deleted is so in either form', () => {
  const kind = kindOf('Pod');
  const metadata = { name: 'web', namespace: 'shop', uid: 'u1', creationTimestamp: '2026-03-01T10:00:00Z' };
  const pod = {
    kind: 'Pod',
    metadata: { ...metadata, deletionTimestamp: '2026-03-01T11:00:00Z' },
    status: { phase: 'Running', startTime: '2026-03-01T10:00:05Z' },
  };
  const bytes = enveloped('v1', 'Pod', (writer) => writer.bytes(encodeMessage('Pod', pod)));
  const record = reduceObject(kind, readEnveloped(bytes, formOf('Pod')) as unknown as KubeObject);
  expect(record).toEqual(reduceObject(kind, pod as unknown as KubeObject));
  expect(record).toContain('Deleting');
});
