import { expect, test } from 'vitest';
import { maskedSecret, withoutContainerValues } from './shown-item.ts';

const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{"password":"sesame"}', kept: 'yes' };

test('a Secret shows its keys alone', () => {
  const secret = {
    metadata: { name: 's', annotations },
    data: { key: 'c2VzYW1l' },
    stringData: { other: 'sesame' },
    type: 'Opaque',
  };
  expect(maskedSecret(secret)).toEqual({
    metadata: { name: 's', annotations: { kept: 'yes' } },
    data: { key: '***' },
    stringData: { other: '***' },
    type: 'Opaque',
  });
  expect(maskedSecret({ metadata: {}, data: null })).toEqual({ metadata: {}, data: null });
});

test.each([
  ['a pod', (spec: object) => ({ spec })],
  ['a Deployment', (spec: object) => ({ spec: { template: { spec } } })],
  ['a CronJob', (spec: object) => ({ spec: { jobTemplate: { spec: { template: { spec } } } } })],
])('%s shows no values of variables and flags', (_what, wrapped) => {
  const container = {
    name: 'c',
    env: [
      { name: 'PASSWORD', value: 'sesame' },
      { name: 'HOST', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    ],
    args: ['--port=1', '--token', 'sesame'],
  };
  const hidden = {
    name: 'c',
    env: [
      { name: 'PASSWORD', value: '(hidden)' },
      { name: 'HOST', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    ],
    args: ['--port=1', '--token', '(hidden)'],
  };
  const of = (each: object): object => ({ containers: [each], initContainers: [each], ephemeralContainers: [each] });
  expect(withoutContainerValues({ ...wrapped(of(container)), metadata: { annotations } })).toEqual({
    ...wrapped(of(hidden)),
    metadata: { annotations: { kept: 'yes' } },
  });
});

test('what has no containers stays as it is', () => {
  const item = { metadata: { name: 'x' }, spec: { type: 'ClusterIP' } };
  expect(withoutContainerValues(item)).toEqual(item);
  expect(withoutContainerValues({ metadata: { name: 'x' } })).toEqual({ metadata: { name: 'x' } });
});
