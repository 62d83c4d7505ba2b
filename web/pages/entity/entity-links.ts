import type { RenderedEntity } from '../../../src/model/entity.ts';

/** A link that an entity declares, or that its annotations mean. */
export interface EntityWebLink {
  readonly url: string;
  readonly title: string;
  /** Declared word for its picture, e.g. `docs`. */
  readonly icon: string | undefined;
  /** False where the address may not be followed: a descriptor could say `javascript:`. */
  readonly isWeb: boolean;
}

/** Annotations that lead to the file or the code, and what a link says. */
const ANNOTATIONS = [
  ['backstage.io/source-location', 'Source', 'code'],
  ['backstage.io/view-url', 'View descriptor', 'file'],
  ['backstage.io/edit-url', 'Edit descriptor', 'edit'],
] as const;

/** All links of an entity: what it declares, then where its code and its file are. */
export function entityLinks({ metadata }: RenderedEntity): readonly EntityWebLink[] {
  const declared = (metadata.links ?? []).flatMap(({ url, title, icon }) =>
    typeof url === 'string'
      ? [
          {
            url,
            title: typeof title === 'string' && title !== '' ? title : url,
            icon: typeof icon === 'string' ? icon : undefined,
            isWeb: isWebUrl(url),
          },
        ]
      : [],
  );
  const annotated = ANNOTATIONS.flatMap(([annotation, title, icon]) => {
    const url = metadata.annotations?.[annotation]?.replace(/^url:/, '');
    return url !== undefined && isWebUrl(url) ? [{ url, title, icon, isWeb: true }] : [];
  });
  return [...declared, ...annotated];
}

/** Web address of the file that declares an entity, where it has one. */
export function filePage(entity: RenderedEntity): string | undefined {
  const viewed = entity.metadata.annotations?.['backstage.io/view-url'];
  const located = entity.metadata.annotations?.['backstage.io/managed-by-location']?.replace(/^url:/, '');
  return [viewed, located].find((url) => url !== undefined && isWebUrl(url));
}

function isWebUrl(url: string): boolean {
  return /^https?:\/\//i.test(url);
}
