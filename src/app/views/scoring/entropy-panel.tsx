/** The panel about entropy: where it comes from, the model that can compute it, the run, how well the two agree, and scores as files. */
import { visible } from '../../../base/visible.ts';
import { useEffect, useRef } from 'react';
import type { ModelChoice } from '../../../engine/score/model-choice.ts';
import { entropyText } from '../../../engine/words/sources.ts';
import { useLacksGradient } from '../../queries/gradient.ts';
import { useFacts } from '../../queries/opening.ts';
import { prepare, useScoring } from '../../queries/scoring.ts';
import { useChoices } from '../../state/choices.ts';
import { useScoringChoices } from '../../state/scoring.ts';
import { exact, honestPercent } from '../../text/format.ts';
import { lacksEntropy } from '../../text/scoring.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import { AgreementSection } from './agreement-section.tsx';
import { ImportanceSection } from './importance-section.tsx';
import { ModelSection } from './model-section.tsx';
import { RunSection } from './run-section.tsx';
import { ScoresFile } from './scores-file.tsx';

export default function EntropyPanel() {
  const facts = useFacts();
  const scoring = useScoring();
  const set = useChoices((s) => s.set);
  const model = useScoringChoices((s) => s.model);
  const lacksGradient = useLacksGradient();
  const { work, estimate, end, problem } = scoring;
  const wanted =
    facts !== undefined &&
    facts.complete &&
    facts.rollouts > 0 &&
    (lacksEntropy(facts.entropy) || lacksGradient || model.kind === 'files') &&
    model.kind !== 'url';
  const unknown = work === 'none' && estimate === null && end === null && problem === null;
  const distinct = facts?.tokens.distinct ?? 0;
  // Once for each model while the panel is open: not again after a cancel.
  const tried = useRef<ModelChoice | null>(null);
  useEffect(() => {
    if (!wanted || !unknown || tried.current === model) return;
    tried.current = model;
    void prepare(distinct);
  }, [wanted, unknown, model, distinct]);
  if (!facts) return null;
  const known = Math.round(facts.entropy.coverage * facts.tokens.sampled);
  return (
    <Dialog title="Entropy and gradient" onClose={() => set({ panel: null })} footer={<ScoresFile />}>
      <div className="grid divide-y divide-line text-t1">
        <section aria-label="Source" className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-3">
          <b className="text-t3 font-[600] wrap-anywhere">
            {facts.entropy.coverage === 0 ? 'No entropy is known' : visible(entropyText(facts.entropy))}
          </b>
          <span className="text-ink2 tabular-nums">
            {exact(known)} of {exact(facts.tokens.sampled)} sampled tokens, {honestPercent(facts.entropy.coverage)}
          </span>
          {facts.entropy.coverage === 0 && (
            <span className="basis-full text-ink2">Until a model computes it, the signal counts sampled turns.</span>
          )}
        </section>
        <RunSection facts={facts} scoring={scoring} />
        <ModelSection scoring={scoring} distinct={distinct} />
        <AgreementSection resting={work === 'none'} />
        <ImportanceSection scoring={scoring} />
      </div>
    </Dialog>
  );
}
