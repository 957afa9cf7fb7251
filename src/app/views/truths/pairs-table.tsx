/** The calls of one rollout beside those of its nearest ground truth. */
import { visible } from '../../../base/visible.ts';
import type { TruthsAnswer } from '../../../engine/answers/truths.ts';
import { useTruthPairs } from '../../queries/truths.ts';
import { useTruthsChoice } from '../../state/truths.ts';
import { decimal, plural } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';

const CELL = 'border-t border-line px-3 py-1 align-top text-left font-mono break-words';

export function PairsTable({ answer }: { readonly answer: TruthsAnswer }) {
  const pairs = useTruthPairs(answer);
  const { rollouts } = answer;
  const key = useTruthsChoice((s) => s.rollout);
  const id = visible(rollouts.ids[rollouts.keys.indexOf(key ?? '')] ?? '');
  return (
    <section aria-label="Calls side by side" className="rounded border border-line bg-card">
      <div className="flex flex-wrap items-center gap-3 px-3 py-2 text-t1">
        <span className="min-w-0 truncate text-t2 font-[600]">Calls of {id}</span>
        {pairs && <span className="text-ink2">they cost {decimal(pairs.cost)} calls beside the nearest ground truth</span>}
        <span className="flex-1" />
        <Button small onClick={() => useTruthsChoice.setState({ rollout: null })}>
          Close
        </Button>
      </div>
      {pairs === undefined && <p className="m-0 px-3 pb-2 text-t1 text-ink2">Putting calls side by side…</p>}
      {pairs === null && <p className="m-0 px-3 pb-2 text-t1 text-ink2">Its discrepancy is unknown under these settings.</p>}
      {pairs && (
        <div className="max-h-[360px] overflow-auto">
          <table aria-label={`Calls of ${id} and of the ground truth`} className="w-full min-w-[640px] table-fixed border-collapse text-t0">
            <colgroup>
              <col />
              <col />
              <col className="w-20" />
            </colgroup>
            <thead className="sticky top-0 bg-sunk text-ink2">
              <tr>
                <th className="px-3 py-1 text-left font-[400]">what it did</th>
                <th className="px-3 py-1 text-left font-[400]">what is right</th>
                <th className="px-3 py-1 text-right font-[400]">cost, calls</th>
              </tr>
            </thead>
            <tbody>
              {pairs.rows.map(({ made, truth, differs, cost }, at) => (
                <tr key={at} className={cost > 0 ? 'bg-cut-soft' : ''}>
                  <td className={CELL}>
                    {made === null ? <Nothing /> : visible(made)}
                    {differs.length > 0 && <span className="mt-0.5 block font-[var(--font)] text-ink2">{visible(differs.join('; '))}</span>}
                  </td>
                  <td className={CELL}>{truth === null ? <Nothing /> : visible(truth)}</td>
                  <td className="border-t border-line px-3 py-1 text-right align-top tabular-nums">{decimal(cost)}</td>
                </tr>
              ))}
              {pairs.answer !== null && (
                <tr className={pairs.answer.distance > 0 ? 'bg-cut-soft' : ''}>
                  <td className={CELL}>{visible(pairs.answer.made)}</td>
                  <td className={CELL}>{visible(pairs.answer.truth)}</td>
                  <td className="border-t border-line px-3 py-1 text-right align-top tabular-nums">{decimal(2 * pairs.answer.distance)}</td>
                </tr>
              )}
              {pairs.patch !== null && (
                <tr className={pairs.patch.distance > 0 ? 'bg-cut-soft' : ''}>
                  <td className={CELL}>final patch: {plural(pairs.patch.made, 'changed line')}</td>
                  <td className={CELL}>final patch: {plural(pairs.patch.truth, 'changed line')}</td>
                  <td className="border-t border-line px-3 py-1 text-right align-top tabular-nums">{decimal(2 * pairs.patch.distance)}</td>
                </tr>
              )}
            </tbody>
          </table>
          {pairs.rows.length === 0 && pairs.answer === null && pairs.patch === null && (
            <p className="m-0 px-3 py-2 text-t1 text-ink2">Neither makes a call that is compared.</p>
          )}
          {pairs.more > 0 && <p className="m-0 px-3 py-1 text-t0 text-ink2">{plural(pairs.more, 'further row')} not shown.</p>}
        </div>
      )}
    </section>
  );
}

function Nothing() {
  return <span className="text-ink2">–</span>;
}
