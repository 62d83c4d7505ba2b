/**
 * What a plugin's page imports as `callboard-ui`: the parts that Callboard's own pages are drawn with, and the data as
 * they read it. The names are stable within a major version of `pluginUiVersion`.
 * @module
 */
export { Age } from '../ui/age.tsx';
export { CopyButton } from '../ui/copy-button.tsx';
export { useDocumentTitle } from '../ui/document-title.ts';
export { EntityLink } from '../ui/entity-link.tsx';
export { KindGlyph } from '../ui/kind-glyph.tsx';
export { LocationText } from '../ui/location-text.tsx';
export { Mark } from '../ui/mark.tsx';
export { Empty, FailureNotice } from '../ui/notice.tsx';
export { Pager } from '../ui/pager.tsx';
export { PageHead, Panel } from '../ui/panel.tsx';
export { Skeleton } from '../ui/skeleton.tsx';
export { api } from '../data/session.ts';
export { useResource } from '../data/use-resource.ts';
export { useUi } from '../data/use-ui.ts';

/** Version of this module's interface. */
export const pluginUiVersion = 1;
