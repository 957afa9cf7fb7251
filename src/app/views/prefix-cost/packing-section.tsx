/** Records packed into blocks in two ways: figures, and the blocks themselves. */
import type { PackingPicture as Picture, PrefixPackingAnswer } from '../../../engine/answers/prefix-cost.ts';
import { tooLongText } from '../../../engine/words/prefix-cost.ts';
import { usePrefixPacking } from '../../queries/prefix-cost.ts';
import { usePrefixCostChoice } from '../../state/prefix-cost.ts';
import { exact, percent } from '../../text/format.ts';
import { Button, NumberField } from '../../widgets/controls.tsx';
import { PackingLegend, PackingPicture } from './packing-picture.tsx';
import { CAPTION, CELL, HEAD, LEFT_HEAD, NAME } from './table-classes.ts';

export function PackingSection({ taskKeys }: { readonly taskKeys: readonly string[] }) {
  const { answer, error, isOld, ask } = usePrefixPacking();
  const { room, across, choose } = usePrefixCostChoice();
  return (
    <section aria-label="Packing" aria-busy={isOld} className="rounded border border-line bg-card">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 pt-2 text-t1">
        <span className="text-t2 font-[600]">Packing</span>
        <span className="flex items-center gap-1">
          <span className="text-ink2">blocks of</span>
          <NumberField
            label="Tokens of a block"
            value={room}
            low={1}
            high={100_000_000}
            format={exact}
            onChange={(value) => choose({ room: Math.round(value) })}
            className="h-6 w-20 border-line! bg-paper"
          />
          <span className="text-ink2">tokens</span>
        </span>
        <label title="Blocks may hold records of several tasks, with nothing shared between them" className="flex items-center gap-1.5">
          <input type="checkbox" checked={across} onChange={(event) => choose({ across: event.target.checked })} />
          Tasks share blocks
        </label>
        <PackingLegend />
      </div>
      {error !== null && (
        <p role="alert" className="m-0 flex items-center gap-3 px-3 py-2 text-t1 text-cut">
          The records could not be packed: {error.message}
          <Button small onClick={ask}>
            Ask again
          </Button>
        </p>
      )}
      {answer === undefined ? (
        error === null && <p className="m-0 px-3 py-2 text-t1 text-ink2">Packing…</p>
      ) : (
        <Packed answer={answer} taskKeys={taskKeys} />
      )}
    </section>
  );
}

const PARTS = [
  ['flat', 'Flat', 'Each record written out; the largest first, into the first block with room (first-fit decreasing)'],
  ['tree', 'Trees', 'Subtrees that fit; what is above a piece stands in its block too'],
] as const;

function Packed({ answer, taskKeys }: { readonly answer: PrefixPackingAnswer; readonly taskKeys: readonly string[] }) {
  const { por, flatTokens, treeTokens, settings } = answer;
  return (
    <>
      <div className="overflow-x-auto">
        <table className="text-t1 tabular-nums">
          <caption className={`${CAPTION} text-t1! font-[400]! text-ink2`}>
            POR {percent(por)}: {exact(treeTokens)} distinct of {exact(flatTokens)} tokens
            {tooLongText(answer).map((text) => (
              <strong key={text} className="block font-[600] text-cut">
                {text}.
              </strong>
            ))}
          </caption>
          <thead>
            <tr>
              <th scope="col" className={LEFT_HEAD}>
                packing
              </th>
              {HEADS.map(([name, about]) => (
                <th key={name} scope="col" title={about} className={HEAD}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {PARTS.map(([part, name, about]) => (
              <tr key={part} title={about} className="border-t border-line">
                <th scope="row" className={NAME}>
                  {name}
                </th>
                {HEADS.map(([head, , of]) => (
                  <td key={head} className={CELL}>
                    {of(answer[part], por)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="grid gap-x-4 px-3 pb-3 min-[1100px]:grid-cols-2">
        {PARTS.map(([part, name]) => (
          <figure key={part} className="m-0 min-w-0">
            <figcaption className="pt-2 pb-1 text-t1 font-[550]">{name}</figcaption>
            <PackingPicture name={name} picture={answer[part]} room={settings.room} taskKeys={taskKeys} />
          </figure>
        ))}
      </div>
    </>
  );
}

const HEADS: readonly (readonly [name: string, about: string, of: (picture: Picture, por: number) => string])[] = [
  ['blocks', 'Blocks that are needed', ({ blocks }) => exact(blocks)],
  ['at best', '⌈tokens ÷ tokens of a block⌉: no packing needs fewer', ({ fewest }) => exact(fewest)],
  ['ERR', 'Effective reuse ratio: 1 − tokens in blocks ÷ tokens of all records, each written out', ({ err }) => percent(err)],
  [
    'of POR',
    'ERR ÷ POR: how much of the possible overlap the packing realises',
    ({ err }, por) => percent(por > 0 ? err / por : Number.NaN),
  ],
  ['tokens', 'Of all blocks, without padding', ({ tokens }) => exact(tokens)],
  ['repeated', 'Tokens that an earlier block already holds, or that stand further left', ({ repeated }) => exact(repeated)],
  ['padding', 'Tokens by which blocks are not full', ({ padding }) => exact(padding)],
];
