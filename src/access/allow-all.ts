import type { Policy } from './policy.ts';

/**
 * The built-in policy until roles exist: everything is readable and writable for guests. The server only uses it
 * while it listens on loopback or where the configuration says so.
 */
export const allowAll: Policy = { decide: () => ({ result: 'allow' }) };
