/** What a study answers about the open log: progress while records are read anew, and an end to it when a person asks for one. */
import { skipToken, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SessionHandle } from '../../../workers/spawn.ts';
import type { SurveyProgress } from '../../engine/surveys/session-surveys.ts';
import { keepWithin, useEpoch } from './answers.ts';
import { ask, askToStop } from './client.ts';

export interface StudyState<T> {
  readonly answer: T | undefined;
  readonly error: Error | null;
  /** Null: nothing is read. */
  readonly progress: SurveyProgress | null;
  /** The answer is of the question before. */
  readonly isOld: boolean;
  /** Ends what is asked; `ask` begins anew. */
  readonly stop: () => void;
  readonly ask: () => void;
}

/**
 * @param question all that the answer depends on besides the open log and its scores; null: nothing is asked yet
 * @param put asks the session
 */
export function useStudy<T>(
  study: string,
  question: unknown,
  put: (session: SessionHandle, onProgress: (progress: SurveyProgress) => void) => Promise<T>,
): StudyState<T> {
  const epoch = useEpoch();
  const [progress, setProgress] = useState<SurveyProgress | null>(null);
  const query = useQuery<T>({
    queryKey: [study, epoch, question],
    queryFn:
      epoch === null || question === null
        ? skipToken
        : () => {
            setProgress(null);
            return ask((session) => put(session, setProgress));
          },
    placeholderData: keepWithin(epoch),
    gcTime: 300_000,
  });
  return {
    answer: query.data,
    error: query.error,
    progress: query.isFetching ? progress : null,
    isOld: query.isPlaceholderData || query.isFetching,
    stop: () => void askToStop((session) => session.stopStudy(study)),
    ask: () => void query.refetch(),
  };
}
