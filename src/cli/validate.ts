import { validatePaths } from '../catalog/validate-files.ts';
import type { FileVerdict, VerdictItem } from '../catalog/validate-files.ts';
import { loadConfig, locationsOf } from '../config/load-config.ts';
import type { Flags } from '../config/load-config.ts';
import { fileLabel } from '../config/yaml-file.ts';
import { commandFailure } from './errors.ts';
import { exitCodes } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import type { OutputFormat } from './program.ts';
import type { Surroundings } from './surroundings.ts';
import { printable } from './text-table.ts';

/** What `callboard validate` was told. */
export interface ValidateRequest {
  /** Files, folders and globs; none: the locations of the configuration. */
  readonly paths: readonly string[];
  readonly flags: Flags;
  readonly output: OutputFormat;
}

async function targetsOf(
  { paths, flags }: ValidateRequest,
  { cwd, env, err }: Surroundings,
): Promise<readonly string[]> {
  if (paths.length > 0) return locationsOf(paths, cwd).map(({ target }) => target);
  const { config, notices } = await loadConfig({ cwd, env, flags });
  for (const notice of notices) err(`Note: ${notice}`);
  if (config.catalog.locations.length === 0 || config.demo) {
    const reason = 'name files or folders, or configure catalog.locations';
    throw commandFailure('ARGUMENT_INVALID', { argument: 'paths', reason });
  }
  const { locations } = config.catalog;
  const files = locations.filter(({ type }) => type === 'file').map(({ target }) => target);
  const others = locations.length - files.length;
  if (others > 0)
    err(`Note: ${others} of ${locations.length} locations are URLs or repositories, which are not read here`);
  return files;
}

function itemLines(file: string, severity: string, item: VerdictItem): string[] {
  const place = `${printable(file)}:${item.line}:${item.column}`;
  const at = item.path === '' ? '' : `${item.path}: `;
  const fix = item.fix === undefined ? [] : [`    -> ${printable(item.fix)}`];
  return [`${place}  ${severity}  ${printable(at + item.message)}  (${item.code})`, ...fix];
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function report(verdicts: readonly FileVerdict[], cwd: string): string[] {
  const documents = verdicts.flatMap((verdict) => verdict.documents);
  const lines = verdicts.flatMap((verdict) => {
    const file = fileLabel(verdict.file, cwd);
    return verdict.documents.flatMap(({ errors, warnings }) => [
      ...errors.flatMap((item) => itemLines(file, 'error', item)),
      ...warnings.flatMap((item) => itemLines(file, 'warning', item)),
    ]);
  });
  const count = (key: 'errors' | 'warnings'): number =>
    documents.reduce((sum, document) => sum + document[key].length, 0);
  const found = `${plural(count('errors'), 'error')}, ${plural(count('warnings'), 'warning')}`;
  return [...lines, `${plural(documents.length, 'document')} in ${plural(verdicts.length, 'file')}: ${found}`];
}

/** `callboard validate`: exit code 1 where a document is not valid; warnings are shown and change nothing. */
export async function runValidate(request: ValidateRequest, surroundings: Surroundings): Promise<ExitCode> {
  const verdicts = await validatePaths(await targetsOf(request, surroundings));
  if (request.output === 'json') surroundings.out(JSON.stringify({ files: verdicts }, undefined, 2));
  else surroundings.out(report(verdicts, surroundings.cwd).join('\n'));
  const isValid = verdicts.every(({ documents }) => documents.every(({ ok }) => ok));
  return isValid ? exitCodes.ok : exitCodes.failure;
}
