/** Beside the table of counters: keep what is in force as A, or what it is compared with. */
import { useKeepAsA } from '../../queries/compare.ts';
import { usePicked } from '../../state/choices.ts';
import { percent } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';

export function CompareNote() {
  const { a, set } = usePicked((s) => ({ a: s.settingsA, set: s.set }));
  const keep = useKeepAsA();
  if (a === null)
    return (
      <Button small look="quiet" title="Then change something: both are compared" onClick={keep}>
        Keep as A
      </Button>
    );
  return (
    <span className="flex min-w-0 items-center gap-1">
      <button
        type="button"
        className="min-w-0 truncate text-ink2 underline underline-offset-2 hover:text-ink"
        onClick={() => set({ shape: 'compare', tab: 'tree' })}
      >
        against A: {a.rule.strategy}, {percent(a.budget.cut)}
      </button>
      <Button small look="quiet" title="End comparing" onClick={() => set({ settingsA: null })}>
        End
      </Button>
    </span>
  );
}
