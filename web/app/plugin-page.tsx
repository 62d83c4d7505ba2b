import { useRouter, useRouterState } from '@tanstack/react-router';
import { Component, createElement, Suspense, use, useEffect } from 'react';
import type { ComponentType, ReactNode } from 'react';
import { describeFailure } from '../data/failure.ts';
import { useUi } from '../data/use-ui.ts';
import { useDocumentTitle } from '../ui/document-title.ts';
import { FailureNotice, type Failure } from '../ui/notice.tsx';
import { PageHead } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { oldPathTarget } from './old-path.ts';

interface PageModule {
  readonly default: ComponentType;
}

function isPageModule(module: unknown): module is PageModule {
  return typeof module === 'object' && module !== null && 'default' in module && typeof module.default === 'function';
}

async function loadPage(url: string): Promise<PageModule> {
  const module: unknown = await import(/* @vite-ignore */ url);
  if (!isPageModule(module)) throw new Error(`The module ${url} has no default export that is a React component.`);
  return module;
}

/** Modules by URL: asked for once, as a browser loads a module once. */
const modulesByUrl = new Map<string, Promise<PageModule>>();

function moduleOf(url: string): Promise<PageModule> {
  const module = modulesByUrl.get(url) ?? loadPage(url);
  modulesByUrl.set(url, module);
  return module;
}

/** A page that a plugin brings: its module is loaded from the server; its failure stays its own. */
export function PluginPage(): ReactNode {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const ui = useUi();
  const page = ui.data?.pages.find((candidate) => candidate.module !== undefined && isPathOf(candidate.path, path));
  useDocumentTitle(page?.title ?? 'Page');
  if (ui.failure && !ui.data) return <FailureNotice failure={ui.failure} />;
  if (!ui.data) return <Skeleton rows={4} label="Loading the page" />;
  if (page?.module === undefined) return <NoPluginPage />;
  return (
    <PluginBoundary key={page.module} title={page.title}>
      <Suspense fallback={<Skeleton rows={4} label={`Loading ${page.title}`} />}>
        <PluginContent url={page.module} />
      </Suspense>
    </PluginBoundary>
  );
}

/** Leads on from the places that Backstage has. A plugin may have a page by such a name, so this comes after all of them. */
function NoPluginPage(): ReactNode {
  const { history } = useRouter();
  const { pathname, search } = history.location;
  const target = oldPathTarget(pathname, search);
  useEffect(() => {
    if (target !== undefined) history.replace(target);
  }, [history, target]);
  return target === undefined ? <NotFoundPage /> : null;
}

function PluginContent({ url }: { readonly url: string }): ReactNode {
  return createElement(use(moduleOf(url)).default);
}

function isPathOf(pagePath: string, path: string): boolean {
  return path === pagePath || path.startsWith(`${pagePath}/`);
}

interface BoundaryProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** Catches what a plugin's page throws, so that the rest goes on. React has error boundaries as classes only. */
class PluginBoundary extends Component<BoundaryProps, { readonly failure: Failure | undefined }> {
  override state: { readonly failure: Failure | undefined } = { failure: undefined };

  static getDerivedStateFromError(thrown: unknown): { readonly failure: Failure } {
    const { detail } = describeFailure(thrown);
    return { failure: { title: 'The page of this plugin failed.', detail, code: 'PLUGIN_PAGE_FAILED' } };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (!failure) return this.props.children;
    return (
      <>
        <PageHead title={this.props.title} />
        <FailureNotice failure={failure} onRetry={() => location.reload()} />
      </>
    );
  }
}
