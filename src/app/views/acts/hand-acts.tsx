/** What a person says by hand of the selected node with all below it, and of the rollout that is selected or alone passes there. */
import type { NodeAnswer } from '../../../engine/answers/looking.ts';
import { isSaidByHand, toggleByHand } from '../../state/acts.ts';
import { useChoices } from '../../state/choices.ts';
import { keycap } from '../../state/keys.ts';
import { Button } from '../../widgets/controls.tsx';

type Target = Parameters<typeof toggleByHand>[1];

export function HandActs({ node }: { readonly node: NodeAnswer }) {
  const selected = useChoices((s) => s.rollout);
  const rollouts = new Set(node.through.map(({ rolloutKey }) => rolloutKey));
  const alone = rollouts.size === 1 && node.through.length === node.throughTotal ? node.through[0] : undefined;
  const rollout = node.through.find(({ rolloutKey }) => rolloutKey === selected) ?? alone;
  return (
    <div className="flex flex-none flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-3 py-1.5 text-t1 text-ink2">
      <Says label="Node and below" target={{ node: node.key }} dropKey={keycap('x')} />
      {rollout !== undefined && (
        <Says label={`Rollout #${rollout.trajectory + 1}`} target={{ rollout: rollout.rolloutKey }} dropKey={null} />
      )}
    </div>
  );
}

function Says({ label, target, dropKey }: { readonly label: string; readonly target: Target; readonly dropKey: string | null }) {
  const acts = useChoices((s) => s.pruning.present.rule.acts);
  const isDropped = isSaidByHand(acts, 'drop', target);
  const isUntrained = isSaidByHand(acts, 'untrained', target);
  return (
    <fieldset aria-label={label} className="m-0 flex min-w-0 items-center gap-1.5 border-0 p-0">
      <span aria-hidden="true" className="whitespace-nowrap">
        {label}
      </span>
      <Button
        small
        aria-pressed={isDropped}
        look={isDropped ? 'cut' : 'plain'}
        onClick={() => toggleByHand('drop', target)}
        title={`Leave it out of the cut${dropKey === null ? '' : ` (${dropKey})`}; press again to take that back`}
      >
        {isDropped ? 'Dropped' : 'Drop'}
      </Button>
      <Button
        small
        aria-pressed={isUntrained}
        look={isUntrained ? 'cut' : 'plain'}
        onClick={() => toggleByHand('untrained', target)}
        title="Keep it as context without loss; press again to take that back"
      >
        Not trained
      </Button>
    </fieldset>
  );
}
