/** The top bar's chip for entropy: its source and coverage, or how far a model has come; opens the panel. */
import { visible } from '../../../base/visible.ts';
import { modelText } from '../../../core/score/model-source.ts';
import { entropyText } from '../../../engine/words/sources.ts';
import { useFacts } from '../../queries/opening.ts';
import { useScoring } from '../../queries/scoring.ts';
import type { Scoring } from '../../queries/scoring.ts';
import { useChoices } from '../../state/choices.ts';
import { asSentence, exact, honestPercent } from '../../text/format.ts';
import { shortModel } from '../../text/scoring.ts';
import { CHIP } from '../../widgets/chip.ts';
import { Meter } from '../../widgets/controls.tsx';

interface Words {
  readonly name: string;
  /** 0..1, or null where there is nothing to measure. */
  readonly share: number | null;
  readonly title: string;
  readonly paused?: boolean;
}

export function EntropyChip() {
  const facts = useFacts();
  const scoring = useScoring();
  const set = useChoices((s) => s.set);
  if (!facts) return null;
  const known: Words =
    facts.entropy.coverage === 0
      ? { name: 'none', share: null, title: 'These logs contain neither entropies nor log-probs' }
      : {
          name: visible(entropyText(facts.entropy, shortModel)),
          share: facts.entropy.coverage,
          title:
            `${visible(entropyText(facts.entropy))}: ${honestPercent(facts.entropy.coverage)} ` +
            `of ${exact(facts.tokens.sampled)} sampled tokens have a value`,
        };
  const atWork = workWords(scoring);
  const { name, share, title, paused = false } = atWork ?? known;
  // What is known for a part only never looks like the whole.
  const isPartial = atWork === null && facts.entropy.coverage > 0 && facts.entropy.coverage < 1;
  const unreadable = scoring.estimate?.ok === false && scoring.estimate.because === 'log' ? asSentence(scoring.estimate.reason) : null;
  const wrong = scoring.problem !== null || scoring.end?.ok === false;
  return (
    <button
      type="button"
      onClick={() => set({ panel: 'entropy' })}
      title={wrong ? (scoring.problem ?? title) : (unreadable ?? title)}
      className={`${CHIP} ${wrong ? 'border-cut!' : ''}`}
    >
      entropy{' '}
      <b className="max-w-[260px] truncate font-[550]">
        {isPartial && share !== null ? `of ${honestPercent(share, 0)} of sampled tokens` : name}
      </b>
      {share !== null && (
        <>
          <Meter share={share} tone={paused ? 'ink' : 'leaf'} className="h-1 w-12 flex-none" />
          {!isPartial && (
            <span className="text-ink2 tabular-nums">
              {paused ? 'paused at ' : ''}
              {honestPercent(share, 0)}
            </span>
          )}
        </>
      )}
      {unreadable !== null && !wrong && <span className="flex-none text-ink2">· not scorable</span>}
      {wrong && (
        <span className="text-cut" aria-label="with a problem">
          ▲
        </span>
      )}
    </button>
  );
}

function workWords({ work, reading, update, model }: Scoring): Words | null {
  if (work === 'none') return null;
  if (work === 'loading' && reading && reading.totalBytes > 0 && reading.bytes >= reading.totalBytes)
    return { name: 'starting model', share: null, title: 'The model is being started and checked on a probe' };
  if (work === 'loading')
    return {
      name: 'reading model',
      share: reading && reading.totalBytes > 0 ? reading.bytes / reading.totalBytes : null,
      title: 'A language model is being read',
    };
  if (work === 'estimating') return { name: 'estimating', share: null, title: 'Counting what scoring would cost' };
  const source = update?.source ?? model?.facts.source ?? null;
  return {
    name: source ? shortModel(source) : '',
    paused: work === 'paused',
    share: update ? update.tokens / Math.max(1, update.totalTokens) : 0,
    title:
      `${source ? visible(modelText(source)) : ''}: ` +
      (update ? `${exact(update.tokens)} of ${exact(update.totalTokens)} tokens forwarded` : 'starting'),
  };
}
