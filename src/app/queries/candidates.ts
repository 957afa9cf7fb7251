/** Candidates of the open log, and the text of one of them when it is looked at. */
import { skipToken, useQuery } from '@tanstack/react-query';
import type { CandidateKey } from '../../core/candidates/candidate.ts';
import type { CandidateDifference, CandidatesAnswer, CandidatesQuestion } from '../../engine/answers/candidates.ts';
import { useEpoch } from './answers.ts';
import { ask } from './client.ts';
import { useStudy, type StudyState } from './study.ts';

export function useCandidates(question: CandidatesQuestion): StudyState<CandidatesAnswer> {
  return useStudy('candidates', question, (session, onProgress) => session.candidates(question, onProgress));
}

/** Of one candidate: its patch, or what differs in it from another; null where a text is not at hand. */
export type CandidateShown =
  | { readonly kind: 'patch'; readonly text: string | null }
  | { readonly kind: 'difference'; readonly difference: CandidateDifference | null };

/** @param from the candidate that it is held against; null: none */
export function useCandidateShown(key: CandidateKey | null, from: CandidateKey | null) {
  const epoch = useEpoch();
  return useQuery<CandidateShown>({
    queryKey: ['candidate', epoch, key, from],
    queryFn:
      epoch === null || key === null
        ? skipToken
        : () =>
            ask(async (session) =>
              from === null
                ? { kind: 'patch', text: await session.candidateText(key) }
                : { kind: 'difference', difference: await session.candidateDifference(from, key) },
            ),
  });
}
