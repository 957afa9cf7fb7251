/** What a set of records costs in the three ways, all tasks together. */
import { keyValueBytes, wayFlops, type TrainedModel, type WayFlops } from '../../../core/prefix/flops.ts';
import { WAYS, type Way, type WayCounts } from '../../../core/prefix/ways.ts';
import type { PrefixCostAnswer, RecordSetCost } from '../../../engine/answers/prefix-cost.ts';
import { overContextText, WAY_NAMES } from '../../../engine/words/prefix-cost.ts';
import { usePrefixCostChoice } from '../../state/prefix-cost.ts';
import { bytes, count, exact, percent, plural } from '../../text/format.ts';
import { CAPTION, CELL, HEAD, LEFT_HEAD, NAME } from './table-classes.ts';

const ABOUT: Readonly<Record<Way, string>> = {
  flat: 'Each record written out',
  grouper: 'The prompt that a group shares once; each record’s rest attends to it',
  tree: 'Every distinct token once; a token attends to what stands above it',
};

interface Figures {
  readonly counts: WayCounts;
  readonly flops: WayFlops;
  /** Tokens that are held at once. */
  readonly largest: number;
}

interface Row {
  readonly name: string;
  readonly about: string;
  readonly isMain?: boolean;
  readonly text: (of: Figures, flat: Figures) => string;
}

function rowsOf(kernel: number, recomputes: boolean, model: TrainedModel): readonly Row[] {
  return [
    { name: 'tokens', about: 'Computed forward, and as many backward', isMain: true, text: ({ counts }) => exact(counts.tokens) },
    {
      name: 'of no sharing',
      about: 'Tokens ÷ those without sharing',
      text: ({ counts }, flat) => percent(counts.tokens / flat.counts.tokens),
    },
    {
      name: 'attention keys',
      about: 'Summed over the tokens: each sees itself and all before it on its path',
      text: ({ counts }) => exact(counts.keys),
    },
    {
      name: `keys in blocks of ${exact(kernel)}`,
      about: 'Pairs of query and key that a kernel computes, which takes or leaves whole blocks; tokens in depth-first order',
      text: ({ counts }) => exact(counts.blockKeys),
    },
    {
      name: 'forward FLOPs',
      about: '2 · parameters for each token, 4 · layers · width for each key',
      text: ({ flops }) => count(flops.forward),
    },
    {
      name: 'backward FLOPs',
      about: recomputes ? 'Twice the forward, and the forward once more' : 'Twice the forward',
      text: ({ flops }) => count(flops.backward + flops.recompute),
    },
    {
      name: 'FLOPs',
      about: 'Forward and backward together; an estimate from a formula',
      isMain: true,
      text: ({ flops }) => count(flops.total),
    },
    { name: 'of no sharing', about: 'FLOPs ÷ those without sharing', text: ({ flops }, flat) => percent(flops.total / flat.flops.total) },
    {
      name: 'tokens no loss needs',
      about: 'Nothing trains behind them, so their backward could be left out; they are in the figures above',
      text: ({ counts }) => exact(counts.tokens - counts.backTokens),
    },
    { name: 'their backward FLOPs', about: 'What leaving it out would save', text: ({ flops }) => count(flops.skippable) },
    {
      name: 'keys and values at once',
      about: 'Memory of the longest record, of the largest group or of the largest tree, in 16-bit numbers, of all layers',
      text: ({ largest }) => bytes(keyValueBytes(largest, model)),
    },
  ];
}

export function TotalsTable({ cost, settings }: { readonly cost: RecordSetCost; readonly settings: PrefixCostAnswer['settings'] }) {
  const { model, recomputes } = usePrefixCostChoice();
  const { totals, records, task, overContext } = cost;
  const figuresOf = (way: Way): Figures => ({
    counts: totals[way],
    flops: wayFlops(totals[way], model, recomputes),
    largest: cost.largest[way],
  });
  const [flat, tree] = [figuresOf('flat'), figuresOf('tree')];
  return (
    <div className="mb-3 overflow-x-auto rounded border border-line bg-card">
      <table className="w-full max-w-[680px] text-t1 tabular-nums">
        <caption className={CAPTION}>
          {plural(records, 'record')} of {plural(task.length, 'task')}
          <span className="mt-0.5 block text-t1 font-[400] text-ink2">
            POR {percent(1 - tree.counts.tokens / flat.counts.tokens)}: at best {(flat.counts.tokens / tree.counts.tokens).toFixed(2)}× by
            tokens, {(flat.flops.total / tree.flops.total).toFixed(2)}× by FLOPs
          </span>
          {overContextText(overContext, settings.context).map((text) => (
            <strong key={text} className="block text-t1 font-[600] text-cut">
              {text}.
            </strong>
          ))}
        </caption>
        <thead>
          <tr>
            <th scope="col" className={LEFT_HEAD}>
              whole set
            </th>
            {WAYS.map((way) => (
              <th key={way} scope="col" title={ABOUT[way]} className={HEAD}>
                {WAY_NAMES[way]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rowsOf(settings.kernel, recomputes, model).map(({ name, about, isMain = false, text }, at) => (
            <tr key={at} title={about} className="border-t border-line">
              <th scope="row" className={NAME}>
                {name}
              </th>
              {WAYS.map((way) => (
                <td key={way} className={`${CELL} ${isMain ? 'font-[600]' : ''}`}>
                  {text(figuresOf(way), flat)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="m-0 border-t border-line px-3 py-2 text-t0 text-ink2">
        A token attends to itself and to all above it, in each way as many: sharing computes it once and never sees less.
      </p>
    </div>
  );
}
