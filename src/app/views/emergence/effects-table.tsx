/** All figures of a selection, of one group of rollouts: the rule, everything, and selections by chance. */
import { useState } from 'react';
import { CHANCES } from '../../../core/emergence/by-chance.ts';
import { excludesZero } from '../../../core/statistics/draws.ts';
import type { SelectionAnswer, SelectionAt, SelectionGroup } from '../../../engine/answers/emergence.ts';
import {
  amongText,
  CHANCE_WORDS,
  describe,
  differenceText,
  estimateText,
  GROUP_WORDS,
  numberText,
} from '../../../engine/words/emergence.ts';
import { exact, plural } from '../../text/format.ts';
import { Segments } from '../../widgets/controls.tsx';
import { FigureName, NumberCell } from './figure-name.tsx';
import { Wide } from './wide.tsx';

interface EffectsTableProps {
  readonly at: SelectionAt;
  readonly groups: SelectionAnswer['groups'];
}

export function EffectsTable({ at, groups }: EffectsTableProps) {
  const [wanted, setWanted] = useState<SelectionGroup>('all');
  const group = groups.some((one) => one.group === wanted) ? wanted : 'all';
  const rows = at.effects.filter((effect) => effect.group === group);
  return (
    <Wide name="Figures of the selection">
      <div className="flex flex-wrap items-center gap-3 px-3 pt-3 pb-1">
        <span className="text-t2 font-[600]">All figures at the budget in force</span>
        <Segments
          label="Rollouts that are counted"
          choices={groups.map((one) => ({ value: one.group, label: `${GROUP_WORDS[one.group]} (${exact(one.rollouts)})` }))}
          value={group}
          onChange={setWanted}
        />
      </div>
      <table className="w-full min-w-[720px] text-t1 tabular-nums">
        <caption className="sr-only">All figures at the budget in force, {GROUP_WORDS[group]}</caption>
        <thead className="text-left text-t0 text-ink2">
          <tr>
            {['figure', 'rule', 'everything', 'difference', ...CHANCES.map((by) => `against ${CHANCE_WORDS[by].label}`)].map((head) => (
              <th key={head} scope="col" className="px-3 py-1 font-[400]">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((effect) => {
            const about = describe(effect.figure);
            return (
              <tr key={effect.figure} className="border-t border-line align-top">
                <th scope="row" className="px-3 py-1 text-left font-[400]">
                  <FigureName about={about} />
                </th>
                <NumberCell text={estimateText(about, effect.rule)} title={`of ${plural(effect.count, 'rollout')}`} />
                <td className="px-3 py-1">{numberText(about.format, effect.all)}</td>
                <NumberCell text={differenceText(about, effect.difference)} isClear={excludesZero(effect.difference)} />
                {CHANCES.map((by) => {
                  const among = effect.among[by];
                  const isOutside = among.told === 'less' || among.told === 'more';
                  return (
                    <NumberCell
                      key={by}
                      text={amongText(about, among)}
                      isClear={isOutside}
                      note={Number.isFinite(among.effect) ? `${numberText('decimal', among.effect)} SD` : ''}
                    />
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="m-0 px-3 py-2 text-t0 text-ink2">
        Bold: outside of all draws, or a 95 % interval that leaves out 0. SD: standard deviations of the draws that the rule lies from their
        mean. The selection stays as it is while rollouts are drawn again.
      </p>
    </Wide>
  );
}
