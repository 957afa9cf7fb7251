/** One row of the tree of decisions: a way with how it goes, a run of steps, a step, or what is not shown. */
import { visible } from '../../../base/visible.ts';
import { throughTerm } from '../../../core/filter/through.ts';
import type { NodeKey } from '../../../core/model/node-key.ts';
import { useChoices } from '../../state/choices.ts';
import { exact, percent, plural } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';
import { IntervalPlot, type Scale } from './interval-plot.tsx';
import type { DecisionRow, OthersRow, RunRow, WayRow } from './rows.ts';
import { compareRepresentatives, dropWay, filterWay } from './read.ts';
import { hasTerm } from '../statistics/toggle-term.ts';
import { StepWords } from './step-words.tsx';
import { rewardWords, unknownWords } from './words.ts';

export interface RowProps {
  readonly scale: Scale;
  readonly onToggle: () => void;
  readonly onRead: () => void;
}

export function RowBody({ row, ...rest }: RowProps & { readonly row: DecisionRow }) {
  switch (row.type) {
    case 'way':
      return <Way row={row} {...rest} />;
    case 'run':
      return <Run row={row} />;
    case 'step':
      return <StepWords step={row.step} />;
    case 'note':
      return <span className="text-ink2">{row.note}</span>;
    case 'others':
      return <Others row={row} scale={rest.scale} />;
  }
}

function Caret({ isOpen }: { readonly isOpen: boolean | null }) {
  return (
    <svg aria-hidden="true" width="10" height="10" className={`flex-none text-ink2 ${isOpen === true ? 'rotate-90' : ''}`}>
      {isOpen !== null && <path d="M3 1l4 4-4 4" fill="none" stroke="currentColor" strokeWidth="1.5" />}
    </svg>
  );
}

function Way({ row, scale, onRead }: RowProps & { readonly row: WayRow }) {
  const { way, of, fork, isOpen, rival } = row;
  const share = fork?.split ? ` · explains ${percent(fork.split.share)}` : '';
  const then =
    way.ways > 0
      ? `${way.runLength === 0 ? '' : `${plural(way.runLength, 'step')}, `}then ${plural(way.ways, 'way')}${share}`
      : way.runLength > 0
        ? `${plural(way.runLength, 'more step')} to the end`
        : way.step === null
          ? ''
          : 'the last step';
  return (
    <div className="flex w-full min-w-0 flex-col gap-0.5">
      <div className="flex min-w-0 items-center gap-1.5">
        <Caret isOpen={isOpen} />
        {way.step ? (
          <StepWords step={way.step} />
        ) : (
          <span className="min-w-0 truncate font-[550]">{row.level === 1 ? 'All rollouts of the task' : 'does nothing more'}</span>
        )}
        <span className="flex-1" />
        {way.step !== null && <Acts step={way.step.key} />}
        {rival !== null && (
          <Button
            small
            look="quiet"
            tabIndex={-1}
            title={`Side by side with a rollout of the most frequent other way, ${visible(rival.representative.id)} (key c)`}
            onClick={(event) => {
              event.stopPropagation();
              compareRepresentatives(way.representative, rival.representative);
            }}
          >
            Compare
          </Button>
        )}
        <Button
          small
          look="quiet"
          tabIndex={-1}
          title={`Reads ${visible(way.representative.id)}, whose reward is nearest to the mean`}
          onClick={(event) => {
            event.stopPropagation();
            onRead();
          }}
        >
          Read one
        </Button>
      </div>
      <div className="flex min-w-0 items-center gap-2 pl-4 text-t0 tabular-nums">
        <span className="h-1.5 w-14 flex-none overflow-hidden rounded-full bg-line" aria-hidden="true">
          <span className="block h-full bg-ink3" style={{ width: percent(way.rollouts / of).replace(/\s/g, '') }} />
        </span>
        <span className="flex-none">{row.level === 1 ? plural(way.rollouts, 'rollout') : `${exact(way.rollouts)} of ${exact(of)}`}</span>
        <Reward figures={way} scale={scale} />
        <span className="min-w-0 truncate text-ink2" title={share === '' ? then : `${then} of the variance of the task’s rewards`}>
          {then}
        </span>
      </div>
    </div>
  );
}

/** What may be said of all who go a way, by its first step; shown on the row that is active or pointed at, and by keys. */
function Acts({ step }: { readonly step: NodeKey }) {
  const isFiltered = useChoices((s) => hasTerm(s.filter, throughTerm(step)));
  const look = `${isFiltered ? 'inline-flex' : 'hidden'} flex-none gap-1.5 group-hover/row:inline-flex group-aria-selected/row:inline-flex`;
  const press = (act: () => void) => (event: React.MouseEvent) => {
    event.stopPropagation();
    act();
  };
  return (
    <span className={look}>
      <Button
        small
        look="quiet"
        tabIndex={-1}
        aria-pressed={isFiltered}
        title="The filter takes those who go this way; again: takes that back (key f)"
        onClick={press(() => filterWay(step))}
      >
        {isFiltered ? 'Filtered' : 'Filter'}
      </Button>
      <Button
        small
        look="quiet"
        tabIndex={-1}
        title="A line of the stack leaves those who go this way out of the cut (key x)"
        onClick={press(() => dropWay(step))}
      >
        Drop
      </Button>
    </span>
  );
}

function Reward({ figures, scale }: { readonly figures: WayRow['way'] | NonNullable<OthersRow['fork']['others']>; readonly scale: Scale }) {
  if (figures.known === 0) return <span className="flex-none text-ink2">reward unknown</span>;
  const unknown = unknownWords(figures);
  return (
    <>
      <IntervalPlot {...figures} scale={scale} />
      <span className="flex-none">
        <span className="text-ink2">reward </span>
        {rewardWords(figures)}
        {unknown !== '' && <span className="text-cut"> · {unknown}</span>}
      </span>
    </>
  );
}

function Run({ row }: { readonly row: RunRow }) {
  const [first] = row.way.run;
  return (
    <span className="flex min-w-0 items-center gap-1.5 text-ink2">
      <Caret isOpen={row.isOpen} />
      <span className="flex-none">
        {row.way.step === null ? 'all begin with' : 'then'} {plural(row.way.runLength, 'step')}:
      </span>
      {first && <StepWords step={first} />}
    </span>
  );
}

function Others({ row, scale }: { readonly row: OthersRow; readonly scale: Scale }) {
  const { others, wayCount, ways, all } = row.fork;
  if (others === null) return null;
  return (
    <span className="flex min-w-0 items-center gap-2 text-t0 tabular-nums">
      <span className="flex-none font-[550]">{plural(wayCount - ways.length, 'other way')}</span>
      <span className="flex-none">{`${exact(others.rollouts)} of ${exact(all.rollouts)}`}</span>
      <Reward figures={others} scale={scale} />
      <span className="min-w-0 truncate text-ink2">Enter shows more</span>
    </span>
  );
}
