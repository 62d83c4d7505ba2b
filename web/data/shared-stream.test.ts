import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ClientError, type ClientEvent, type EventOptions } from '../../src/client.ts';
import { EventQueue } from './event-queue.ts';
import { sharedEvents } from './shared-stream.ts';

/** A connection that a tab opened. */
interface Connection {
  readonly after: number | undefined;
  readonly signal: AbortSignal;
  readonly events: EventQueue<ClientEvent>;
}

/** The server's side of all streams. */
class Line {
  readonly connections: Connection[] = [];

  readonly open = ({ after, signal }: EventOptions): AsyncIterable<ClientEvent> => {
    const events = new EventQueue<ClientEvent>();
    signal.addEventListener('abort', () => events.end(), { once: true });
    this.connections.push({ after, signal, events });
    return events;
  };

  get living(): readonly Connection[] {
    return this.connections.filter(({ signal }) => !signal.aborted);
  }

  /** Tells on the only living connection. */
  async say(...events: readonly ClientEvent[]): Promise<void> {
    await vi.waitFor(() => expect(this.living).toHaveLength(1));
    for (const event of events) this.living[0]?.events.push(event);
  }
}

interface Tab {
  readonly heard: string[];
  isVisible: boolean;
  readonly failure: () => unknown;
  /** As when the tab comes into sight. */
  show(): void;
  close(): void;
}

const openTabs: Tab[] = [];
let group = '';
beforeEach(() => {
  group = `user:default/ada ${crypto.randomUUID()}`;
});
afterEach(() => {
  for (const tab of openTabs.splice(0)) tab.close();
});

function openTab(line: Line, after: number | undefined, locks: LockManager | undefined = navigator.locks): Tab {
  const end = new AbortController();
  const heard: string[] = [];
  let failure: unknown;
  let onVisible: () => void = () => undefined;
  const tab: Tab = {
    heard,
    isVisible: true,
    failure: () => failure,
    show: () => onVisible(),
    close: () => end.abort(),
  };
  const surroundings = {
    open: line.open,
    group: () => group,
    locks,
    isVisible: () => tab.isVisible,
    onVisible: (listener: () => void) => {
      onVisible = listener;
      return () => undefined;
    },
  };
  const follow = async (): Promise<void> => {
    for await (const event of sharedEvents(surroundings, { after, signal: end.signal })) {
      heard.push('data' in event ? `${event.type} ${event.data.revision}` : event.type);
    }
  };
  follow().catch((error: unknown) => (failure = error));
  openTabs.push(tab);
  return tab;
}

const change = (revision: number): ClientEvent => ({ type: 'change', data: { revision, changes: [], sources: true } });
const open: ClientEvent = { type: 'open' };
const lost: ClientEvent = { type: 'lost', error: new ClientError('SILENCE', 0, 'nothing was heard'), retryMs: 500 };
const hears = (tab: Tab, ...events: readonly string[]): Promise<void> =>
  vi.waitFor(() => expect(tab.heard).toEqual(events));

test('tabs of one principal share one connection, and each hears everything once', async () => {
  const line = new Line();
  const first = openTab(line, 5);
  await line.say(open);
  await hears(first, 'open');
  const second = openTab(line, 5);
  await hears(second, 'open');
  await line.say(change(6), { type: 'bookmark', data: { revision: 9 } });
  await hears(first, 'open', 'change 6', 'bookmark 9');
  await hears(second, 'open', 'change 6', 'bookmark 9');
  expect(line.connections).toHaveLength(1);
});

test('tabs of different principals have connections of their own', async () => {
  const line = new Line();
  openTab(line, 5);
  await line.say(open);
  group = `user:default/bob ${crypto.randomUUID()}`;
  openTab(line, 5);
  await vi.waitFor(() => expect(line.living).toHaveLength(2));
});

