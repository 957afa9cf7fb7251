/** To the fork before and after what is selected, in the tree that is drawn. */
import { nodeKeyOf } from '../../../core/model/node-key.ts';
import { useTree } from '../../queries/tree.ts';
import { selectedIn, useChoices } from '../../state/choices.ts';
import { Button, Kbd } from '../../widgets/controls.tsx';
import { forkBeside } from '../tree/forks.ts';
import { rowIn } from '../tree/row-in.ts';

export function ForkSteps() {
  const tree = useTree().data;
  const go = (step: 1 | -1): void => {
    const choices = useChoices.getState();
    const chosen = selectedIn(choices);
    const fork = tree && forkBeside(tree, rowIn(tree, chosen), step);
    if (tree && fork !== null && fork !== undefined) choices.select(nodeKeyOf(tree.keys, fork));
  };
  return (
    <span className="flex flex-none gap-1">
      <Button look="quiet" small className="px-0!" aria-label="Previous fork" onClick={() => go(-1)}>
        <Kbd>[</Kbd>
      </Button>
      <Button look="quiet" small className="px-0!" aria-label="Next fork" onClick={() => go(1)}>
        <Kbd>]</Kbd>
      </Button>
    </span>
  );
}
