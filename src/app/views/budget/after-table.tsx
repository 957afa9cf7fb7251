/** Before and after in one line each: what the budget in force keeps. */
import { trainText } from '../../../engine/words/train.ts';
import { Fragment, useMemo } from 'react';
import { useKeep, useOrder } from '../../queries/answers.ts';
import { useSettingsComparison } from '../../queries/compare.ts';
import { useChoices } from '../../state/choices.ts';
import { CompareNote } from '../compare/compare-note.tsx';
import { deltaOf, deltas as deltasOf } from '../compare/figures.ts';
import { useLossCounts } from '../../queries/training.ts';
import { afterLines } from './after-lines.ts';
import { KeepWarnings } from './keep-warnings.tsx';
import { exact, honestPercent, plural } from '../../text/format.ts';

const TONES = { good: 'font-[550] text-leaf', bad: 'font-[550] text-cut' } as const;

/** In letters; what is longer may be broken between its figures, so that the names keep their room. */
const ONE_LINE = 20;

function Figures({ text }: { readonly text: string }) {
  const [first, ...others] = text.length > ONE_LINE ? text.split(' · ') : [text];
  return (
    <b className="font-[600]">
      <span className="whitespace-nowrap">{first}</span>
      {others.map((other, place) => (
        <Fragment key={place}>
          {' · '}
          <span className="whitespace-nowrap">{other}</span>
        </Fragment>
      ))}
    </b>
  );
}

export function AfterTable() {
  const { data: keep, error } = useKeep();
  const order = useOrder().data;
  const compared = useSettingsComparison().data;
  const isCompared = useChoices((s) => s.settingsA !== null);
  const deltas = useMemo(() => (isCompared && compared ? deltasOf(compared.a.keep, compared.b.keep) : null), [isCompared, compared]);
  const loss = useLossCounts();
  if (error)
    return (
      <p role="alert" className="m-0 p-3 text-t1 text-cut">
        The budget could not be applied: {error.message}
      </p>
    );
  if (!keep) return <div className="border-line min-[900px]:border-l" />;
  return (
    <div className="flex min-h-0 flex-col border-t border-line text-t1 min-[900px]:border-t-0 min-[900px]:border-l">
      {keep.floorUnmet && (
        <output className="flex-none border-b border-cut bg-cut-soft px-3 py-1.5 text-cut">
          <b className="font-[600]">Pins not met.</b>{' '}
          {keep.cutRank.length > 1
            ? 'In some tasks, pinned events need more than this share; over all tasks they need'
            : 'Pinned events need'}{' '}
          {honestPercent(keep.floorUnmet.floor)} of the cost; {plural(keep.floorUnmet.pinnedDropped, 'pinned node')} dropped.
        </output>
      )}
      {keep.trainPinsUnmet && (
        <output className="flex-none border-b border-cut bg-cut-soft px-3 py-1.5 text-cut">
          <b className="font-[600]">Train pins not met.</b> Events pinned for training need {exact(keep.trainPinsUnmet.pinned)} tokens; the
          train budget is {exact(Math.floor(keep.trainPinsUnmet.budget))}.
        </output>
      )}
      <KeepWarnings warnings={keep.warnings} />
      <div className="min-h-0 flex-1 overflow-auto px-3 py-2">
        <table className="w-full border-collapse">
          {deltas !== null && (
            <thead className="text-t0 text-ink2">
              <tr>
                <th scope="col" className="text-left font-[400]">
                  counter
                </th>
                <th scope="col" className="text-right font-[400]">
                  B
                </th>
                <th scope="col" className="pl-2 text-right font-[400]">
                  B − A
                </th>
              </tr>
            </thead>
          )}
          <tbody>
            {afterLines(keep, loss, order ? trainText(order.rule, keep) : '', (order?.signal.coverage ?? 1) < 1).map((line) => (
              <tr key={line.name} title={line.about}>
                <th scope="row" className="h-[21.6px] w-full p-0 pr-2 text-left leading-[1.25] font-[400] text-ink2">
                  {line.name}
                </th>
                <td className={`text-right tabular-nums ${line.tone ? TONES[line.tone] : ''}`}>
                  {line.before !== undefined && deltas === null ? (
                    <span className="whitespace-nowrap">
                      <span className="text-ink2">{line.before} → </span>
                      <b className="font-[600]">{line.after}</b>
                    </span>
                  ) : (
                    <Figures text={line.after} />
                  )}
                </td>
                {deltas !== null && (
                  <td className="pl-2 text-right whitespace-nowrap text-ink2 tabular-nums">{deltaOf(deltas, line.name)}</td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
        <CompareNote />
      </div>
    </div>
  );
}
