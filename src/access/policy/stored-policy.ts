import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';
import { BindingBody, RoleBody } from '../../api/roles.ts';
import type { AccessRecord } from '../../store/access-records.ts';
import type { AccessState } from '../access-state.ts';
import type { PolicyLayer, PolicyProblem } from './policy-set.ts';
import type { Binding, Origin, Role } from './rule.ts';
import { canonicalSubject } from './subject.ts';

const origin: Origin = { kind: 'stored' };

/** The roles and bindings that were made in the pages or by the API. */
export function storedPolicy(state: Pick<AccessState, 'all'>): {
  readonly layer: PolicyLayer;
  readonly problems: readonly PolicyProblem[];
  /** True where there are bindings, readable or not. */
  readonly hasBindings: boolean;
} {
  const problems: PolicyProblem[] = [];
  const roles = read(state.all('role'), RoleBody, problems).map(([name, value]): Role => ({
    name,
    ...(value as RoleBody),
    origin,
  }));
  const records = [...state.all('binding')];
  const bindings = read(records, BindingBody, problems).map(([name, value]): Binding => {
    const { role, subjects } = value as BindingBody;
    return { name, role, subjects: subjects.flatMap((subject) => canonicalSubject(subject) ?? []), origin };
  });
  return { layer: { roles, bindings }, problems, hasBindings: records.length > 0 };
}

/** In the order of names, so that every server lays them together alike. */
function read(records: Iterable<AccessRecord>, schema: TSchema, problems: PolicyProblem[]): [string, unknown][] {
  const found: [string, unknown][] = [];
  for (const { type, key, value } of records) {
    if (Check(schema, value)) found.push([key, value]);
    else
      problems.push({ place: `${type} ${key}`, message: 'It was stored in a form that this version does not know.' });
  }
  return found.sort(([left], [right]) => (left < right ? -1 : 1));
}
