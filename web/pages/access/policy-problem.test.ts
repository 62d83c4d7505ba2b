import { expect, test } from 'vitest';
import type { Failure } from '../../ui/notice.tsx';
import { pointAt, policyProblemOf } from './policy-problem.ts';

function failureOf(code: string, details: Readonly<Record<string, unknown>>): Failure {
  const problem = {
    type: '',
    title: 'Bad Request',
    status: 400,
    detail: 'It cannot be used.',
    code,
    instance: '',
    details,
  };
  return { title: 'No', code, status: 400, problem };
}

test('a refused condition is told at its rule, with its place', () => {
  const details = { path: 'rules.1.where', problem: 'no such field', line: 2, column: 3, length: 4 };
  expect(policyProblemOf(failureOf('CONDITION_INVALID', details))).toEqual({
    message: 'no such field',
    rule: 1,
    field: 'where',
    place: { line: 2, column: 3, length: 4 },
  });
});

test('other refusals are told at their field', () => {
  const permission = failureOf('ROLE_INVALID', { path: 'rules.0.permissions.2', problem: 'no permission' });
  expect(policyProblemOf(permission)).toMatchObject({ rule: 0, field: 'permissions', place: undefined });
  const subject = failureOf('BINDING_INVALID', { path: 'subjects.3', problem: 'no subject' });
  expect(policyProblemOf(subject)).toMatchObject({ rule: undefined, field: 'subjects' });
});

test('what is no matter of a field is none', () => {
  expect(policyProblemOf(failureOf('POLICY_FIXED', {}))).toBeUndefined();
  expect(policyProblemOf(undefined)).toBeUndefined();
});

test('carets stand under what is wrong, in characters and not beyond the line', () => {
  const source = 'true &&\n  "🎭" == spec.lifecyle';
  expect(pointAt(source, { line: 2, column: 10, length: 14 })).toEqual({
    text: '  "🎭" == spec.lifecyle',
    carets: '         ^^^^^^^^^^^^^',
  });
  expect(pointAt('', { line: 5, column: 9, length: 3 })).toEqual({ text: '', carets: '^' });
});
