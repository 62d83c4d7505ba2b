import type { CatalogConfig } from '../../config/config.ts';
import type { View } from '../../graph/view.ts';
import type { CatalogControl } from '../control.ts';
import { locationRef } from '../registration.ts';

/** Where a source of the catalog comes from. */
export interface SourceOrigin {
  readonly type: string;
  readonly target: string;
  readonly configuredAt?: string;
  readonly registrationId?: string;
  readonly namedBy?: string;
}

/** Makes what tells where each source comes from, as far as the view shows it. */
export function originOfSources(
  control: CatalogControl,
  settings: CatalogConfig,
  view: View,
): (source: string) => SourceOrigin {
  const configured = new Map(settings.locations.map((location) => [locationRef(location), location.origin]));
  const registered = new Map(control.registrations(view).map((one) => [locationRef(one), one.id]));
  const parents = new Map(view.locations().map(({ ref, parentEntity }) => [ref, parentEntity]));
  return (source) => {
    const colon = source.indexOf(':');
    const [configuredAt, registrationId] = [configured.get(source), registered.get(source)];
    const isLinked = configuredAt === undefined && registrationId === undefined;
    const namedBy = isLinked ? parents.get(source) : undefined;
    return {
      type: source.slice(0, colon),
      target: source.slice(colon + 1),
      ...(configuredAt !== undefined && { configuredAt }),
      ...(registrationId !== undefined && { registrationId }),
      ...(namedBy !== undefined && view.find(namedBy) !== undefined && { namedBy }),
    };
  };
}
