/** Scores that rank candidates besides those that need no list: of a judge, and of a column of rollouts. */
import { skipToken, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ScoreList } from '../../core/candidates/candidate.ts';
import { useJudging } from '../state/judging.ts';
import { keepWithin, useEpoch } from './answers.ts';
import { ask } from './client.ts';

interface ScoreColumn {
  readonly id: string;
  readonly label: string;
  readonly help: string;
}

const NONE: readonly ScoreColumn[] = [];

/** Columns of the open log that can rank. */
export function useScoreColumns(): readonly ScoreColumn[] {
  const epoch = useEpoch();
  const queryFn = epoch === null ? skipToken : () => ask((session) => session.scoreColumns());
  return useQuery({ queryKey: ['score-columns', epoch], queryFn, placeholderData: keepWithin(epoch) }).data ?? NONE;
}

/** @param column name of a ranking, `column:ID` or `column:-ID`; null: none */
export function useScoreLists(column: string | null): readonly ScoreList[] {
  const epoch = useEpoch();
  const queryFn = epoch === null || column === null ? skipToken : () => ask((session) => session.columnScores(column));
  const found = useQuery({ queryKey: ['score-list', epoch, column], queryFn }).data ?? null;
  const judged = useJudging((s) => s.judged);
  return useMemo(() => [judged?.list ?? null, found].filter((list) => list !== null), [judged, found]);
}
