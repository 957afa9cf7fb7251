/** Says that the canvas shows a subtree only, and leads back to everything. */
import { useTree } from '../../queries/tree.ts';
import { exact } from '../../text/format.ts';
import { Button, Kbd } from '../../widgets/controls.tsx';
import { focusOn } from './handle.ts';
import { focus, useReport } from './reports.ts';
import { rowIn } from './row-in.ts';

export function FocusNote() {
  const focused = useReport(focus);
  const tree = useTree().data;
  const row = tree ? rowIn(tree, focused) : null;
  if (row === null) return null;
  return (
    <Button small title={`The canvas shows the subtree of node ${exact(row + 1)}`} onClick={() => focusOn(tree, null)}>
      subtree only: show all <Kbd>0</Kbd>
    </Button>
  );
}
