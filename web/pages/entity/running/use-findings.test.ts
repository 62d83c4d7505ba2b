import { expect, test } from 'vitest';
import type { Finding } from '../../../../src/api/findings.ts';
import { joinFindings } from './use-findings.ts';

function finding(cluster: string, parts: Partial<Finding> = {}): Finding {
  return {
    rule: 'oom',
    severity: 'critical',
    cluster,
    kind: 'Deployment',
    namespace: 'shop',
    name: 'till',
    reason: 'OOMKilled',
    message: 'limit 1 GiB',
    evidence: {},
    fix: 'Raise the limit.',
    ...parts,
  };
}

test('the same in several clusters is one, told as it is where it lasts the longest', () => {
  const since = '2026-03-01T10:00:00Z';
  expect(joinFindings([finding('a'), finding('b', { since }), finding('c', { name: 'lamp' })])).toMatchObject([
    { finding: { cluster: 'b' }, clusters: ['b', 'a'], isAlike: true },
    { finding: { cluster: 'c' }, clusters: ['c'], isAlike: true },
  ]);
});

test('the worst is told, though a milder one lasts longer; that its words are not true of all is known', () => {
  const milder = finding('b', { severity: 'warning', message: 'limit 256 MiB', since: '2026-03-01T10:00:00Z' });
  expect(joinFindings([milder, finding('a')])).toMatchObject([
    { finding: { cluster: 'a', severity: 'critical' }, clusters: ['a', 'b'], isAlike: false },
  ]);
});
