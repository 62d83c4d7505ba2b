import type { Policy } from '../../src/access/policy.ts';

/** Everybody may do everything. */
export const allowAll: Policy = { decide: () => ({ result: 'allow' }) };
