/** Says that the canvas shows a subtree only, and leads back to everything. */
import { exact } from '../../text/format.ts';
import { Button, Kbd } from '../../widgets/controls.tsx';
import { focusOn } from './handle.ts';
import { focus, useReport } from './reports.ts';

export function FocusNote() {
  const focused = useReport(focus);
  if (focused === null) return null;
  return (
    <Button small title={`The canvas shows the subtree of node ${exact(focused + 1)}`} onClick={() => focusOn(null)}>
      subtree only: show all <Kbd>0</Kbd>
    </Button>
  );
}
