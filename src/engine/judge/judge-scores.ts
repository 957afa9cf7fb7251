/** What a judge said of candidates, as a list that rankings take. */
import type { ScoreList } from '../../core/candidates/candidate.ts';
import type { JudgeAnswer } from '../answers/judging.ts';

/** Name of the ranking. */
export const JUDGE_RANKING = 'judge';

/** @param model as it was asked for. @param host where */
export function judgeScores({ scores }: JudgeAnswer, model: string, host: string): ScoreList {
  return {
    id: JUDGE_RANKING,
    label: 'judge',
    source: `mean of the scores that ${model} at ${host} gave`,
    values: scores.flatMap(({ key, mean }) => (mean === null ? [] : [[key, mean] as const])),
  };
}
