/** Prefix cost: what training spends on the records of an export, or of the whole log, without and with shared prefixes. */
import { savePrefixCost, usePrefixCost } from '../../queries/prefix-cost.ts';
import { usePrefixCostChoice } from '../../state/prefix-cost.ts';
import { Button } from '../../widgets/controls.tsx';
import { StudyFrame } from '../studies/study-frame.tsx';
import { PackingSection } from './packing-section.tsx';
import { SettingsBar } from './settings-bar.tsx';
import { TaskTable } from './task-table.tsx';
import { TotalsTable } from './totals-table.tsx';

export function PrefixCost() {
  const state = usePrefixCost();
  const { set, model, recomputes } = usePrefixCostChoice();
  const { answer } = state;
  const bar = (
    <>
      <SettingsBar />
      <span className="flex-1" />
      <Button small disabled={answer === undefined} onClick={() => answer && savePrefixCost(answer, model, recomputes)}>
        Save as CSV
      </Button>
    </>
  );
  return (
    <StudyFrame name="Prefix cost" state={state} bar={bar} waiting="Counting tokens and keys…">
      {answer &&
        (answer.sets[set].records === 0 ? (
          <p className="m-0 max-w-[64ch] text-t1 text-ink2">
            {set === 'export'
              ? 'At this budget no record carries loss, so an export writes none. Raise the budget, or look at the whole log.'
              : 'No trajectory is left: acts drop them all.'}
          </p>
        ) : (
          <>
            <TotalsTable cost={answer.sets[set]} settings={answer.settings} />
            <TaskTable cost={answer.sets[set]} taskKeys={answer.taskKeys} />
            <PackingSection taskKeys={answer.taskKeys} />
          </>
        ))}
    </StudyFrame>
  );
}
