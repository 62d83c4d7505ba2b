import { useId } from 'react';
import type { ReactNode } from 'react';

/** A titled part of a page. `aside` stands at the right of the title, faint. */
export function Panel({
  title,
  aside,
  children,
}: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
        {aside !== undefined && <span className="panel-aside">{aside}</span>}
      </div>
      {children}
    </section>
  );
}

/** The head of a page: its one h1, a faint line below, and what can be done at the right. */
export function PageHead({
  title,
  above,
  sub,
  actions,
}: {
  readonly title: ReactNode;
  readonly above?: ReactNode;
  readonly sub?: ReactNode;
  readonly actions?: ReactNode;
}): ReactNode {
  return (
    <header className="page-head">
      <div className="page-head-text">
        {above !== undefined && <div className="page-above">{above}</div>}
        <h1>{title}</h1>
        {sub !== undefined && <div className="page-sub">{sub}</div>}
      </div>
      {actions !== undefined && <div className="page-actions">{actions}</div>}
    </header>
  );
}