test('when the leader goes the next one goes on from the last revision, and the page notices nothing', async () => {
  const line = new Line();
  const first = openTab(line, 5);
  await line.say(open, change(6));
  await hears(first, 'open', 'change 6');
  const second = openTab(line, 6);
  await hears(second, 'open');
  await line.say(change(7));
  await hears(second, 'open', 'change 7');
  first.close();
  await line.say(open, change(8));
  await hears(second, 'open', 'change 7', 'change 8');
  expect(line.connections.map(({ after }) => after)).toEqual([5, 7]);
});

test('a tab that shows something older than the leader knows asks everything again', async () => {
  const line = new Line();
  const first = openTab(line, 5);
  await line.say(open, change(20));
  await hears(first, 'open', 'change 20');
  const second = openTab(line, 10);
  await hears(second, 'open', 'relist 20');
  const third = openTab(line, 30);
  await hears(third, 'open');
});

test('a tab without an answer goes on from where the leader is', async () => {
  const line = new Line();
  openTab(line, undefined);
  await line.say(open, { type: 'bookmark', data: { revision: 3 } });
  const second = openTab(line, undefined);
  await hears(second, 'open', 'bookmark 3');
  await line.say(change(4));
  await hears(second, 'open', 'bookmark 3', 'change 4');
});

test('a leader without a revision yet lets nobody join before it has one', async () => {
  const line = new Line();
  const first = openTab(line, undefined);
  await line.say(open);
  await hears(first, 'open');
  const second = openTab(line, 2);
  await line.say({ type: 'bookmark', data: { revision: 3 } });
  await hears(second, 'open', 'relist 3');
});

test('a lost connection is lost for all; a tab that comes tries it at once', async () => {
  const line = new Line();
  const first = openTab(line, 5);
  await line.say(open);
  const second = openTab(line, 5);
  await hears(second, 'open');
  await line.say(lost);
  await hears(first, 'open', 'lost');
  await hears(second, 'open', 'lost');
  openTab(line, 5);
  await vi.waitFor(() => expect(line.connections).toHaveLength(2));
  await line.say(open);
  await hears(first, 'open', 'lost', 'open');
  await hears(second, 'open', 'lost', 'open');
});

test('a refusal ends the stream of every tab', async () => {
  const line = new Line();
  const first = openTab(line, 5);
  await line.say(open);
  const second = openTab(line, 5);
  await hears(second, 'open');
  line.living[0]?.events.end(new ClientError('SIGNED_OUT', 401, 'The sign-in has ended'));
  await vi.waitFor(() => expect(first.failure()).toMatchObject({ status: 401 }));
  await vi.waitFor(() => expect(second.failure()).toMatchObject({ status: 401, code: 'SIGNED_OUT' }));
});

test('without locks, and where locks are forbidden, each tab has a connection', async () => {
  const line = new Line();
  openTab(line, 5, undefined);
  const forbidden = { request: () => Promise.reject(new DOMException('no', 'SecurityError')) };
  const second = openTab(line, 6, forbidden as unknown as LockManager);
  await vi.waitFor(() => expect(line.living.map(({ after }) => after)).toEqual([5, 6]));
  line.living[1]?.events.push(open);
  await hears(second, 'open');
});

test('a leader that does not answer loses the lead to a tab in sight, and follows when it is back', async () => {
  const line = new Line();
  // The lock of a tab that the browser stopped: held, and silent.
  let release: () => void = () => undefined;
  const stopped = navigator.locks.request(
    `callboard.events.1 ${group}`,
    () => new Promise<void>((resolve) => (release = resolve)),
  );
  stopped.catch(() => undefined);
  vi.useFakeTimers();
  const hidden = openTab(line, 5);
  hidden.isVisible = false;
  const seen = openTab(line, 5);
  await vi.advanceTimersByTimeAsync(3000);
  vi.useRealTimers();
  await line.say(open, change(6));
  await hears(seen, 'open', 'change 6');
  await hears(hidden, 'open', 'change 6');
  await expect(stopped).rejects.toThrow();
  release();
});
