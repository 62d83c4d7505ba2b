import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { transportError } from '../kube/transport-fault.ts';
import { liveKinds } from '../live/kind-table.ts';
import type { LiveKind } from '../live/live-kind.ts';
import { ClusterStates } from './cluster-reader-states.ts';
import type { ClusterWord } from './messages.ts';

const kindOf = (id: string): LiveKind => {
  const kind = liveKinds.find((each) => each.id === id);
  if (kind === undefined) throw new Error(`No kind ${id}`);
  return kind;
};
const pods = kindOf('Pod');
const services = kindOf('Service');
const nodes = kindOf('Node');

function open(): { states: ClusterStates; clock: ManualClock; said: () => string[] } {
  const clock = new ManualClock();
  const words: ClusterWord[] = [];
  const states = new ClusterStates({ clock, tell: (word) => words.push(word) });
  const said = (): string[] =>
    words.splice(0).map((word) => {
      if (word.type === 'state') return [word.kind, word.state, word.reason?.code].filter(Boolean).join(' ');
      return word.type === 'alive' ? `alive ${word.kinds.join(',')} ${clock.now() - word.at} ms ago` : word.type;
    });
  return { states, clock, said };
}

describe('what is told of the kinds of a cluster', () => {
  test('a kind that was listed is ok at once', () => {
    const { states, said } = open();
    states.told(pods, { outcome: 'reading' });
    states.listed(pods);
    states.told(pods, { outcome: 'ok' });
    expect(said()).toEqual(['Pod stale', 'Pod ok']);
  });

  test('a watch that goes on from an older version is ok when what it missed has arrived, as of when it was opened', () => {
    const { states, clock, said } = open();
    states.told(pods, { outcome: 'ok' });
    expect(said()).toEqual([]);
    clock.advance(1_000);
    expect(said()).toEqual(['Pod ok', 'alive Pod 1000 ms ago']);
  });

  test('such a watch that breaks off before is not called ok', () => {
    const { states, clock, said } = open();
    states.told(pods, { outcome: 'ok' });
    states.told(pods, { outcome: 'unreachable', code: 'ConnectionLost', message: 'lost' });
    clock.advance(5_000);
    expect(said()).toEqual(['Pod unreachable ConnectionLost']);
    expect(states.restarts).toBe(0);
  });

  test('life is told every five seconds at most, of watched kinds alone, as of when it showed', () => {
    const { states, clock, said } = open();
    for (const kind of [pods, nodes]) {
      states.listed(kind);
      states.told(kind, { outcome: 'ok' });
    }
    said();
    states.alive(clock.now());
    clock.advance(1_000);
    expect(said()).toEqual(['alive Pod 1000 ms ago']);
    states.alive(clock.now());
    clock.advance(1_000);
    expect(said()).toEqual([]);
    clock.advance(5_000);
    states.alive(clock.now());
    clock.advance(1_000);
    expect(said()).toEqual(['alive Pod 1000 ms ago']);
  });

  test('a polled kind is unreachable while no watch lives, and ok with the first that does', () => {
    const { states, said, clock } = open();
    for (const kind of [pods, services, nodes]) {
      states.listed(kind);
      states.told(kind, { outcome: 'ok' });
    }
    said();
    states.told(pods, { outcome: 'unreachable', code: 'Timeout', message: 'silent' });
    expect(said()).toEqual(['Pod unreachable Timeout']);
    states.told(services, { outcome: 'unreachable', code: 'Timeout', message: 'silent' });
    expect(said()).toEqual(['Service unreachable Timeout', 'Node unreachable Timeout']);
    states.told(services, { outcome: 'ok' });
    clock.advance(1_000);
    expect(said()).toEqual(['Service ok', 'Node ok', 'alive Service 1000 ms ago']);
  });

  test('a failure of the whole cluster is told of each kind: unreachable or denied, in the words of the connection', () => {
    const { states, said } = open();
    states.failed([pods, nodes], transportError('stage', { code: 'HostUnknown', message: 'no such name' }));
    states.failed([pods], transportError('stage', { code: 'Unauthorized', message: 'no' }));
    states.failed([pods], new TypeError('broken'));
    expect(said()).toEqual([
      'Pod unreachable HostUnknown',
      'Node unreachable HostUnknown',
      'Pod denied Unauthorized',
      'Pod unreachable InternalError',
    ]);
  });

  test('nothing is told after the end', () => {
    const { states, clock, said } = open();
    states.told(pods, { outcome: 'ok' });
    states.close();
    states.told(services, { outcome: 'denied', code: 'Forbidden' });
    clock.advance(10_000);
    expect(said()).toEqual([]);
  });
});
