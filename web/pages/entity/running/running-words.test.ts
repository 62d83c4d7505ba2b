import { describe, expect, test } from 'vitest';
import type { Running, RunningCell } from '../../../../src/api/running.ts';
import { imageTag, readyText, troubleText, verdictWords } from './running-words.ts';

const running = (verdict: Partial<Running['verdict']>, parts: Partial<Running> = {}): Running => ({
  ref: 'component:default/web',
  verdict: { status: 'Healthy', clusters: 1, spread: {}, ...verdict },
  clusters: [],
  workloads: [],
  images: [],
  looked: 3,
  position: { epoch: 'e', sequence: 1 },
  incomplete: [],
  ...parts,
});

const cell = (parts: Partial<RunningCell> = {}): RunningCell => ({
  cluster: 'prod',
  status: 'Degraded',
  images: [],
  pods: 3,
  restarts: 0,
  failing: [],
  failingCount: 0,
  rule: 'kubernetes-id',
  ...parts,
});

describe('the verdict in words', () => {
  test.each<[Running, string]>([
    [running({ status: 'Healthy', clusters: 1 }), 'Healthy in its cluster'],
    [running({ status: 'Healthy', clusters: 4 }), 'Healthy in all its 4 clusters'],
    [running({ status: 'Degraded', clusters: 14, spread: { Degraded: 2 } }), 'Degraded in 2 of 14 clusters'],
    [running({ status: 'Unknown', clusters: 2, spread: { Unknown: 1 } }), 'Cannot be read in 1 of 2 clusters'],
    [running({ status: 'Missing', clusters: 0 }), 'Runs in none of 3 clusters'],
    [
      running({ status: 'Unknown', clusters: 0 }, { incomplete: [{ cluster: 'a', state: 'denied' }] }),
      'Not seen to run; 1 cluster could not be read',
    ],
    [running({ status: 'Unknown', clusters: 0 }, { looked: 0 }), 'Not seen to run'],
  ])('%#', (answer, words) => {
    expect(verdictWords(answer)).toBe(words);
  });
});

test('what is wrong in a place', () => {
  const failing = [{ name: 'web-1', reason: 'CrashLoopBackOff' }];
  expect(troubleText({ name: 'web' }, cell({ failing, failingCount: 2 }))).toBe('2 of 3 pods of web: CrashLoopBackOff');
  expect(troubleText({ name: 'web' }, cell({ reason: 'SpecUnseen' }))).toBe('web: degraded, SpecUnseen');
  expect(troubleText({ name: 'web' }, cell({ status: 'Unknown', lastStatus: 'Healthy' }))).toBe(
    'web was healthy when last seen',
  );
});

test('tags of images, and what is ready', () => {
  expect(imageTag('registry.example.com:5000/a/web:1.4.2')).toBe('1.4.2');
  expect(imageTag('registry.example.com:5000/a/web')).toBe('latest');
  expect(imageTag('web@sha256:0123456789abcdef')).toBe('01234567');
  expect(readyText(cell({ desired: 3, ready: 2 }))).toBe('2/3');
  expect(readyText(cell())).toBe('Degraded');
});
