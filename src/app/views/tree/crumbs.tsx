/** The path from the root to the selected node, and where that node stands. */
import { useNode, useTask, useTasks, useTree } from '../../queries/answers.ts';
import { useFacts } from '../../queries/opening.ts';
import { useChoices } from '../../state/choices.ts';
import { exact } from '../../text/format.ts';
import { Segments } from '../../widgets/controls.tsx';
import type { Choice } from '../../widgets/controls.tsx';
import type { TreeView } from '../../../engine/answers.ts';

const VIEWS: readonly Choice<TreeView>[] = [
  { value: 'tokens', label: 'tokens', about: 'Merged where all token ids so far are equal: what pruning and export work on' },
  { value: 'actions', label: 'actions', about: 'Merged where tool name and arguments are equal: for looking, nothing is cut here' },
];

/** Steps shown of a long path: the first and the last ones; the rest is counted. */
const HEAD = 2;
const TAIL = 4;

export function Crumbs() {
  const facts = useFacts();
  const tasks = useTasks();
  const task = useTask();
  const tree = useTree().data;
  const chosen = useChoices((s) => s.node);
  const node = useNode().data;
  const { treeView, selectNode, set } = useChoices();
  const path = chosen === null || !node ? [] : node.path;
  const hidden = Math.max(0, path.length - HEAD - TAIL);
  const shown = hidden > 1 ? [...path.slice(0, HEAD), ...path.slice(-TAIL)] : path;
  return (
    <div className="flex h-8 flex-none items-center gap-2 border-t border-line bg-card px-3 text-t0 whitespace-nowrap text-ink2">
      <nav aria-label="Path to the selected node" className="flex min-w-0 flex-1 items-center gap-1.5 overflow-hidden">
        <button type="button" onClick={() => selectNode(null)} className="max-w-[220px] truncate font-mono hover:text-ink">{task === null ? '' : (tasks?.label[task] ?? '')}</button>
        {shown.map((step, i) => (
          <span key={step.node} className="flex min-w-0 items-center gap-1.5">
            {hidden > 1 && i === HEAD && <><span aria-hidden="true">›</span><span>{exact(hidden)} more</span></>}
            <span aria-hidden="true">›</span>
            <button type="button" aria-current={i === shown.length - 1 ? 'location' : undefined} onClick={() => selectNode(step.node)} className="max-w-[140px] truncate hover:text-ink aria-[current]:font-[600] aria-[current]:text-ink">{step.label}</button>
          </span>
        ))}
      </nav>
      {tree && (
        <span className="hidden flex-none sm:inline" title={facts ? `Built on ${facts.tokenSource}` : undefined}>
          {chosen !== null && node ? `node ${exact(node.node - tree.firstNode + 1)} of ${exact(tree.length)} · depth ${exact(node.depth)} tokens` : `${exact(tree.length)} nodes · ${facts?.tokenSource ?? ''}`}
        </span>
      )}
      <Segments label="Merge by" choices={VIEWS} value={treeView} onChange={(value) => set({ treeView: value })} />
    </div>
  );
}
