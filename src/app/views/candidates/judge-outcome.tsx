/** How far a judge has come, and what it said: scores, and what gave none. */
import type { ReactNode } from 'react';
import { visible } from '../../../base/visible.ts';
import type { JudgedScore, JudgeProgress } from '../../../engine/answers/judging.ts';
import { cancelJudge } from '../../queries/judging.ts';
import type { Judged } from '../../state/judging.ts';
import { decimal, duration, exact, plural } from '../../text/format.ts';
import { Button, Meter } from '../../widgets/controls.tsx';
import { VirtualList } from '../../widgets/virtual-list.tsx';

export function JudgeProgressLine({ progress: { done, total, failed, perSecond, secondsLeft } }: { readonly progress: JudgeProgress }) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Meter share={total === 0 ? 0 : done / total} className="h-1.5 w-40" />
      <output className="tabular-nums">
        {total === 0
          ? 'Reading the patches…'
          : `${exact(done)} of ${plural(total, 'answer')}${failed === 0 ? '' : `, ${exact(failed)} without a score`}` +
            ` · ${decimal(perSecond, 1)}/s${secondsLeft === null ? '' : ` · ${duration(secondsLeft)} left`}`}
      </output>
      <Button small onClick={cancelJudge}>
        Cancel
      </Button>
    </div>
  );
}

const SCORE_ROW = 24;
const ISSUE_ROW = 40;
const MOST_HEIGHT = 240;

export function JudgeOutcome({ judged: { model, host, answer } }: { readonly judged: Judged }) {
  const { scores, requests, repeated, tokens, isCancelled } = answer;
  const scored = scores.filter(({ mean }) => mean !== null).length;
  const issues = scores.flatMap((score) => score.issues.map((issue) => ({ name: score.name, ...issue })));
  const shortened = scores.filter(({ leftOut }) => leftOut > 0).length;
  return (
    <div className="grid gap-2">
      <output aria-label="What the judge said">
        {isCancelled ? 'Cancelled: ' : ''}
        {model} at {host} gave {exact(scored)} of {plural(scores.length, 'patch', 'patches')} a score, in {plural(requests, 'request')}
        {repeated === 0 ? '' : ` (${exact(repeated)} of them sent again)`}
        {tokens.answers === 0 ? '' : `; ${exact(tokens.prompt)} tokens read and ${exact(tokens.completion)} written, as it counts them`}.
        {shortened === 0 ? '' : ` Of ${plural(shortened, 'patch', 'patches')} the middle of a long text was not sent.`}
      </output>
      {scored > 0 && (
        <details>
          <summary className="w-fit cursor-pointer text-ink2 hover:text-ink">Scores</summary>
          <Rows label="Scores of the judge" count={scores.length} height={SCORE_ROW} render={(i) => <ScoreRow score={scores[i]} />} />
        </details>
      )}
      {issues.length > 0 && (
        <details open={scored === 0}>
          <summary className="w-fit cursor-pointer text-cut">{plural(issues.length, 'answer')} without a score, in no figure</summary>
          <Rows
            label="Answers without a score"
            count={issues.length}
            height={ISSUE_ROW}
            render={(i) => {
              const issue = issues[i];
              if (issue === undefined) return null;
              const words = visible(`expected ${issue.expected}, found ${issue.found}`);
              const of = visible(`${issue.name}, answer ${issue.sample + 1}`);
              return (
                <span className="block px-2 py-1 leading-4" title={`${of}: ${words}`}>
                  <span className="block truncate">{words}</span>
                  <span className="block truncate text-t0 text-ink2">{of}</span>
                </span>
              );
            }}
          />
        </details>
      )}
    </div>
  );
}

/** As high as its rows, up to some. */
function Rows({
  label,
  count,
  height,
  render,
}: {
  readonly label: string;
  readonly count: number;
  readonly height: number;
  readonly render: (index: number) => ReactNode;
}) {
  return (
    <div className="mt-1 flex rounded border border-line" style={{ height: Math.min(count * height, MOST_HEIGHT) + 2 }}>
      <VirtualList label={label} count={count} rowHeight={height} active={null} isPlain renderRow={render} />
    </div>
  );
}

function ScoreRow({ score }: { readonly score: JudgedScore | undefined }) {
  if (score === undefined) return null;
  const { mean, samples, spread } = score;
  const name = visible(score.name);
  return (
    <span className="flex h-6 items-center gap-3 px-2 tabular-nums">
      <b className="w-12 flex-none text-right font-[550]">{mean === null ? '–' : decimal(mean)}</b>
      <span className="w-28 flex-none text-ink2">
        {mean === null ? 'no score' : `n = ${exact(samples)}${spread === null ? '' : `, ± ${decimal(spread)}`}`}
      </span>
      <span className="min-w-0 truncate" title={name}>
        {name}
      </span>
    </span>
  );
}
