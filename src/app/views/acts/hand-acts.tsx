/** What a person says of the selected node by hand: dropped with all below it, or not trained. */
import type { NodeKey } from '../../../core/model/node-key.ts';
import { isSaidByHand, toggleByHand } from '../../state/acts.ts';
import { useChoices } from '../../state/choices.ts';
import { keycap } from '../../state/keys.ts';
import { Button } from '../../widgets/controls.tsx';

export function HandActs({ node }: { readonly node: NodeKey }) {
  const acts = useChoices((s) => s.pruning.present.rule.acts);
  const isDropped = isSaidByHand(acts, 'drop', { node });
  const isUntrained = isSaidByHand(acts, 'untrained', { node });
  return (
    <fieldset
      aria-label="Acts on this node and all below it"
      className="m-0 flex min-w-0 flex-none flex-wrap items-center gap-2 border-b border-line px-3 py-1.5 text-t1 text-ink2"
    >
      With all below it
      <Button
        small
        aria-pressed={isDropped}
        look={isDropped ? 'cut' : 'plain'}
        onClick={() => toggleByHand('drop', { node })}
        title={`Leave it out of the cut (${keycap('x')})`}
      >
        {isDropped ? 'Dropped' : 'Drop'}
      </Button>
      <Button small aria-pressed={isUntrained} onClick={() => toggleByHand('untrained', { node })} title="Keep it as context without loss">
        Not trained
      </Button>
    </fieldset>
  );
}
