import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { HIDDEN, manifestText, shownObject } from './manifest-text.ts';

describe('a manifest', () => {
  test('is the object without managedFields, as YAML that means the same', () => {
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', labels: { on: 'yes' }, managedFields: [{ manager: 'kubectl' }] },
      data: { key: `${'long '.repeat(100)}\nlines`, number: '012' },
    };
    const text = manifestText(shownObject(object));
    expect(parse(text)).toEqual({ ...object, metadata: { name: 'a', labels: { on: 'yes' } } });
    expect(text.split('\n').some((line) => line.includes('long '.repeat(100).trim()))).toBe(true);
  });

  test('of a Secret shows keys and nothing that is kept, wherever it is repeated', () => {
    const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
    const object = {
      kind: 'Secret',
      metadata: { name: 'a', annotations: { [annotation]: '{"data":{"a":"c2VjcmV0"}}', team: 'lights' } },
      type: 'Opaque',
      data: { a: 'c2VjcmV0' },
      stringData: { b: 'secret' },
    };
    expect(shownObject(object)).toEqual({
      kind: 'Secret',
      metadata: { name: 'a', annotations: { [annotation]: HIDDEN, team: 'lights' } },
      type: 'Opaque',
      data: { a: HIDDEN },
      stringData: { b: HIDDEN },
    });
  });

  test('of anything else keeps what was applied', () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
    const object = { kind: 'Deployment', metadata: { name: 'a', annotations } };
    expect(shownObject(object)).toEqual(object);
  });
});
