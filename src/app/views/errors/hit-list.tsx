/** The hits, those in view only; one opens the transcript at its turn. */
import { useCallback, useMemo, useState } from 'react';
import { visible } from '../../../base/visible.ts';
import type { ErrorsAnswer } from '../../../engine/answers/errors.ts';
import { useRolloutNames } from '../../queries/errors.ts';
import { useRollouts } from '../../queries/rollouts.ts';
import { openTranscript } from '../../state/transcript.ts';
import { exact, plural } from '../../text/format.ts';
import { Select } from '../../widgets/controls.tsx';
import { VirtualTable } from '../../widgets/virtual-table.tsx';

const COLUMNS =
  'grid grid-cols-[minmax(150px,1fr)_60px_130px_minmax(110px,160px)_130px_76px] items-center gap-2 px-3 min-w-[680px] text-t1';
const NAMES = ['rollout', 'turn', 'rule', 'tool', 'corrected', 'loss'] as const;
const ROW = 28;
const MOST_HEIGHT = 420;

export function HitList({ answer }: { readonly answer: ErrorsAnswer }) {
  const { hits, rules, tools } = answer;
  const [rule, setRule] = useState('on');
  const keys = useRollouts()?.keys;
  const nameOf = useRolloutNames();
  const shown = useMemo(() => {
    const isShown = (own: number): boolean => (rule === 'on' ? rules[own]?.isOn === true : rules[own]?.id === rule);
    return Array.from({ length: hits.length }, (_, at) => at).filter((at) => isShown(hits.rule[at] ?? 0));
  }, [hits, rules, rule]);
  const onRange = useCallback(() => undefined, []);
  const choices = [
    { value: 'on', label: 'rules that are on' },
    ...rules.filter(({ turns }) => turns > 0).map(({ id, label }) => ({ value: id, label })),
  ];
  const open = (at: number): void => {
    const key = keys?.[hits.rollout[at] ?? -1];
    if (key !== undefined) openTranscript(key, { branch: hits.branch[at] ?? 0, event: hits.event[at] ?? 0 });
  };
  return (
    <section
      aria-label="Hits"
      className="flex flex-col rounded border border-line bg-card"
      style={{ height: shown.length === 0 ? undefined : Math.min(MOST_HEIGHT, 72 + shown.length * ROW) }}
    >
      <div className="flex flex-none flex-wrap items-center gap-x-3 gap-y-1 px-3 pt-2 pb-1">
        <h3 className="m-0 text-t2 font-[600]">Hits</h3>
        <Select label="Hits of" choices={choices} value={rule} onChange={setRule} />
        <span className="text-ink2">{plural(shown.length, 'hit')}; a turn may be hit by several rules and in several calls</span>
      </div>
      {shown.length === 0 ? (
        <p className="m-0 px-3 pb-2 text-t1 text-ink2">
          {hits.length === 0
            ? 'No rule hits a turn of this log.'
            : 'No rule that is on hits a turn. Switch others on above, or choose one here.'}
        </p>
      ) : (
        <VirtualTable
          label="Hits"
          columns={COLUMNS}
          names={NAMES}
          count={shown.length}
          rowHeight={ROW}
          onRange={onRange}
          renderCells={(index) => {
            const at = shown[index] ?? 0;
            const by = hits.correctedBy[at] ?? 0;
            const { file, id } = nameOf(hits.rollout[at] ?? 0);
            const line = hits.line[at] ?? 0;
            return (
              <>
                <td className="min-w-0 p-0">
                  <button
                    type="button"
                    title={`Read it in ${visible(file)}${line > 0 ? `, line ${exact(line)}` : ''}`}
                    onClick={() => open(at)}
                    className="block w-full truncate text-left font-mono underline decoration-line2 underline-offset-2 hover:decoration-ink"
                  >
                    {visible(id)}
                  </button>
                </td>
                <td className="p-0 tabular-nums">{exact(hits.turn[at] ?? 0)}</td>
                <td className="truncate p-0">{rules[hits.rule[at] ?? 0]?.label}</td>
                <td className="truncate p-0 font-mono">{visible(tools[hits.tool[at] ?? -1] ?? '')}</td>
                <td className="p-0 text-ink2">{by === 0 ? 'no' : `in turn ${exact(by)}`}</td>
                <td className="p-0 text-ink2">{hits.masked[at] === 1 ? 'masked' : 'trains'}</td>
              </>
            );
          }}
        />
      )}
    </section>
  );
}
