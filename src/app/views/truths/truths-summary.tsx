/** In a few figures: where ground truths are from, what is known, and how relative rewards go with the log's. */
import { LONGEST_ANSWER } from '../../../core/truths/answers.ts';
import { MOST_PATCH_LINES } from '../../../core/truths/patches.ts';
import type { Correlation } from '../../../core/truths/relative.ts';
import { TRUTH_GAPS, type TruthsAnswer } from '../../../engine/answers/truths.ts';
import { fromLabel, GAP_WORDS } from '../../../engine/words/truths.ts';
import { useChoices } from '../../state/choices.ts';
import { asSentence, decimal, exact, plural } from '../../text/format.ts';

export function TruthsSummary({ answer }: { readonly answer: TruthsAnswer }) {
  const { rollouts, truths, truthsOf, from, settings, correlations, elsewhere, answersCut, patchesCut, unread } = answer;
  const withTruth = truthsOf.filter((count) => count > 0).length;
  const known = rollouts.gap.filter((gap) => gap < 0).length;
  const itself = rollouts.isTruth.filter((is) => is === 1).length;
  const gaps = TRUTH_GAPS.flatMap((gap, at) => {
    const count = rollouts.gap.filter((own) => own === at).length;
    return count === 0 ? [] : [`${plural(count, 'rollout')} (${GAP_WORDS[gap]})`];
  });
  const isRuled = useChoices((s) => s.pruning.present.rule.reward === 'relative');
  const notes = [
    ...(isRuled && known < rollouts.gap.length
      ? [`Advantages go by it: none for ${plural(rollouts.gap.length - known, 'rollout')} without it.`]
      : []),
    ...(gaps.length > 0 ? [`Discrepancy unknown of ${gaps.join(', ')}.`] : []),
    ...(itself > 0 && settings.itself === 'counts'
      ? [
          `${plural(itself, 'rollout is', 'rollouts are')} ground truths themselves, hence of discrepancy 0 and never stopped: ` +
            'choose “only others count” for false stops that could have happened.',
        ]
      : []),
    ...(elsewhere > 0 ? [`${plural(elsewhere, 'chosen key')} not in this log.`] : []),
    ...(answersCut > 0 ? [`${plural(answersCut, 'final answer')} compared up to ${exact(LONGEST_ANSWER)} characters.`] : []),
    ...(patchesCut > 0
      ? [`${plural(patchesCut, 'final patch', 'final patches')} compared up to ${exact(MOST_PATCH_LINES)} changed lines.`]
      : []),
    ...(unread === null ? [] : [`${plural(unread.rollouts, 'rollout')} not read again: ${asSentence(unread.why)}`]),
  ];
  return (
    <section aria-label="Summary" className="rounded border border-line bg-card px-3 py-2 text-t1">
      {truths.length === 0 ? (
        <p className="m-0 max-w-[72ch] text-ink2">
          No task has a ground truth of this kind. Drop a file with references beside the log, take solved rollouts, or select rollouts and
          take those.
        </p>
      ) : (
        <dl className="m-0 grid grid-cols-[repeat(auto-fit,minmax(160px,1fr))] gap-x-6 gap-y-2">
          <Figure
            name="ground truths"
            value={exact(truths.length)}
            beside={`${fromLabel(from)}, of ${exact(withTruth)} of ${plural(truthsOf.length, 'task')}`}
          />
          <Figure name="discrepancy known" value={exact(known)} beside={`of ${plural(rollouts.gap.length, 'rollout')}`} />
          <CorrelationFigure
            name="with the logged reward, over all"
            of={correlations.overall}
            beside={plural(correlations.overall.rollouts, 'rollout')}
          />
          <CorrelationFigure
            name="with the logged reward, within tasks"
            of={correlations.within}
            beside={`${plural(correlations.within.rollouts, 'rollout')} of ${plural(correlations.within.tasks, 'task')}`}
          />
        </dl>
      )}
      {notes.length > 0 && <p className="m-0 mt-1.5 max-w-[110ch] text-t0 text-ink2">{notes.join(' ')}</p>}
    </section>
  );
}

function Figure({ name, value, beside }: { readonly name: string; readonly value: string; readonly beside: string }) {
  return (
    <div className="min-w-0">
      <dt className="text-t0 text-ink2">{name}</dt>
      <dd className="m-0">
        <span className="text-t2 font-[600] tabular-nums">{value}</span> <span className="text-ink2">{beside}</span>
      </dd>
    </div>
  );
}

function CorrelationFigure({ name, of, beside }: { readonly name: string; readonly of: Correlation; readonly beside: string }) {
  const isKnown = !Number.isNaN(of.pearson);
  return (
    <Figure
      name={name}
      value={isKnown ? `r ${decimal(of.pearson)} · ρ ${decimal(of.spearman)}` : 'unknown'}
      beside={isKnown ? beside : `of ${beside}: one of the two does not vary`}
    />
  );
}
