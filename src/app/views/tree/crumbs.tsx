/** The path from the root to the selected node, where that node stands, and what the tree is merged by. */
import { visible } from '../../../base/visible.ts';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import type { TreeView } from '../../../engine/answers/drawing.ts';
import { tokenText } from '../../../engine/words/sources.ts';
import { useAction, useNode, useTask, useTasks } from '../../queries/answers.ts';
import { useTree } from '../../queries/tree.ts';
import { useFacts } from '../../queries/opening.ts';
import { selectedIn, useChoices, usePicked } from '../../state/choices.ts';
import { exact, plural } from '../../text/format.ts';
import { Segments } from '../../widgets/controls.tsx';
import type { Choice } from '../../widgets/controls.tsx';
import { FocusNote } from './focus-note.tsx';
import { rowIn } from './row-in.ts';

const VIEWS: readonly Choice<TreeView>[] = [
  { value: 'tokens', label: 'tokens', about: 'Merged where all token ids so far are equal: what pruning and export work on' },
  {
    value: 'actions',
    label: 'actions',
    about: 'Merged where tool name and arguments are equal, each one step wide: for viewing only, since budgets cut the token tree',
  },
];

/** Steps shown of a long path; the ones before are counted. */
const TAIL = 6;

export function Crumbs() {
  const { treeView, set } = usePicked(({ treeView, set }) => ({ treeView, set }));
  return (
    <div className="flex h-8 flex-none items-center gap-3 border-t border-line bg-card px-3 text-t0 whitespace-nowrap text-ink2">
      <Path />
      <FocusNote />
      <Place />
      <Segments label="Merge by" choices={VIEWS} value={treeView} onChange={(value) => set({ treeView: value })} />
    </div>
  );
}

function Path() {
  const tasks = useTasks();
  const task = useTask();
  const node = useNode().data;
  const action = useAction().data;
  const chosen = useChoices(selectedIn);
  const { treeView, select } = usePicked(({ treeView, select }) => ({ treeView, select }));
  const path = chosen === null ? [] : ((treeView === 'actions' ? action : node)?.path ?? []);
  const shown = path.slice(-TAIL);
  const hidden = path.length - shown.length + (chosen === null || treeView === 'actions' ? 0 : (node?.pathHidden ?? 0));
  const label = task === null ? '' : visible(tasks?.label[task] ?? '');
  const whole = [label, ...path.map((step) => visible(step.label))].join(' › ');
  const { nav, isCut, look } = useCut();
  return (
    <div className="flex h-full min-w-0 flex-1 items-center">
      {isCut && (
        <span aria-hidden="true" className="flex-none">
          …
        </span>
      )}
      {/* Written from the right, so that too long a path shows its end and scrolls back to the root. */}
      <nav
        ref={nav}
        aria-label="Path to the selected node"
        title={whole}
        onScroll={look}
        className="h-full min-w-0 flex-1 overflow-x-auto [direction:rtl] [scrollbar-width:none]"
      >
        <div className={`flex h-full min-w-full items-center gap-1.5 [direction:ltr] ${path.length === 0 ? '' : 'w-max'}`}>
          <button type="button" onClick={() => select(null)} className="max-w-[180px] truncate font-mono hover:text-ink">
            {label}
          </button>
          {hidden > 0 && <span className="flex-none">› {plural(hidden, 'step')}</span>}
          {shown.map((step) => (
            <span key={step.key} className="flex flex-none items-center gap-1.5">
              <span aria-hidden="true">›</span>
              <button
                type="button"
                aria-current={step.key === chosen ? 'location' : undefined}
                onClick={() => select(step.key)}
                className="max-w-[140px] truncate hover:text-ink aria-[current]:font-[600] aria-[current]:text-ink"
              >
                {visible(step.label)}
              </button>
            </span>
          ))}
        </div>
      </nav>
    </div>
  );
}

/** Whether the beginning of the path is out of sight; `look` again when it was scrolled. */
function useCut(): { readonly nav: RefObject<HTMLElement | null>; readonly isCut: boolean; readonly look: () => void } {
  const nav = useRef<HTMLElement>(null);
  const [isCut, setCut] = useState(false);
  const look = useCallback(() => {
    const { scrollWidth = 0, clientWidth = 0, scrollLeft = 0 } = nav.current ?? {};
    // Counted from the right end, to the left below 0.
    setCut(scrollWidth - clientWidth + scrollLeft > 1);
  }, []);
  useEffect(() => {
    const observer = new ResizeObserver(look);
    // Its own width, and that of the path in it.
    for (const element of [nav.current, nav.current?.firstElementChild]) if (element) observer.observe(element);
    return () => observer.disconnect();
  }, [look]);
  return { nav, isCut, look };
}

function Place() {
  const facts = useFacts();
  const tree = useTree().data;
  const node = useNode().data;
  const chosen = useChoices((s) => s.node);
  if (!tree) return null;
  const row = tree.view === 'tokens' ? rowIn(tree, chosen) : null;
  const words =
    tree.view === 'actions'
      ? `${plural(tree.length, 'step')} merged by action`
      : row !== null && node
        ? `node ${exact(row + 1)} of ${exact(tree.length)} · depth ${plural(node.depth, 'token')}`
        : `${plural(tree.length, 'node')} · ${facts ? tokenText(facts.tokenOrigin) : ''}`;
  return (
    <span
      className="hidden max-w-[240px] flex-none truncate sm:inline"
      title={facts ? `Built from ${tokenText(facts.tokenOrigin)}` : undefined}
    >
      {words}
    </span>
  );
}
