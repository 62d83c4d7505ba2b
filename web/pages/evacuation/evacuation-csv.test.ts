import { expect, test } from 'vitest';
import type { Evacuation, LostEntity, ReducedEntity } from '../../../src/api/evacuation.ts';
import { evacuationCsv } from './evacuation-csv.ts';

const nothing: Evacuation = {
  clusters: [],
  isProtected: false,
  counts: {
    lost: 0,
    displaced: 0,
    unknown: 0,
    halved: 0,
    reduced: 0,
    unclaimed: 0,
    singletons: 0,
    claims: 0,
    claimBytes: 0,
    stateful: 0,
    hosts: 0,
    loadBalancers: 0,
  },
  lost: [],
  displaced: [],
  unknown: [],
  reduced: [],
  unclaimed: [],
  data: [],
  entryPoints: [],
  position: { epoch: 'e', sequence: 1 },
  incomplete: [],
};
const till: LostEntity = {
  ref: 'component:default/till',
  kind: 'component',
  owner: 'group:default/stage',
  lifecycle: 'production',
  workloads: 2,
  clusters: ['eu-1', 'eu-2'],
  readyBefore: 6,
  isSingleton: false,
  isStateful: false,
  elsewhere: [],
};
const half: ReducedEntity = {
  ...till,
  stays: ['us-1', 'us-2'],
  readyAfter: 2,
  readyUnread: 0,
  headroom: 3,
  carries: 'no',
};

/** Lines without the first, each as its cells. */
function linesOf(answer: Partial<Evacuation>): readonly (readonly string[])[] {
  const [, ...lines] = evacuationCsv({ ...nothing, ...answer }).split('\r\n');
  return lines.slice(0, -1).map((line) => line.split(',').map((cell) => cell.replaceAll('"', '')));
}

test('the first line names the columns, also where nothing is lost', () => {
  expect(evacuationCsv(nothing)).toBe(
    '"fate","what","owner","lifecycle","cluster","before","after","headroom","carries","left in","bytes"\r\n',
  );
});

test('what is lost keeps nothing; what is displaced says where else it runs', () => {
  const { ref, owner = '', lifecycle = '' } = till;
  expect(linesOf({ lost: [till], displaced: [{ ...till, elsewhere: ['staging', 'test'] }] })).toEqual([
    ['lost', ref, owner, lifecycle, 'eu-1 eu-2', '6', '0', '', '', '', ''],
    ['displaced', ref, owner, lifecycle, 'eu-1 eu-2', '6', '0', '', '', 'staging test', ''],
  ]);
});

test('what goes on with less says with how much, and whether that is enough', () => {
  const { ref, owner = '', lifecycle = '' } = half;
  expect(linesOf({ reduced: [half], unknown: [{ ...half, readyAfter: 0, carries: 'unknown' }] })).toEqual([
    ['unknown', ref, owner, lifecycle, 'eu-1 eu-2', '6', '0', '3', 'unknown', 'us-1 us-2', ''],
    ['reduced', ref, owner, lifecycle, 'eu-1 eu-2', '6', '2', '3', 'no', 'us-1 us-2', ''],
  ]);
});

test('places say what they are, and leave out the namespace where there is none', () => {
  const lines = linesOf({
    unclaimed: [{ cluster: 'eu-1', kind: 'Deployment', namespace: 'shop', name: 'lamp', ready: 1, stays: ['us-1'] }],
    data: [{ cluster: 'eu-1', namespace: 'shop', name: 'disk-0', capacity: 1024 }],
    entryPoints: [
      {
        cluster: 'eu-1',
        kind: 'Ingress',
        namespace: 'shop',
        name: 'till',
        hosts: ['till.example.com'],
        addresses: ['192.0.2.1'],
      },
      { cluster: 'eu-1', kind: 'HTTPRoute', name: 'alone', hosts: [], addresses: [] },
    ],
  });
  expect(lines).toEqual([
    ['unclaimed', 'Deployment/shop/lamp', '', '', 'eu-1', '1', '', '', '', 'us-1', ''],
    ['claim', 'shop/disk-0', '', '', 'eu-1', '', '', '', '', '', '1024'],
    ['way in', 'Ingress/shop/till till.example.com 192.0.2.1', '', '', 'eu-1', '', '', '', '', '', ''],
    ['way in', 'HTTPRoute/alone', '', '', 'eu-1', '', '', '', '', '', ''],
  ]);
});

test('nothing in it becomes a formula of a spreadsheet', () => {
  const [line] = linesOf({ lost: [{ ...till, owner: '=HYPERLINK(x)' }] });
  expect(line?.[2]).toBe("'=HYPERLINK(x)");
});
