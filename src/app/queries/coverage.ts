/** What the session says of tags: the guess of each task, and tokens with loss by task once the budget rests. */
import { skipToken, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { saidOf, tagsInForce, type TagsInForce } from '../../core/axes/force.ts';
import { taskTags } from '../../core/notes/notes.ts';
import type { GuessedTask, TaskGuesses, TaskLoss } from '../../engine/answers/coverage.ts';
import { useChoices } from '../state/choices.ts';
import { keepWithin, useEpoch, useOrderId, useRestingBudget } from './answers.ts';
import { ask } from './client.ts';
import { makeGate } from './latest.ts';
import { useTaken } from './search.ts';
import { useStudy, type StudyState } from './study.ts';

const losses = makeGate();

export type TaggedTask = GuessedTask & {
  readonly force: TagsInForce;
  /** Distinct tokens with loss at the budget in force; undefined: not known yet. */
  readonly tokens: number | undefined;
};

export interface TaggedTasks {
  readonly state: StudyState<TaskGuesses>;
  /** Those of which the filter takes a rollout. */
  readonly tasks: readonly TaggedTask[];
  readonly all: number;
}

/** @param usesGuesses guesses that nobody took over are in force where nothing is said */
export function useTaggedTasks(usesGuesses: boolean): TaggedTasks {
  const state = useStudy('coverage', 'guesses', (session, onProgress) => session.guessTags(onProgress));
  const epoch = useEpoch();
  const id = useOrderId();
  const budget = useRestingBudget();
  const { data: loss } = useQuery<TaskLoss>({
    queryKey: ['task-loss', epoch, id, budget],
    queryFn: id === undefined ? skipToken : ({ signal }) => losses.turn(signal, () => ask((session) => session.taskLoss(id, budget))),
    placeholderData: keepWithin(epoch),
    gcTime: 5_000,
  });
  const notes = useChoices((s) => s.pruning.present.notes);
  const taken = useTaken();
  const { answer } = state;
  const tagged = useMemo((): readonly TaggedTask[] => {
    const said = taskTags(notes);
    return (answer?.tasks ?? []).map((task) => ({
      ...task,
      rollouts: loss?.rollouts[task.row] ?? task.rollouts,
      tokens: loss?.tokens[task.row],
      force: tagsInForce(saidOf(said, task), usesGuesses ? task.guess : null),
    }));
  }, [answer, loss, notes, usesGuesses]);
  const tasks = useMemo(
    () => (taken?.byTask.length === tagged.length ? tagged.filter(({ row }) => (taken.byTask[row] ?? 0) > 0) : tagged),
    [tagged, taken],
  );
  return { state, tasks, all: tagged.length };
}
