import { defineErrors } from '../base/errors.ts';

/** Refusals of the routes by which access is looked after. */
export const administrationError = defineErrors({
  SESSION_NOT_FOUND: { status: 404, message: 'No session {id} that you may end; it may have ended already' },
  TOKEN_NOT_FOUND: { status: 404, message: 'No token {id} that you may end; it may have ended already' },
  TOKEN_MAKER_REFUSED: {
    status: 403,
    message: 'Only a person who is signed in makes tokens for themselves; {principal} asks {proof}.',
  },
  SCOPE_INVALID: {
    status: 400,
    message: 'The scope "{scope}" stands for no permission. Write one, or a pattern such as catalog.*.read.',
  },
  SCOPE_EXCEEDED: {
    status: 403,
    message: 'A token cannot make another that may do more: name scopes that it has itself ({scopes}).',
  },
  ROLE_INVALID: { status: 400, message: 'The role {name} cannot be used: {path}: {problem}' },
  CONDITION_INVALID: {
    status: 400,
    message: 'The role {name} cannot be used: {path}, line {line}, column {column}: {problem}',
  },
  BINDING_INVALID: { status: 400, message: 'The binding {name} cannot be used: {path}: {problem}' },
  POLICY_FIXED: { status: 409, message: 'The {what} {name} is {where} and cannot be changed here' },
  POLICY_FULL: { status: 409, message: 'There are {limit} already; remove some first' },
  POLICY_CHANGED: { status: 409, message: 'Somebody else changed {target} at the same time; look at it again' },
  PREVIEW_NEEDS_ALL: {
    status: 403,
    message: 'A preview speaks of all entities: it needs catalog.entity.read without a condition',
  },
  MOMENT_INVALID: { status: 400, message: '"{written}" is no moment; write one such as 2026-11-22T09:00:00Z' },
  ROLE_NOT_FOUND: { status: 404, message: 'No role {name}' },
  ROLE_IN_USE: { status: 409, message: 'The role {name} is in use: remove its bindings first ({bindings})' },
  BINDING_NOT_FOUND: { status: 404, message: 'No binding {name}' },
  PRINCIPAL_INVALID: {
    status: 400,
    message: '{principal} is no principal: write the ref of a user or service with its kind, or external:<subject>',
  },
});
