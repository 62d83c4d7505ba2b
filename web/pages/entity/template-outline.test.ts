import { expect, test } from 'vitest';
import { templateInputs, templateSteps } from './template-outline.ts';

test('inputs of all pages of the form are told, in either way to write them', () => {
  const page = {
    required: ['name'],
    properties: {
      name: { title: 'Name', type: 'string', description: 'As people call it' },
      owner: { type: 'string', 'ui:field': 'OwnerPicker' },
      size: { enum: ['small', 'large'] },
    },
  };
  const inputs = templateInputs([page, { properties: { extra: { type: 'boolean' } } }]);
  expect(inputs.map(({ page: at, title, type, isRequired }) => [at, title, type, isRequired])).toEqual([
    [0, 'Name', 'string', true],
    [0, 'owner', 'OwnerPicker', false],
    [0, 'size', 'one of 2', false],
    [1, 'extra', 'boolean', false],
  ]);
  expect(templateInputs(page)).toHaveLength(3);
  expect(templateInputs(undefined)).toEqual([]);
  expect(templateInputs(['nonsense', { properties: 3 }])).toEqual([]);
});

test('steps are told by name, action and condition', () => {
  const steps = templateSteps([
    { id: 'fetch', name: 'Fetch the skeleton', action: 'fetch:template' },
    { action: 'publish:github', if: '${{ parameters.publish }}' },
    'nonsense',
  ]);
  expect(steps.map(({ name, action, condition }) => [name, action, condition])).toEqual([
    ['Fetch the skeleton', 'fetch:template', undefined],
    ['step-2', 'publish:github', '${{ parameters.publish }}'],
  ]);
  expect(templateSteps(undefined)).toEqual([]);
});
