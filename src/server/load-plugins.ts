import { pathToFileURL } from 'node:url';
import type { Clock } from '../base/clock.ts';
import { CallboardError, errorMessage } from '../base/errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { pluginApiVersion } from '../manifest/plugin-api.ts';
import type { ManifestOrigin } from './compose.ts';
import { serverError } from './errors.ts';

/**
 * Loads the manifests of plugins, one after the other in the order of the configuration. A plugin that cannot be loaded
 * stops the start: an installation that silently misses a part is worse than one that says why it does not run.
 *
 * @param paths absolute paths of ES modules, each with an export `manifest`
 * @param options clock and the time that one module may take, in milliseconds
 * @throws PLUGIN_LOAD_FAILED, PLUGIN_LOAD_TIMEOUT
 */
export async function loadPlugins(
  paths: readonly string[],
  options: { readonly clock: Clock; readonly timeoutMs: number },
): Promise<readonly ManifestOrigin[]> {
  const origins: ManifestOrigin[] = [];
  for (const plugin of paths) origins.push({ manifest: await loadManifest(plugin, options), plugin });
  return origins;
}

async function loadManifest(
  plugin: string,
  { clock, timeoutMs }: { readonly clock: Clock; readonly timeoutMs: number },
): Promise<Manifest> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = clock.after(timeoutMs, () =>
    reject(serverError('PLUGIN_LOAD_TIMEOUT', { plugin, seconds: timeoutMs / 1000 })),
  );
  try {
    const module = (await Promise.race([import(pathToFileURL(plugin).href), late])) as Readonly<
      Record<string, unknown>
    >;
    const { manifest, pluginApiVersion: madeFor } = module;
    if (madeFor !== undefined && madeFor !== pluginApiVersion) {
      const problem = `it is made for version ${JSON.stringify(madeFor)} of the plugin API, and this is version ${pluginApiVersion}`;
      throw serverError('PLUGIN_LOAD_FAILED', { plugin, problem });
    }
    if (manifest === undefined) {
      throw serverError('PLUGIN_LOAD_FAILED', { plugin, problem: 'the module has no export named manifest' });
    }
    // Its shape is checked where all manifests are composed.
    return manifest as Manifest;
  } catch (error) {
    if (error instanceof CallboardError && error.code.startsWith('PLUGIN_')) throw error;
    throw serverError('PLUGIN_LOAD_FAILED', { plugin, problem: errorMessage(error) }, error);
  } finally {
    timer.cancel();
  }
}
