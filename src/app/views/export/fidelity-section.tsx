/** What the files keep of what the full set would train: gradient, effective size, endings, tasks, rewards. */
import type { ExportSpec } from '../../../engine/answers/exporting.ts';
import type { Fidelity } from '../../../engine/answers/fidelity.ts';
import type { Pair } from '../../../engine/answers/pruning.ts';
import { cosineText, measuredNotes, measuredText, whyText } from '../../../engine/words/gradient.ts';
import { useFidelity } from '../../queries/gradient.ts';
import { useChoices } from '../../state/choices.ts';
import { asSentence, exact } from '../../text/format.ts';

export function FidelitySection({ spec }: { readonly spec: ExportSpec | null }) {
  const { data, error } = useFidelity(spec);
  const outcome = useChoices((s) => s.pruning.present.rule.outcome);
  if (error)
    return (
      <p role="alert" className="m-0 text-cut">
        What the files keep could not be computed: {error.message}
      </p>
    );
  if (!data) return null;
  // Where no reward is known the setting leaves nobody out.
  const successesOnly = outcome === 'successes' && data.reward !== null;
  return (
    <section aria-label="Fidelity" className="grid gap-1 rounded border border-line bg-paper px-3 py-2">
      <h3 className="m-0 text-t1 font-[600]">
        What these files train, against flat training of {successesOnly ? 'all successes' : 'everything'}
      </h3>
      <dl className="m-0 flex flex-wrap gap-x-6 gap-y-1">
        {figuresOf(data).map(({ name, value, about }) => (
          <div key={name} title={about}>
            <dt className="text-t0 text-ink2">{name}</dt>
            <dd className="m-0 font-[550] tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="m-0 text-t0 text-ink2 wrap-anywhere">
        {data.gradient === null
          ? `The gradient is not known: ${data.why === null ? 'it was not measured' : whyText(data.why)}.`
          : [measuredText(data.gradient), ...measuredNotes(data.gradient)].map(asSentence).join(' ')}
      </p>
    </section>
  );
}

interface Figure {
  readonly name: string;
  readonly value: string;
  readonly about: string;
}

const of = ({ before, after }: Pair): string => `${exact(Math.round(after))} / ${exact(Math.round(before))}`;

function figuresOf({ gradient, effectiveTokens, endings, wholeRollouts, tasksTrained, reward }: Fidelity): readonly Figure[] {
  return [
    ...(gradient === null
      ? []
      : [
          {
            name: 'gradient cosine',
            value: cosineText(gradient),
            about: 'With the gradient of the full set; the interval is that of the sketch',
          },
          { name: 'gradient norm', value: gradient.norm.toFixed(2), about: 'Length, as a share of that of the full set' },
        ]),
    { name: 'effective tokens', value: of(effectiveTokens), about: '(Σw)²/Σw² over tokens with loss' },
    { name: 'endings', value: of(endings), about: 'Final turns of rollouts that are kept' },
    { name: 'whole rollouts', value: of(wholeRollouts), about: 'Rollouts of which every token is kept' },
    { name: 'tasks trained', value: of(tasksTrained), about: 'Tasks in which some token carries loss' },
    ...(reward === null
      ? []
      : [
          {
            name: 'mean reward of loss',
            value: `${reward.mean.after.toFixed(2)} (of all: ${reward.mean.before.toFixed(2)})`,
            about: 'Mean reward of the trajectories that carry loss, by weight',
          },
        ]),
  ];
}
