/** The candidates of one task in the order of a ranking, and the patch of the one that is picked. */
import { useState } from 'react';
import { visible } from '../../../base/visible.ts';
import type { CandidateAnswer, CandidateTask, RankingAnswer } from '../../../engine/answers/candidates.ts';
import { NONE } from '../../../core/model/kinds.ts';
import { decimal, exact, plural } from '../../text/format.ts';
import { openTranscript } from '../../state/transcript.ts';
import { Button } from '../../widgets/controls.tsx';
import { PatchPane } from './patch-pane.tsx';

export function TaskDetail({
  task,
  rank,
  ranking,
}: {
  readonly task: CandidateTask;
  /** Place of the ranking among a candidate's scores. */
  readonly rank: number;
  readonly ranking: RankingAnswer | undefined;
}) {
  const score = (c: number): number => task.candidates[c]?.scores[rank] ?? Number.NaN;
  const order = task.candidates.map((_, c) => c).sort((a, b) => firstOf(score(a), score(b)) || a - b);
  const [picked, setPicked] = useState<number | null>(null);
  const shown = picked ?? order[0] ?? 0;
  const candidate = task.candidates[shown];
  return (
    <section aria-label={`Candidates of ${visible(task.label)}`} className="flex min-w-0 flex-col gap-3">
      <h2 className="m-0 truncate text-t1 font-[550]" title={visible(task.label)}>
        {visible(task.label)}{' '}
        <span className="font-[400] text-ink2">
          {plural(task.candidates.length, 'candidate')}, {plural(task.groups.length, 'group')}
        </span>
      </h2>
      <div className="max-h-[260px] overflow-auto rounded border border-line bg-card">
        <table className="w-full border-collapse text-t1">
          <thead className="sticky top-0 bg-sunk text-left text-t0 text-ink2">
            <tr>
              {namesOf(ranking).map(([name, isNumber]) => (
                <th key={name} scope="col" className={`px-2 py-1 font-[400] whitespace-nowrap ${isNumber ? 'text-right' : ''}`}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {order.map((c, place) => (
              <Row
                key={task.candidates[c]!.key}
                candidate={task.candidates[c]!}
                votes={task.groups[task.candidates[c]!.group]?.members.length}
                place={place + 1}
                score={ranking === undefined || ranking.id === 'votes' ? null : score(c)}
                isShown={c === shown}
                onPick={() => setPicked(c)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {candidate !== undefined && <PatchPane key={candidate.key} task={task} candidate={candidate} row={shown} />}
    </section>
  );
}

/** [name, its cells are numbers]; votes are a column of their own. */
function namesOf(ranking: RankingAnswer | undefined): readonly (readonly [string, boolean])[] {
  const score: readonly (readonly [string, boolean])[] = ranking === undefined || ranking.id === 'votes' ? [] : [[ranking.label, true]];
  return [
    ['#', true],
    ['outcome', false],
    ['group', false],
    ['votes', true],
    ...score,
    ['tests', false],
    ['candidate', false],
    ['', false],
  ];
}

const TONES = { resolved: 'text-leaf', failed: 'text-cut', unknown: 'text-ink2' } as const;

function Row({
  candidate: { key, name, file, outcome, group, passed, failed, rollout, isFiltered, copies },
  votes,
  place,
  score,
  isShown,
  onPick,
}: {
  readonly candidate: CandidateAnswer;
  readonly votes: number | undefined;
  readonly place: number;
  /** Null: votes are the score. */
  readonly score: number | null;
  readonly isShown: boolean;
  readonly onPick: () => void;
}) {
  const about = [file, ...copies].map(visible).join('\n');
  return (
    <tr className={`border-t border-line ${isShown ? 'bg-leaf-soft' : ''} ${isFiltered ? 'opacity-60' : ''}`}>
      <td className="px-2 py-1 text-right text-t0 text-ink2 tabular-nums">{place}</td>
      <td className={`px-2 py-1 whitespace-nowrap ${TONES[outcome]}`}>{isFiltered ? `${outcome}, filtered` : outcome}</td>
      <td className="px-2 py-1 tabular-nums">{group === NONE ? '–' : exact(group + 1)}</td>
      <td className="px-2 py-1 text-right tabular-nums">{votes === undefined ? '–' : exact(votes)}</td>
      {score !== null && <td className="px-2 py-1 text-right tabular-nums">{decimal(score, 3)}</td>}
      <td className="px-2 py-1 whitespace-nowrap tabular-nums">
        {Number.isNaN(passed) ? '–' : `${exact(passed)} of ${exact(passed + failed)}`}
      </td>
      <td className="w-full max-w-0 px-2 py-1">
        <button
          type="button"
          aria-pressed={isShown}
          onClick={onPick}
          title={about}
          className="block w-full truncate rounded-sm text-left underline decoration-line2 underline-offset-2 hover:decoration-ink"
          dir="auto"
        >
          {visible(name === '' ? key : shortened(name))}
        </button>
      </td>
      <td className="px-2 py-1 text-right">
        {rollout !== NONE && (
          <Button small look="quiet" onClick={() => openTranscript(key)}>
            Read
          </Button>
        )}
      </td>
    </tr>
  );
}

/** The end of a path says which run it is of. */
function shortened(name: string): string {
  const steps = name.split('/');
  return steps.length <= 3 ? name : `…/${steps.slice(-3).join('/')}`;
}

function firstOf(a: number, b: number): number {
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b)) || (a > b ? -1 : Number(a < b));
}
