import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BigCluster } from '../demo/fleet/big-cluster.ts';
import { BigObject } from '../demo/fleet/big-object.ts';
import { planFleet, type WorkloadPlan } from '../demo/fleet/big-plan.ts';
import type { PodState } from '../demo/fleet/big-pods.ts';
import { readCatalogue } from '../demo/fleet/catalogue.ts';
import type { Json } from '../demo/fleet/kube-object.ts';
import { encodeMessage } from '../demo/fleet/message-parts.ts';
import { type Field, messageOf, type Message } from '../demo/fleet/message-schema.ts';
import { BackwardWriter } from '../demo/fleet/message-writer.ts';
import { builtinResources } from '../demo/fleet/resources.ts';
import { WorldClock } from '../demo/fleet/world-clock.ts';
import { clusterPlans } from '../demo/fleet/world-clusters.ts';
import { makeWorld } from '../demo/fleet/world.ts';
import { bytesOf, openEnvelope, wireFields } from './support/plain-messages.ts';
import { recordedAnswer } from './support/recorded-answers.ts';

// What the servers of the demo send as protocol buffers.

const kinds = [
  ['Pod', 'pods', ''],
  ['ReplicaSet', 'replicasets', 'apps'],
  ['Event', 'events', ''],
] as const;

/** A field of a message as bytes. */
function delimited(number: number, content: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
}

function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

/** A message without the field at a path of numbers. */
function without(message: Buffer, [first, ...rest]: readonly number[]): Buffer {
  return Buffer.concat(
    wireFields(message).flatMap(([number, value]) => {
      if (number === first && rest.length === 0) return [];
      if (!Buffer.isBuffer(value)) return [varint(number * 8), varint(value)];
      return [delimited(number, number === first ? without(value, rest) : value)];
    }),
  );
}

/** JSON of a message: what the schema does not know is told. */
function decode(message: Message, bytes: Buffer): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [number, value] of wireFields(bytes)) {
    const field = message.fields.find((each) => each.number === number);
    if (field === undefined) throw new Error(`There is a field ${number}`);
    const { name, type, written } = field;
    if (name === undefined) Object.assign(result, decode(type as Message, value as Buffer));
    else if (type === 'map' || type === 'quantities') {
      const [key, entry] = [1, 2].map((at) => bytesOf(value as Buffer, at)[0]);
      const text = type === 'map' ? entry : bytesOf(entry as Buffer, 1)[0];
      result[name] = { ...(result[name] as object), [String(key)]: String(text) };
    } else if (written === 'list') result[name] = [...((result[name] as unknown[]) ?? []), single(type, value)];
    else result[name] = single(type, value);
  }
  return result;
}

function single(type: Field['type'], value: bigint | Buffer): unknown {
  if (!Buffer.isBuffer(value)) return type === 'flag' ? value === 1n : Number(value);
  if (type === 'text') return value.toString();
  if (typeof type === 'object') return decode(type, value);
  const [one, two, three] = [1, 2, 3].map((at) => wireFields(value).find(([number]) => number === at)?.[1]);
  switch (type) {
    case 'Quantity':
      return String(one);
    case 'FieldsV1':
      return JSON.parse(String(one)) as unknown;
    case 'IntOrString':
      return one === 1n ? String(three) : Number(two);
    case 'Time':
      return one === undefined ? null : `${new Date(Number(one) * 1_000).toISOString().slice(0, 19)}Z`;
    default:
      return one === undefined ? null : Number(one) * 1e6 + Number(two) / 1e3;
  }
}

/** JSON without what says nothing: both forms have it, or not, as the types in Go are. Times as microseconds where they are. */
function telling(value: unknown, name = ''): unknown {
  if (name === 'eventTime' && typeof value === 'string') return Date.parse(value) * 1e3 + Number(value.slice(23, 26));
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((each) => telling(each) ?? null);
  if (typeof value !== 'object' || value === null)
    return ['', 0, false, null].includes(value as null) ? undefined : value;
  const entries = Object.entries(value).map(([key, each]) => [key, telling(each, key)] as const);
  const left = entries.filter(([, each]) => each !== undefined);
  return left.length === 0 ? undefined : Object.fromEntries(left);
}

function untyped(object: object): unknown {
  const { kind: _kind, apiVersion: _version, ...rest } = object as Record<string, unknown>;
  return telling(rest);
}

function written(object: BigObject): Buffer {
  const writer = new BackwardWriter(16);
  object.writeMessage(writer);
  return writer.written;
}

