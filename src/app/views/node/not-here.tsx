/** What stands in the inspector where the open log lacks the selected node: a link may name one of another log. */
import { useFacts } from '../../queries/opening.ts';
import { useChoices } from '../../state/choices.ts';
import { Button } from '../../widgets/controls.tsx';

export function NotHere({ what }: { readonly what: 'node' | 'action' }) {
  const complete = useFacts()?.complete ?? false;
  const select = useChoices((s) => s.select);
  return (
    <div className="flex items-center gap-2 p-3 text-t1 text-ink2">
      <p className="m-0 flex-1">
        The selected {what} is not in {complete ? 'this log' : 'what has been read of this log'}.
      </p>
      <Button small onClick={() => select(null)}>
        Clear the selection
      </Button>
    </div>
  );
}
