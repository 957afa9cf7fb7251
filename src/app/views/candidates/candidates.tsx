/** Candidates of each task: what choosing one by a ranking solves, the groups of equal ones, and their patches. */
import { useState } from 'react';
import { NONE } from '../../../core/model/kinds.ts';
import type { CandidatesAnswer, RankingAnswer } from '../../../engine/answers/candidates.ts';
import { useCandidates } from '../../queries/candidates.ts';
import { useTask } from '../../queries/answers.ts';
import { useScoreLists } from '../../queries/score-lists.ts';
import { useJudging } from '../../state/judging.ts';
import { Select } from '../../widgets/controls.tsx';
import { StudyFrame } from '../studies/study-frame.tsx';
import { ColumnSelect } from './column-select.tsx';
import { Counts } from './counts.tsx';
import { CurveTable } from './curve-table.tsx';
import { Further } from './further.tsx';
import { SaveChoices } from './save-choices.tsx';
import { TaskDetail } from './task-detail.tsx';
import { TaskList } from './task-list.tsx';

export function Candidates() {
  const [syntax, setSyntax] = useState(true);
  const [filter, setFilter] = useState(false);
  const [rank, setRank] = useState('votes');
  const [column, setColumn] = useState<string | null>(null);
  const question = { syntax, filter, scores: useScoreLists(column) };
  const state = useCandidates(question);
  const chooseColumn = (name: string | null): void => {
    setColumn(name);
    setRank(name ?? 'votes');
  };
  // What was just asked for is what a person wants to see.
  const judged = useJudging((s) => s.judged);
  const [seen, setSeen] = useState(judged);
  if (judged !== seen) {
    setSeen(judged);
    if (judged !== null) setRank(judged.list.id);
  }
  const { answer } = state;
  const chosen = answer?.rankings.find(({ id }) => id === rank) ?? answer?.rankings[0];
  const bar = (
    <>
      <span className="flex items-center gap-1.5">
        Ranking
        <Select label="Ranking" choices={choicesOf(answer)} value={chosen?.id ?? rank} onChange={setRank} />
      </span>
      <ColumnSelect value={column} onChange={chooseColumn} />
      <Switch
        label="Compare by syntax"
        about="Trees of syntax where there is a grammar; otherwise texts"
        isOn={syntax}
        onChange={setSyntax}
      />
      <Switch
        label="Filter by tests"
        about="First leave out what passes fewer tests than the best of its task"
        isOn={filter}
        onChange={setFilter}
      />
    </>
  );
  return (
    <StudyFrame name="Candidates" state={state} bar={bar} waiting="Reading what rollouts handed in…">
      {answer !== undefined && (
        <div className="flex min-h-full flex-col gap-4">
          {answer.tasks.length === 0 ? <Nothing answer={answer} /> : <Body answer={answer} ranking={chosen} />}
          {chosen !== undefined && <SaveChoices question={question} ranking={chosen.id} />}
          <Further question={question} hasCandidates={answer.tasks.length > 0} />
        </div>
      )}
    </StudyFrame>
  );
}

function choicesOf(answer: CandidatesAnswer | undefined): { readonly value: string; readonly label: string; readonly about: string }[] {
  const rankings = answer?.rankings.map(({ id, label, source }) => ({ value: id, label, about: source })) ?? [];
  return rankings.length === 0 ? [{ value: 'votes', label: 'votes', about: '' }] : rankings;
}

function Switch({
  label,
  about,
  isOn,
  onChange,
}: {
  readonly label: string;
  readonly about: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}) {
  return (
    <label title={about} className="flex items-center gap-1.5">
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}

function Nothing({ answer: { counts } }: { readonly answer: CandidatesAnswer }) {
  return (
    <div className="mx-auto max-w-[560px] py-10 text-t1 text-ink2">
      <h2 className="m-0 mb-2 text-t2 font-[550] text-ink">No patches in this log</h2>
      <p className="m-0">
        Candidates are what rollouts handed in (the submission of SWE-agent and mini-swe-agent, the patch of OpenHands, R2E-Gym or NeMo-Gym)
        and patches in files beside them: <code>preds.json</code>, Agentless outputs, lists of patches. Drop such files on the page to add
        them.
      </p>
      {counts.named > 0 && <p className="mb-0">{counts.named} answers are only named by files, without a patch.</p>}
    </div>
  );
}

function Body({ answer, ranking }: { readonly answer: CandidatesAnswer; readonly ranking: RankingAnswer | undefined }) {
  const row = useTask();
  const here = answer.tasks.findIndex((task) => task.row !== NONE && task.row === row);
  const [picked, setPicked] = useState<string | null>(null);
  const at = picked === null ? Math.max(0, here) : answer.tasks.findIndex(({ task }) => task === picked);
  const task = answer.tasks[at];
  return (
    <div className="flex flex-1 flex-col gap-4">
      <Counts answer={answer} />
      <CurveTable answer={answer} />
      <div className="grid min-h-[420px] flex-1 grid-cols-[minmax(220px,300px)_minmax(0,1fr)] gap-4 max-[760px]:flex max-[760px]:flex-col">
        <TaskList answer={answer} ranking={ranking} active={at} onPick={setPicked} />
        {task !== undefined && (
          <TaskDetail key={task.task} task={task} rank={answer.rankings.findIndex(({ id }) => id === ranking?.id)} ranking={ranking} />
        )}
      </div>
    </div>
  );
}
