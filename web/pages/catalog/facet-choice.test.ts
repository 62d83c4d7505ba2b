import { expect, test } from 'vitest';
import { choiceOf, choose } from './facet-choice.ts';

test('a value is wanted, excluded, or neither; choosing it again takes it off', () => {
  const wanted = choose({}, 'type', 'service', 'wanted');
  expect(wanted.type).toBe('service');
  const excluded = choose(wanted, 'type', 'service', 'excluded');
  expect(excluded.type).toBe('-service');
  expect(choiceOf(excluded, 'type', 'Service')).toBe('excluded');
  expect(choose(excluded, 'type', 'service', 'excluded').type).toBeUndefined();
});

test('an owner is the same however it is written', () => {
  const search = { owner: 'Team-A' };
  expect(choiceOf(search, 'owner', 'group:default/team-a')).toBe('wanted');
  expect(choose(search, 'owner', 'group:default/team-a', 'wanted').owner).toBeUndefined();
  expect(choose(search, 'owner', 'group:ops/team-a', 'wanted').owner).toBe('Team-A,group:ops/team-a');
});
