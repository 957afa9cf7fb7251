/** One line about which handle this log is suited for, and what to look at where rollouts share only their prompt. */
import { useFacts } from '../../queries/opening.ts';
import { usePicked } from '../../state/choices.ts';
import { Button } from '../../widgets/controls.tsx';

export function Notice() {
  const facts = useFacts();
  const { hintClosed, treeView, set } = usePicked(({ hintClosed, treeView, set }) => ({ hintClosed, treeView, set }));
  if (!facts || hintClosed) return null;
  const { target, because } = facts.suited;
  return (
    // A window that is too low for both shows the tree.
    <div role="note" className="flex flex-none flex-wrap items-center [@media(max-height:559px)]:hidden gap-x-3 gap-y-1 border-t border-line bg-leaf-soft px-3 py-1.5 text-t1">
      <span className="min-w-0 flex-1"><b className="font-[600]">Opened on the {target} budget.</b> {because}</span>
      {target === 'train' && treeView === 'tokens' && <Button small onClick={() => set({ treeView: 'actions' })}>Merge by actions</Button>}
      <Button small look="quiet" aria-label="Close this note" onClick={() => set({ hintClosed: true })}>✕</Button>
    </div>
  );
}
