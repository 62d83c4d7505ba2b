import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { parseEntityRef } from '../../../src/model/ref.ts';
import type { BoxActions } from './graph-box.tsx';
import { GraphCanvas } from './graph-canvas.tsx';
import type { Box } from './scene.ts';
import type { LaidOut } from './use-layout.ts';

/** The drawing with what its boxes do; before it is laid out, its place. */
export function GraphPicture({
  laidOut,
  picture,
  label,
  selected,
  select,
  actions,
}: {
  readonly laidOut: LaidOut | undefined;
  readonly picture: string;
  readonly label: string;
  readonly selected: string | undefined;
  readonly select: (id: string) => void;
  readonly actions: {
    readonly peek: (ref: string) => void;
    readonly makeRoot: (ref: string) => void;
    readonly toggleOpen: (id: string) => void;
    readonly openLabel: (box: Box) => string | undefined;
  };
}): ReactNode {
  const router = useRouter();
  const boxActions = useMemo(
    (): BoxActions => ({
      select,
      enter: ({ id, entity }) => {
        if (entity) actions.peek(entity.ref);
        else actions.toggleOpen(id);
      },
      makeRoot: actions.makeRoot,
      toggleOpen: actions.toggleOpen,
      canOpen: (box) => {
        const openLabel = actions.openLabel(box);
        return openLabel !== undefined && openLabel !== 'Close';
      },
      hrefOf: (ref) => {
        const params = parseEntityRef(ref);
        return params ? router.buildLocation({ to: '/catalog/$kind/$namespace/$name', params }).href : '';
      },
    }),
    [router, select, actions],
  );
  if (!laidOut) return <div className="graph-canvas" aria-busy="true" />;
  return <GraphCanvas laidOut={laidOut} picture={picture} label={label} selected={selected} actions={boxActions} />;
}
