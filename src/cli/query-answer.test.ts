import { describe, expect, test } from 'vitest';
import type { RenderedEntity } from '../model/entity.ts';
import { renderAnswer } from './query-answer.ts';
import type { QueryAnswer, Question } from './query-answer.ts';
import { textTable } from './text-table.ts';

const question: Question = { where: 'true', limit: 10, explain: false };
const entity = (name: string, spec: RenderedEntity['spec']): RenderedEntity =>
  ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, namespace: 'default' },
    spec,
    relations: [],
  }) as never;
const answer: QueryAnswer = {
  revision: 7,
  total: 3,
  unknown: 2,
  items: [entity('lights', { type: 'service', owner: 'stage', lifecycle: 'production' }), entity('sound', { type: 5 })],
};

describe('the answer of a query', () => {
  test('is a table with what was found, shown and unknown', () => {
    expect(renderAnswer(answer, question, 'text').split('\n')).toEqual([
      'ENTITY                    TYPE     OWNER  LIFECYCLE',
      'component:default/lights  service  stage  production',
      'component:default/sound   -        -      -',
      '',
      '3 found, 2 shown; unknown for 2: a value is missing, stale or in error',
    ]);
  });

  test('is one line where nothing was found', () => {
    expect(renderAnswer({ ...answer, total: 0, unknown: 0, items: [] }, question, 'text')).toBe('0 found');
  });

  test('is whole for a machine', () => {
    expect(JSON.parse(renderAnswer(answer, question, 'json'))).toEqual(JSON.parse(JSON.stringify(answer)));
    expect(renderAnswer(answer, question, 'yaml')).toMatch(
      /^revision: 7\ntotal: 3\nunknown: 2\nitems:\n {2}- apiVersion: backstage/,
    );
  });

  test('with --explain is the plan as a tree', () => {
    const leaf = {
      step: 'lookup kind == "API"',
      access: 'index',
      true: 1,
      unknown: 0,
      evaluated: 0,
      children: [],
    } as const;
    const plan = { step: 'and', access: 'mixed', true: 1, unknown: 2, evaluated: 3, children: [leaf] } as const;
    expect(renderAnswer({ ...answer, items: [], plan }, { ...question, explain: true }, 'text').split('\n')).toEqual([
      'and  [mixed: true 1, unknown 2, evaluated 3]',
      '  lookup kind == "API"  [index: true 1, unknown 0, evaluated 0]',
      '3 found; unknown for 2',
    ]);
  });
});

test('a table keeps control characters of foreign values from the terminal', () => {
  expect(textTable(['a', 'b'], [['x\u001b[31m', 'y\nz']])).toBe('A       B\nx [31m  y z');
});