describe('an object as a message', () => {
  const bodyOf = (name: string): Buffer => recordedAnswer(name).body;
  // `clusterName` went after 1.20; these came: `subresource` of managed fields, `observedGeneration` twice, `resize`.
  const gone = {
    Pod: [[1, 15]],
    ReplicaSet: [
      [1, 15],
      [2, 3, 1, 15],
    ],
    Event: [[1, 15]],
  };
  const subresource = [1, 17, 8];
  const come = {
    Pod: [subresource, [3, 2, 7], [3, 14], [3, 17]],
    ReplicaSet: [subresource],
    Event: [subresource],
  };

  test.each(kinds)('%s has the bytes that kube-apiserver sends', (kind, plural) => {
    const { items } = JSON.parse(bodyOf(`${plural} as JSON`).toString()) as { items: Json[] };
    const sent = bytesOf(openEnvelope(bodyOf(`${plural} as protobuf`)).raw, 2);
    expect(sent).toHaveLength(items.length);
    for (const [at, item] of items.entries()) {
      const old = gone[kind].reduce(without, sent[at]!);
      expect(come[kind].reduce(without, encodeMessage(kind, item)).toString('hex')).toBe(old.toString('hex'));
    }
  });

  test('leaves out what is of a wrong type or not known', () => {
    const wrong = { metadata: { name: 12, labels: 7, uid: ['a'] }, spec: ['no'], status: { phase: 5, conditions: {} } };
    const empty = encodeMessage('Pod', {});
    for (const each of [wrong, null, 'an object', 7, [], { metadata: null, more: { than: 'known' } }])
      expect(encodeMessage('Pod', each)).toEqual(empty);
    expect(() => encodeMessage('Deployment', {})).toThrow('There is no message Deployment');
  });

  test('says numbers below zero, microseconds, texts of any language and maps by key', () => {
    const state = encodeMessage('ContainerStateTerminated', { exitCode: -1, message: 'größer – 日本' });
    expect(wireFields(state)[0]).toEqual([1, -1n]);
    expect(bytesOf(state, 4)[0]?.toString()).toBe('größer – 日本');
    const event = decode(messageOf('Event'), encodeMessage('Event', { eventTime: '2026-11-23T09:10:11.123456Z' }));
    expect(event['eventTime']).toBe(Date.parse('2026-11-23T09:10:11Z') * 1e3 + 123_456);
    const labels = bytesOf(encodeMessage('ObjectMeta', { labels: { b: '1', a: '' } }), 11);
    expect(labels.map((entry) => bytesOf(entry, 1).toString())).toEqual(['a', 'b']);
    expect(labels.map((entry) => bytesOf(entry, 2).toString())).toEqual(['', '1']);
  });

  test('says what JSON says of everything in the clusters of the demo', () => {
    const clock = new WorldClock(() => Date.parse('2026-11-22T12:00:00Z'));
    const plans = clusterPlans.filter(({ name }) => ['prod-coast', 'sandbox'].includes(name));
    const programs = readCatalogue(resolve(import.meta.dirname, '../demo/organisation'));
    for (const { cluster } of makeWorld(plans, programs, clock)) {
      for (const [kind, plural, group] of kinds) {
        const list = cluster.store.collection(cluster.resource(group, plural)).list();
        expect(list.length, kind).toBeGreaterThan(0);
        for (const { object } of list)
          expect(telling(decode(messageOf(kind), encodeMessage(kind, object)))).toEqual(untyped(object));
      }
    }
  });
});

describe('objects of the big fleet', () => {
  const { clusters } = planFleet({ clusters: 2, services: 12, pods: 300 });
  const [cluster] = clusters.map((plan) => new BigCluster(plan, Date.parse('2026-11-22T12:00:00Z')));

  /** The same bytes as those of the JSON text, which is put together in another way. */
  function agrees(object: BigObject): void {
    const { kind } = object.parts.resource;
    const bytes = written(object);
    expect(bytes.toString('hex')).toBe(encodeMessage(kind, object.object).toString('hex'));
    expect(telling(decode(messageOf(kind), bytes))).toEqual(untyped(object.object));
  }

  test.each(kinds)('%s: the message says what the JSON says', (kind) => {
    const objects = cluster!.objects(kind);
    expect(objects.length).toBeGreaterThan(10);
    for (const object of objects) agrees(object);
  });

  test.each<PodState>(['running', 'crash', 'pull', 'unschedulable', 'unready', 'succeeded'])('a pod: %s', (state) => {
    const resource = builtinResources.find(({ kind }) => kind === 'Pod')!;
    const plans: readonly WorkloadPlan[] = cluster!.plan.workloads;
    for (const number of [0, 3, 200]) {
      for (const plan of plans.slice(-4)) {
        const { namespace } = plan;
        const name = `${plan.name}-${number}`;
        const parts = { cluster: cluster!.plan, resource, plan, namespace, name, resourceVersion: 7, number, state };
        agrees(new BigObject(parts));
        agrees(new BigObject({ ...parts, touched: Date.parse('2026-11-23T01:02:03.456Z') }));
      }
    }
  });
});
