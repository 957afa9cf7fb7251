/** The one screen: tasks, tree, node and budget around one selection; a column with tabs where the window is narrow. */
import { Loading } from './views/entry/loading.tsx';
import { BudgetPanel } from './views/budget/budget-panel.tsx';
import { NodePanel } from './views/node/node-panel.tsx';
import { TaskList } from './views/tasks/task-list.tsx';
import { TopBar } from './views/top-bar/top-bar.tsx';
import { TreePanel } from './views/tree/tree-panel.tsx';
import { usePicked } from './state/choices.ts';
import type { Tab } from './state/choices.ts';
import { ErrorBoundary } from './widgets/error-boundary.tsx';
import { NARROW, useMedia } from './widgets/media.ts';

const TABS: readonly (readonly [Tab, string])[] = [
  ['tasks', 'Tasks'],
  ['tree', 'Tree'],
  ['node', 'Node'],
  ['budget', 'Budget'],
];

export function Workbench({ reading }: { readonly reading: boolean }) {
  const narrow = useMedia(NARROW);
  return narrow ? <Narrow reading={reading} /> : <Wide reading={reading} />;
}

function Wide({ reading }: { readonly reading: boolean }) {
  return (
    <div className="workbench h-full">
      <div className="[grid-area:top]">
        <TopBar />
        {reading && <Loading wide />}
      </div>
      <aside className="flex min-h-0 flex-col overflow-hidden border-r border-line bg-card [grid-area:tasks]">
        <ErrorBoundary name="The task list">
          <TaskList />
        </ErrorBoundary>
      </aside>
      <main className="flex min-h-0 min-w-0 flex-col [grid-area:tree]">
        <TreePanel />
      </main>
      <aside className="flex min-h-0 flex-col overflow-hidden border-l border-line bg-card [grid-area:node]">
        <ErrorBoundary name="The inspector">
          <NodePanel />
        </ErrorBoundary>
      </aside>
      <div className="min-w-0 [grid-area:budget]">
        <ErrorBoundary name="The budget panel">
          <BudgetPanel />
        </ErrorBoundary>
      </div>
    </div>
  );
}

function Narrow({ reading }: { readonly reading: boolean }) {
  const { tab, set } = usePicked(({ tab, set }) => ({ tab, set }));
  return (
    <div className="flex h-full flex-col">
      <TopBar />
      {reading && <Loading wide />}
      <main
        id="tab-panel"
        role="tabpanel"
        aria-label={TABS.find(([value]) => value === tab)?.[1]}
        className="flex min-h-0 flex-1 flex-col overflow-auto bg-card"
      >
        <ErrorBoundary key={tab} name="This view">
          {tab === 'tasks' && <TaskList />}
          {tab === 'tree' && <TreePanel />}
          {tab === 'node' && <NodePanel />}
          {tab === 'budget' && <BudgetPanel />}
        </ErrorBoundary>
      </main>
      <div
        role="tablist"
        aria-label="Views"
        className="grid flex-none grid-cols-4 border-t border-line2 bg-card pb-[env(safe-area-inset-bottom)]"
      >
        {TABS.map(([value, name]) => (
          <button
            key={value}
            type="button"
            role="tab"
            aria-selected={tab === value}
            aria-controls="tab-panel"
            onClick={() => set({ tab: value })}
            className={
              'h-12 text-t2 text-ink2 -outline-offset-2 aria-selected:bg-leaf-soft aria-selected:font-[600] ' +
              'aria-selected:text-leaf aria-selected:shadow-[inset_0_2px_var(--leaf)]'
            }
          >
            {name}
          </button>
        ))}
      </div>
    </div>
  );
}
