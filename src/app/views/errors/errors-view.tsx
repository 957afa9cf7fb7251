/** Errors: the rules with their switches and counts, and the turns that they hit. */
import { useErrors, useErrorSettings, useRolloutNames, chooseErrors, saveErrorHits } from '../../queries/errors.ts';
import { useExporting } from '../../state/exporting.ts';
import { Button, NumberField, Segments } from '../../widgets/controls.tsx';
import { exact, percent, plural } from '../../text/format.ts';
import type { ErrorsAnswer } from '../../../engine/answers/errors.ts';
import { LATEST } from '../../../core/errors/find.ts';
import { StudyFrame } from '../studies/study-frame.tsx';
import { HitList } from './hit-list.tsx';
import { OverlapTable } from './overlap-table.tsx';
import { RuleTable } from './rule-table.tsx';

const CORRECTIONS = [
  { value: 'mask' as const, label: 'mask all', about: 'Every turn that a rule hits carries no loss' },
  {
    value: 'recovery' as const,
    label: 'train recoveries',
    about: 'Turns that a rule hits carry no loss, but for one that corrects an earlier error and is only a repeated call',
  },
  { value: 'keep' as const, label: 'keep corrected', about: 'A turn whose errors are all corrected later carries loss too' },
];

export function ErrorsView() {
  const state = useErrors();
  const { corrections, correctedWithin } = useErrorSettings();
  const { maskErrors, choose } = useExporting();
  const nameOf = useRolloutNames();
  const { answer } = state;
  const bar = (
    <>
      <label className="flex items-center gap-1.5" title="The export dialog has the same switch">
        <input type="checkbox" checked={maskErrors} onChange={() => choose({ maskErrors: !maskErrors })} />
        Mask failed turns in exports
      </label>
      <Segments
        label="Corrected errors"
        choices={CORRECTIONS}
        value={corrections}
        onChange={(value) => chooseErrors({ corrections: value })}
      />
      <span className="flex items-center gap-1.5 text-ink2" title="Turns within which a later call has to succeed">
        corrected within
        <NumberField
          label="Turns within which a correction counts"
          value={correctedWithin}
          low={1}
          high={LATEST}
          onChange={(value) => chooseErrors({ correctedWithin: Math.round(value) })}
          className="h-6 w-12 border-line! bg-paper"
          format={exact}
        />
        turns
      </span>
      <Button small onClick={() => chooseErrors({ errorRules: 'all' })}>
        All rules on
      </Button>
      <Button
        small
        className="ml-auto"
        disabled={answer === undefined || answer.hits.length === 0}
        onClick={() => answer && saveErrorHits(answer, nameOf)}
      >
        Save hits as CSV
      </Button>
    </>
  );
  return (
    <StudyFrame name="Errors" state={state} bar={bar} waiting="Looking for turns that went wrong…">
      {answer && <Found answer={answer} masks={maskErrors} />}
    </StudyFrame>
  );
}

function hitWords({ turns, rollouts }: Pick<ErrorsAnswer, 'turns' | 'rollouts'>): string {
  const where = `${exact(rollouts.hit)} of ${plural(rollouts.all, 'rollout')}`;
  return `Rules that are on hit ${plural(turns.hit, 'turn')} of ${exact(turns.all)}, in ${where}.`;
}

function MaskWords({ loss: { takes, tokens }, masks }: Pick<ErrorsAnswer, 'loss'> & { readonly masks: boolean }) {
  return (
    <>
      At this budget masking as set {masks ? 'takes' : 'would take'} <b className="font-[600]">{plural(takes.tokens, 'token')}</b> of{' '}
      {exact(tokens)} with loss ({share(takes.tokens, tokens)}), each counted in every trajectory that sampled it.
    </>
  );
}

const share = (part: number, of: number): string => percent(of === 0 ? 0 : part / of);

function Found({ answer, masks }: { readonly answer: ErrorsAnswer; readonly masks: boolean }) {
  const { loss, withoutMessages, unread, hits } = answer;
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <p className="m-0 text-t1">
        {hitWords(answer)} <MaskWords loss={loss} masks={masks} />
      </p>
      {withoutMessages > 0 && (
        <p className="m-0 text-t0 text-ink2">
          {plural(withoutMessages, 'rollout')} without messages: only the log’s own marks are known there, and no turn of theirs is counted
          as hit.
        </p>
      )}
      {unread !== null && (
        <p className="m-0 text-t0 text-cut">
          {plural(unread.rollouts, 'rollout')} could not be read again: {unread.why}.
        </p>
      )}
      <RuleTable answer={answer} />
      {hits.length > 0 && <OverlapTable answer={answer} />}
      <HitList answer={answer} />
    </div>
  );
}
