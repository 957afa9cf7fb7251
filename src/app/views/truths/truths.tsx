/** Ground truths: how far rollouts are from them, the rewards that follow, and what stopping early would come to. */
import { MAX_ACT_KEYS } from '../../../base/bounds.ts';
import { TRUTH_CHOICE_NAMES, TRUTH_CHOICES, type TruthChoice, type TruthSettings } from '../../../core/truths/settings.ts';
import { dropBeyond, saveTruths, useTruths, useTruthStops } from '../../queries/truths.ts';
import { useChoices } from '../../state/choices.ts';
import { useSelection } from '../../state/selection.ts';
import { chooseTruths, ruleByRelative, useTruthsChoice } from '../../state/truths.ts';
import { plural } from '../../text/format.ts';
import { Button, Segments, Select } from '../../widgets/controls.tsx';
import { StudyFrame } from '../studies/study-frame.tsx';
import { PairsTable } from './pairs-table.tsx';
import { RolloutRows } from './rollout-rows.tsx';
import { StopCard } from './stop-card.tsx';
import { TaskRows } from './task-rows.tsx';
import { TruthsSummary } from './truths-summary.tsx';

const LABELS: Readonly<Record<TruthChoice, string>> = {
  from: 'Ground truths are',
  tools: 'Calls that count',
  answer: 'Final answer',
  patch: 'Final patch',
  user: 'Calls of the user',
  itself: 'Rollouts that are ground truths',
  formula: 'Relative reward',
};
const SHOWN = [
  { value: 'rollouts' as const, label: 'rollouts', about: 'A row for each rollout' },
  { value: 'tasks' as const, label: 'tasks', about: 'What the threshold stops in each task' },
];

function said(what: Promise<void>, words: string): void {
  what.catch((error: unknown) =>
    useChoices.getState().set({ notice: `${words}: ${error instanceof Error ? error.message : String(error)}` }),
  );
}

export function Truths() {
  const state = useTruths();
  const { threshold, shown, rollout } = useTruthsChoice();
  const { answer, isOld } = state;
  const stops = useTruthStops(answer === undefined || isOld ? null : answer);
  const bar = (
    <>
      <SettingsBar />
      <span className="flex-1" />
      <Button
        small
        disabled={answer === undefined || isOld}
        onClick={() => answer && said(saveTruths(answer.settings, threshold), 'The table could not be saved')}
      >
        Save as CSV
      </Button>
    </>
  );
  return (
    <StudyFrame name="Ground truths" state={state} bar={bar} waiting="Comparing calls with ground truths…">
      {answer && (
        <div className="relative flex flex-col gap-3">
          <TruthsSummary answer={answer} />
          {answer.judged.rollouts > 0 && (
            <StopCard
              answer={answer}
              stops={stops}
              onDrop={() => said(dropBeyond(answer.settings, threshold), 'The act could not be added')}
            />
          )}
          <section aria-label="Rollouts and tasks" className="flex flex-col rounded border border-line bg-card">
            <div className="flex flex-wrap items-center gap-3 border-b border-line px-3 py-2 text-t1">
              <Segments label="Rows" choices={SHOWN} value={shown} onChange={(next) => useTruthsChoice.setState({ shown: next })} />
              <span className="text-t0 text-ink2">
                {shown === 'rollouts'
                  ? 'A rollout leads to its transcript, a deviation to its node in the tree, a discrepancy to the calls side by side.'
                  : `At more than ${plural(threshold, 'call')}; a task leads to its tree.`}
              </span>
            </div>
            <div className="flex h-[380px] flex-col">
              {shown === 'rollouts' ? <RolloutRows answer={answer} stops={stops} /> : <TaskRows answer={answer} stops={stops} />}
            </div>
          </section>
          {rollout !== null && <PairsTable answer={answer} />}
        </div>
      )}
    </StudyFrame>
  );
}

function SettingsBar() {
  const settings = useTruthsChoice((s) => s.settings);
  const isRuled = useChoices((s) => s.pruning.present.rule.reward === 'relative');
  const selected = useSelection((s) => s.keys);
  const choose = (name: TruthChoice, value: string): void => {
    const change: Partial<TruthSettings> = { [name]: value };
    const chosen = name === 'from' && value === 'chosen' ? { chosen: [...selected].sort().slice(0, MAX_ACT_KEYS) } : {};
    chooseTruths({ ...change, ...chosen });
  };
  return (
    <>
      {TRUTH_CHOICE_NAMES.map((name) => (
        <Select
          key={name}
          label={LABELS[name]}
          choices={TRUTH_CHOICES[name].map(({ id, label, help }) => ({ value: id as string, label, about: `${LABELS[name]}: ${help}` }))}
          value={settings[name]}
          onChange={(value) => choose(name, value)}
          className="max-w-[190px]"
        />
      ))}
      {settings.from === 'chosen' && (
        <Button
          small
          title={`Takes the rollouts that are selected now, in the table or elsewhere; at most ${plural(MAX_ACT_KEYS, 'rollout')}`}
          onClick={() => choose('from', 'chosen')}
        >
          Take the {plural(Math.min(MAX_ACT_KEYS, selected.size), 'selected rollout')}
        </Button>
      )}
      <label title="Advantages, and strategies that go by reward, use the relative reward" className="flex items-center gap-1.5">
        <input type="checkbox" checked={isRuled} onChange={(event) => ruleByRelative(event.target.checked)} />
        Advantages go by it
      </label>
    </>
  );
}
