/** The middle of the workbench: the drawn tree under its bar, with the path below it. */
import { Suspense, useCallback, useState } from 'react';
import { useTree } from '../../queries/tree.ts';
import { useChoices } from '../../state/choices.ts';
import { ErrorBoundary } from '../../widgets/error-boundary.tsx';
import { mainViewOf } from '../main/chosen.ts';
import { Crumbs } from './crumbs.tsx';
import { FilterNote } from './filter-note.tsx';
import { HoverCard } from './hover-card.tsx';
import { LinkNote } from './link-note.tsx';
import { Notice } from './notice.tsx';
import { TreeBar } from './tree-bar.tsx';

export function TreePanel() {
  const [size, setSize] = useState({ width: 800, height: 500 });
  const view = mainViewOf(useChoices((s) => s.shape));
  const { error } = useTree();
  const measure = useCallback((element: HTMLDivElement | null) => {
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <section aria-label="Tree" className="flex min-h-0 min-w-0 flex-1 flex-col">
      <TreeBar />
      <div ref={measure} data-pictured="view" className="relative min-h-0 flex-1 overflow-hidden">
        <ErrorBoundary key={view.tab} name={view.name}>
          <Suspense fallback={<p className="m-0 p-3 text-t1 text-ink2">Loading {view.name}…</p>}>
            <view.Component arrangement={view.arrangement} />
          </Suspense>
        </ErrorBoundary>
        <HoverCard width={size.width} height={size.height} />
        {error && (
          <p role="alert" className="absolute inset-x-3 top-3 m-0 rounded border border-cut bg-card p-3 text-t1 text-cut">
            This tree could not be drawn: {error.message}
          </p>
        )}
      </div>
      {(view.hasColours || view.hasPath === true) && <Crumbs />}
      <FilterNote />
      <LinkNote />
      <Notice />
    </section>
  );
}
