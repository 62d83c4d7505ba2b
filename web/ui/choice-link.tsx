import { createLink } from '@tanstack/react-router';
import type { ComponentProps, ReactNode } from 'react';

interface ChoiceAnchorProps extends ComponentProps<'a'> {
  /** Whether this is the present choice. */
  readonly isOn: boolean;
}

/** The router calls every link to the present path current; among choices of one page only one is. */
function ChoiceAnchor({ isOn, children, ...props }: ChoiceAnchorProps): ReactNode {
  return (
    <a {...props} aria-current={isOn ? 'true' : undefined}>
      {children}
    </a>
  );
}

/** A link that is one of several choices in the query of the same page: tabs, segments, parts of a page. */
export const ChoiceLink = createLink(ChoiceAnchor);
