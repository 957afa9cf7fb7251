/** The one screen: tasks, tree, node and budget around one selection; a column with tabs where the window is narrow. */
import { lazy, startTransition, Suspense, useEffect, useState, type CSSProperties } from 'react';
import { followedFiles } from './queries/following.ts';
import { Loading } from './views/entry/loading.tsx';
import { BudgetPanel } from './views/budget/budget-panel.tsx';
import { NodePanel } from './views/node/node-panel.tsx';
import { LeftPanel } from './views/filter/left-panel.tsx';
import { TopBar } from './views/top-bar/top-bar.tsx';
import { mainViewOf } from './views/main/chosen.ts';
import { TreePanel } from './views/tree/tree-panel.tsx';
import { useChoices, usePicked } from './state/choices.ts';
import type { Tab } from './state/choices.ts';
import { useLayout, type Layout, type PaneName } from './state/layout.ts';
import { ErrorBoundary } from './widgets/error-boundary.tsx';
import { NARROW, useMedia } from './widgets/media.ts';
import { Pane } from './widgets/pane.tsx';

const FollowStrip = lazy(() => import('./views/following/follow-strip.tsx'));

/** Where files are followed. */
function Following() {
  const isFollowing = useChoices((s) => followedFiles(s.opening).length > 0);
  return isFollowing ? (
    <Suspense fallback={null}>
      <FollowStrip />
    </Suspense>
  ) : null;
}

export function Workbench({ reading }: { readonly reading: boolean }) {
  const narrow = useMedia(NARROW);
  return narrow ? <Narrow reading={reading} /> : <Wide reading={reading} />;
}

/** Panels around the main view, in the order in which they are filled: first the one on whose height that view's depends. */
const PANELS: readonly PaneName[] = ['bottom', 'left', 'right'];

/** How many of them are filled: one after the other, as all at once would hold the page up. */
function useFilled(): number {
  const [filled, setFilled] = useState(0);
  useEffect(() => {
    if (filled < PANELS.length) startTransition(() => setFilled(filled + 1));
  }, [filled]);
  return filled;
}

function Wide({ reading }: { readonly reading: boolean }) {
  const layout = useLayout((s) => s.layout);
  const filled = useFilled();
  const isFilled = (name: PaneName): boolean => PANELS.indexOf(name) < filled;
  return (
    <div className="workbench h-full" style={sizesOf(layout)}>
      <div className="[grid-area:top]">
        <TopBar />
        {reading && <Loading wide />}
        <Following />
      </div>
      <Pane name="left" label="the task list">
        <ErrorBoundary name="The task list">{isFilled('left') && <LeftPanel />}</ErrorBoundary>
      </Pane>
      <main className="flex min-h-0 min-w-0 flex-col overflow-hidden [grid-area:tree]">
        <TreePanel />
      </main>
      <Pane name="right" label="the inspector">
        <ErrorBoundary name="The inspector">{isFilled('right') && <NodePanel />}</ErrorBoundary>
      </Pane>
      <Pane name="bottom" label="the budget">
        <div className="min-h-0 overflow-auto">
          <ErrorBoundary name="The budget panel">{isFilled('bottom') && <BudgetPanel />}</ErrorBoundary>
        </div>
      </Pane>
    </div>
  );
}

/** What the style sheet's grid reads; what is not set is its own. */
function sizesOf(layout: Layout): CSSProperties {
  return Object.fromEntries(
    PANELS.flatMap((name) => {
      const { size, isFolded } = layout[name];
      return isFolded ? [[`--${name}`, 'auto']] : size === null ? [] : [[`--${name}`, `${size}px`]];
    }),
  );
}

function Narrow({ reading }: { readonly reading: boolean }) {
  const { tab, shape, set } = usePicked(({ tab, shape, set }) => ({ tab, shape, set }));
  // The view is chosen at the top; its tab here goes back to it.
  const tabs: readonly { readonly tab: Tab; readonly name: string }[] = [
    { tab: 'tasks', name: 'Tasks' },
    { tab: 'tree', name: mainViewOf(shape).tab },
    { tab: 'node', name: 'Node' },
    { tab: 'budget', name: 'Budget' },
  ];
  const chosen = tabs.find((choice) => choice.tab === tab);
  return (
    <div className="flex h-full flex-col">
      <TopBar />
      {reading && <Loading wide />}
      <Following />
      <main id="tab-panel" role="tabpanel" aria-label={chosen?.name} className="flex min-h-0 flex-1 flex-col overflow-auto bg-card">
        <ErrorBoundary key={tab} name="This view">
          {tab === 'tasks' && <LeftPanel />}
          {tab === 'tree' && <TreePanel />}
          {tab === 'node' && <NodePanel />}
          {tab === 'budget' && <BudgetPanel />}
        </ErrorBoundary>
      </main>
      <div
        role="tablist"
        aria-label="Views"
        style={{ gridTemplateColumns: `repeat(${tabs.length}, minmax(0, 1fr))` }}
        className="grid flex-none border-t border-line2 bg-card pb-[env(safe-area-inset-bottom)]"
      >
        {tabs.map((choice) => (
          <button
            key={choice.tab}
            type="button"
            role="tab"
            aria-selected={choice === chosen}
            aria-controls="tab-panel"
            onClick={() => set({ tab: choice.tab })}
            className={
              'h-12 text-t2 text-ink2 -outline-offset-2 aria-selected:bg-leaf-soft aria-selected:font-[600] ' +
              'aria-selected:text-leaf aria-selected:shadow-[inset_0_2px_var(--leaf)]'
            }
          >
            {choice.name}
          </button>
        ))}
      </div>
    </div>
  );
}
