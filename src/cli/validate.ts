import { isAbsolute, relative } from 'node:path';
import { validatePaths } from '../catalog/validate-files.ts';
import type { FileVerdict } from '../catalog/validate-files.ts';
import { loadConfig, locationsOf } from '../config/load-config.ts';
import type { Flags } from '../config/load-config.ts';
import { fileLabel } from '../config/yaml-file.ts';
import { commandFailure } from './errors.ts';
import { exitCodes } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import type { OutputFormat } from './definition.ts';
import { findingLines, plural, severityCounts } from './finding-text.ts';
import type { Surroundings } from './surroundings.ts';

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

function report(verdicts: readonly FileVerdict[], cwd: string): readonly string[] {
  const findings = verdicts.flatMap(({ file, documents }) =>
    documents.flatMap(({ errors, warnings }) => [
      ...errors.map((item) => ({ file, severity: 'error' as const, ...item })),
      ...warnings.map((item) => ({ file, severity: 'warning' as const, ...item })),
    ]),
  );
  const documents = verdicts.reduce((sum, verdict) => sum + verdict.documents.length, 0);
  const lines = findings.flatMap(({ file, ...item }) => findingLines(fileLabel(file, cwd), item));
  return [
    ...lines,
    `${plural(documents, 'document')} in ${plural(verdicts.length, 'file')}: ${severityCounts(findings)}`,
  ];
}

/** Files as the user names them: from the working folder where all paths were given so. */
function named(verdicts: readonly FileVerdict[], { paths }: ValidateRequest, { cwd }: Surroundings) {
  if (paths.length === 0 || paths.some((path) => isAbsolute(path))) return verdicts;
  return verdicts.map((verdict) => ({ ...verdict, file: relative(cwd, verdict.file) }));
}

/** `callboard validate`: exit code 1 where a document is not valid; warnings are shown and change nothing. */
export async function runValidate(request: ValidateRequest, surroundings: Surroundings): Promise<ExitCode> {
  const verdicts = await validatePaths(await targetsOf(request, surroundings));
  if (request.output === 'json') surroundings.out(JSON.stringify(named(verdicts, request, surroundings), undefined, 2));
  else surroundings.out(report(verdicts, surroundings.cwd).join('\n'));
  const isValid = verdicts.every(({ documents }) => documents.every(({ ok }) => ok));
  return isValid ? exitCodes.ok : exitCodes.failure;
}
