/** The inspector: what is selected in the tree that is drawn, why it is kept or dropped, its tokens, and who passes through it. */
import { visible } from '../../../base/visible.ts';
import { useNode } from '../../queries/answers.ts';
import { useChoices } from '../../state/choices.ts';
import { exact, plural } from '../../text/format.ts';
import { KIND_NAMES } from '../../text/names.ts';
import { HandActs } from '../acts/hand-acts.tsx';
import { ActionPanel } from './action-panel.tsx';
import { ForkSteps } from './fork-steps.tsx';
import { HandProtection } from './hand-protection.tsx';
import { NodeStats } from './node-stats.tsx';
import { NodeText } from './node-text.tsx';
import { lazy, Suspense } from 'react';
import { NodeThrough } from './node-through.tsx';
import { NodeWhy } from './node-why.tsx';
import { NotHere } from './not-here.tsx';
import { TaskSummary } from './task-summary.tsx';

const NotesHere = lazy(() => import('../notes/notes-here.tsx'));

export function NodePanel() {
  // The decision view is about actions, whatever the drawn tree is merged by.
  const isAction = useChoices((s) => s.treeView === 'actions' || s.shape === 'decisions');
  return (
    <>
      {isAction ? <ActionPanel /> : <TokenPanel />}
      <Suspense fallback={null}>
        <NotesHere />
      </Suspense>
    </>
  );
}

function TokenPanel() {
  const chosen = useChoices((s) => s.node);
  const { data: node, error } = useNode();
  if (error)
    return (
      <p role="alert" className="m-0 p-3 text-t1 text-cut">
        This node could not be looked up: {error.message}
      </p>
    );
  if (chosen === null) return <TaskSummary />;
  if (node === null) return <NotHere what="node" />;
  if (!node) return <p className="m-0 p-3 text-t1 text-ink2">Looking it up…</p>;
  const kind = KIND_NAMES[node.kind];
  return (
    <section aria-label="Selected node" className="flex min-h-0 flex-1 flex-col bg-card">
      <div className="flex min-h-9 flex-none items-center gap-2 border-b border-line px-3 text-t1">
        <h2 className="m-0 inline-flex flex-none items-center gap-1.5 text-t1 font-[600]">
          <i className={`size-2.5 rounded-[2px] ${kind.swatch}`} />
          {kind.name}
        </h2>
        {node.tool && (
          <span className="min-w-0 truncate font-mono" title={visible(node.tool)}>
            {visible(node.tool)}
          </span>
        )}
        {node.kinds.length > 1 && (
          <span className="flex-none text-ink3" title={`Trajectories disagree: ${node.kinds.join(', ')}`}>
            mixed
          </span>
        )}
        <span className="flex-1" />
        <ForkSteps />
        <span className="flex-none text-ink3">
          {node.fork
            ? node.fork.index > 0
              ? `fork ${exact(node.fork.index)} of ${exact(node.fork.of)}`
              : plural(node.fork.of, 'fork')
            : ''}
        </span>
      </div>
      <div className="flex min-h-0 flex-1 flex-col overflow-auto min-[900px]:overflow-hidden">
        <NodeStats node={node} />
        <NodeWhy node={node} />
        <HandProtection node={node} />
        <HandActs node={node} />
        <NodeText node={node.key} />
        <NodeThrough node={node} />
      </div>
    </section>
  );
}
