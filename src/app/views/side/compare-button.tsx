/** Over the rollout table: keeps the selected rollout, then lays it side by side with the one that is selected next. */
import { visible } from '../../../base/visible.ts';
import { useRollouts } from '../../queries/rollouts.ts';
import { usePicked } from '../../state/choices.ts';
import { Button } from '../../widgets/controls.tsx';

export function CompareButton() {
  const { rollout, other, set } = usePicked((s) => ({ rollout: s.rollout, other: s.other, set: s.set }));
  const rollouts = useRollouts();
  const ids = rollouts?.columns.find(({ id }) => id === 'id');
  const at = other === null ? -1 : (rollouts?.keys.indexOf(other) ?? -1);
  const name = ids?.type === 'text' && at >= 0 ? visible(ids.words[ids.codes[at] ?? -1] ?? '') : '';
  if (other === null || at < 0)
    return (
      <Button
        small
        disabled={rollout === null}
        title="Keeps the selected rollout; select another one next"
        onClick={() => set({ other: rollout })}
      >
        Compare…
      </Button>
    );
  if (other === rollout)
    return (
      <Button small title="Select another row, or press to let go" onClick={() => set({ other: null })}>
        {name} with: select a row
      </Button>
    );
  return (
    <Button small look="go" disabled={rollout === null} onClick={() => set({ rollout: other, other: rollout, shape: 'side', tab: 'tree' })}>
      Compare with {name}
    </Button>
  );
}
