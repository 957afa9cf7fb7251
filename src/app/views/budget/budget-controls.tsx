/** Settings of the budget: the share as a number, strategy, mode, protection, and the train share. */
import type { KeepAnswer } from '../../../engine/answers/pruning.ts';
import { ActsControl } from '../acts/acts-control.tsx';
import { useBudget, useKeep, useSuggestedBudget } from '../../queries/answers.ts';
import { useFacts } from '../../queries/opening.ts';
import { useChoices } from '../../state/choices.ts';
import type { Target } from '../../state/looks.ts';
import { setShare, targetOf } from '../../state/suggested.ts';
import { count, exact } from '../../text/format.ts';
import { NumberField, Segments } from '../../widgets/controls.tsx';
import { Advanced } from './advanced.tsx';
import { Field } from './field.tsx';
import { Headline } from './headline.tsx';
import { PresetControl } from './preset.tsx';
import { Protect } from './protect.tsx';
import { RuleControl, fieldsAt, isShort } from './rule-control.tsx';

const TARGETS = [
  { value: 'cut', label: 'Cut', about: 'What is computed at all: a share of the total cost' },
  { value: 'train', label: 'Train', about: 'What carries loss: a share of the kept sampled tokens' },
] as const;
export function BudgetControls() {
  const facts = useFacts();
  const budget = useBudget();
  const suggested = useSuggestedBudget();
  const keep = useKeep().data;
  const set = useChoices((s) => s.set);
  const target = useChoices((s) => targetOf(s, facts));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-[5px] overflow-auto border-line p-3 min-[900px]:border-r">
      <Headline target={target} />
      <div className="flex items-center gap-1.5">
        <Segments<Target> label="Budget to set" choices={TARGETS} value={target} onChange={(value) => set({ target: value })} />
        <NumberField
          key={target}
          label={`${target} budget in percent`}
          value={budget[target] * 100}
          low={0}
          high={100}
          step={0.5}
          format={(value) => `${value.toFixed(1)}\u202f%`}
          onChange={(value) => setShare(suggested, target, value / 100, 'step')}
          className="h-[26px] w-[62px] flex-none text-t1 font-[600]"
        />
        <span className="min-w-0 truncate text-t0 text-ink2" title="training tokens, of the sampled ones that are kept">
          {target === 'cut' ? 'of the cost' : keep && <Spent target={target} keep={keep} />}
          {target === 'train' && ' tokens'}
        </span>
      </div>
      {target === 'cut' && (
        <div className="-mt-1 flex items-center gap-1.5 text-t1 text-ink2">
          {keep && <Spent target={target} keep={keep} />}
          {fieldsAt('cost').map(({ name }) => (
            <RuleControl key={name} name={name} className="h-5! border-transparent! bg-transparent pl-0! text-ink2!" />
          ))}
        </div>
      )}
      <Field name="Preset" title="Settings and budgets that belong together">
        <PresetControl />
      </Field>
      {fieldsAt('main').map(({ name, label, help }, i, all) => (
        <Field key={name} name={label} title={help}>
          {/* Beside a control that leaves room. */}
          {i === all.findLastIndex((each) => isShort(each.name)) ? (
            <span className="flex items-center gap-2">
              <RuleControl name={name} />
              <span className="flex-1" />
              <Advanced />
            </span>
          ) : (
            <RuleControl name={name} />
          )}
        </Field>
      ))}
      <Field name="Protect">
        <Protect />
      </Field>
      <Field name="Acts" title="What is said of rollouts and nodes, line by line">
        <ActsControl />
      </Field>
    </div>
  );
}

function Spent({ target, keep }: { readonly target: Target; readonly keep: KeepAnswer }) {
  const kept = target === 'cut' ? keep.cost.kept : keep.training.after;
  const total = target === 'cut' ? keep.cost.total : keep.training.before;
  return (
    <span title={`${exact(kept)} of ${exact(total)}`} className="text-ink tabular-nums">
      {count(kept)}
    </span>
  );
}
