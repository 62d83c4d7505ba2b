import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Folder of third-party catalogs and recorded answers, beside the checkout. Read in tests, never copied. */
export const sharedInputs = fileURLToPath(new URL('../../../shared/inputs', import.meta.url));

/** True where the shared inputs are there. CI without them fails before any test. */
export const hasSharedInputs = existsSync(sharedInputs);
