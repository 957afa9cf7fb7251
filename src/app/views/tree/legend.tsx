/** What the colours and marks of the drawing mean, and how much of the tree has each colour. */
import { useDeferredValue, useMemo } from 'react';
import type { ReactNode } from 'react';
import { STATISTICS } from '../../../engine/statistics/registry.ts';
import { entropyText } from '../../../engine/words/sources.ts';
import { legendOf, untrainedTokens } from '../../canvas/legend.ts';
import type { LegendEntry } from '../../canvas/legend.ts';
import { cssOfSwatch, cueOfSwatch } from '../../canvas/swatches.ts';
import { useFacts } from '../../queries/opening.ts';
import { useCut, useTrained, useTree } from '../../queries/tree.ts';
import { colourIn, useChoices } from '../../state/choices.ts';
import { onlyIn, useLegendChoice } from '../../state/legend.ts';
import { exact, honestPercent } from '../../text/format.ts';
import { shortModel } from '../../text/scoring.ts';
import { Button } from '../../widgets/controls.tsx';

const isEntropy = (colour: string): boolean => STATISTICS.some((each) => each.id === colour && each.isEntropy === true);

export function Legend() {
  const colour = useChoices(colourIn);
  const tree = useTree().data;
  const source = useFacts()?.entropy;
  // Summed over all nodes: when the slider leaves the time for it.
  const trained = useDeferredValue(useTrained());
  const cut = useDeferredValue(useCut());
  const isCompared = useChoices((s) => s.settingsA !== null);
  const untrained = useMemo(
    () => (tree && trained?.length === tree.length ? untrainedTokens(tree, { rank: tree.rank, cut: cut ?? 0, trained }) : null),
    [tree, trained, cut],
  );
  const choice = useLegendChoice();
  const only = onlyIn(choice, colour);
  const { clear } = choice;
  const press = (swatch: number): void => choice.toggle(colour, swatch);
  const legend = useMemo(() => (tree ? legendOf(tree, colour) : null), [tree, colour]);
  return (
    <div
      className={
        'flex min-w-[min(100%,360px)] flex-1 flex-wrap items-center justify-end gap-x-[5px] text-t0 leading-4 ' +
        'whitespace-nowrap text-ink2 max-[899px]:justify-start'
      }
    >
      {legend?.ends
        ? [<Histogram key="scale" entries={legend.entries} low={legend.ends.low} high={legend.ends.high} only={only} onToggle={press} />]
        : legend?.entries.map(({ swatch, label }) => (
            <button
              key={label}
              type="button"
              aria-pressed={only.includes(swatch)}
              title={`Show only ${label}: all else turns pale`}
              onClick={() => press(swatch)}
              className={`rounded-sm px-0.5 ${only.length > 0 && !only.includes(swatch) ? 'opacity-60' : ''} ${PRESSED}`}
            >
              <Mark background={cssOfSwatch(swatch)}>{label}</Mark>
            </button>
          ))}
      {only.length > 0 && (
        <Button small look="quiet" className="h-5! px-1!" onClick={clear}>
          Show all
        </Button>
      )}
      <Mark swatch="hatch">dropped</Mark>
      {tree?.protection.includes(3) === true && <Mark swatch="hatch-both">dropped by an act</Mark>}
      {isCompared && (
        <>
          <Mark swatch="border-[1.5px] border-ink">A only</Mark>
          <Mark swatch="border-[1.5px] border-dotted border-ink">B only</Mark>
        </>
      )}
      {untrained && (
        <span
          title={
            `${exact(untrained.left)} of the ${exact(untrained.of)} sampled tokens of this task that are kept carry no loss: ` +
            'pale from the right by their share of each node'
          }
        >
          <Mark swatch="untrained">not trained {honestPercent(untrained.of > 0 ? untrained.left / untrained.of : 0)}</Mark>
        </span>
      )}
      {isEntropy(colour) && source !== undefined && source.sources.length > 0 && (
        <span title={entropyText(source)} className="min-w-0 truncate">
          {entropyText(source, shortModel)}
        </span>
      )}
    </div>
  );
}

function Mark({
  swatch = '',
  background,
  children,
}: {
  readonly swatch?: string;
  readonly background?: string;
  readonly children: ReactNode;
}) {
  return (
    <span className="inline-flex flex-none items-center gap-[3px]">
      <i className={`size-[9px] rounded-[2px] ${swatch}`} style={background === undefined ? undefined : { background }} />
      {children}
    </span>
  );
}

/** An entry that is looked at alone. */
const PRESSED = 'hover:text-ink aria-pressed:font-[600] aria-pressed:text-ink aria-pressed:shadow-[0_2px_var(--focus)]';

/** Pixels of the highest bar. */
const HIGH = 9;

interface HistogramProps {
  readonly entries: readonly LegendEntry[];
  readonly low: string;
  readonly high: string;
  /** Swatches that are looked at alone. */
  readonly only: readonly number[];
  readonly onToggle: (swatch: number) => void;
}

/** The scale as a strip of its colours, and over each how many of the tree's tokens have it; a press shows only these. */
function Histogram({ entries, low, high, only, onToggle }: HistogramProps) {
  const most = Math.max(1e-9, ...entries.map(({ share }) => share ?? 0));
  return (
    <span className="inline-flex flex-none items-center gap-1.5">
      {low}
      <span className="flex items-end">
        {entries.map(({ swatch, label, share }) => (
          <button
            key={label}
            type="button"
            data-step={swatch}
            aria-pressed={only.includes(swatch)}
            aria-label={`${label}: ${honestPercent(share ?? 0)} of tokens`}
            title={`${label}: ${honestPercent(share ?? 0)} of tokens. A press shows only these`}
            onClick={() => onToggle(swatch)}
            className={`grid h-4 min-h-0! w-4 content-end ${only.length > 0 && !only.includes(swatch) ? 'opacity-50' : ''} ${PRESSED}`}
          >
            <i className="mx-px bg-ink3" style={{ height: share === null || share === 0 ? 0 : Math.max(1, (share / most) * HIGH) }} />
            <i
              data-fill=""
              className="grid h-[7px] place-content-center border-y border-line2 text-[8px] leading-none text-card not-italic"
              style={{ background: cssOfSwatch(swatch) }}
            >
              {cueOfSwatch(swatch) === 'dots' ? '?' : ''}
            </i>
          </button>
        ))}
      </span>
      {high}
    </span>
  );
}
