/** What the session says of ground truths, under the settings and the threshold in force. */
import { skipToken, useQuery } from '@tanstack/react-query';
import type { TruthPairs, TruthsAnswer, TruthStops } from '../../engine/answers/truths.ts';
import type { TruthSettings } from '../../core/truths/settings.ts';
import { download } from '../../platform/browser/save.ts';
import { addAct } from '../state/acts.ts';
import { useChoices } from '../state/choices.ts';
import { useTruthsChoice } from '../state/truths.ts';
import { exact, plural } from '../text/format.ts';
import { keepWithin, useEpoch } from './answers.ts';
import { ask } from './client.ts';
import { useStudy, type StudyState } from './study.ts';

export function useTruths(): StudyState<TruthsAnswer> {
  const settings = useTruthsChoice((s) => s.settings);
  return useStudy('truths', settings, (session, onProgress) => session.truths(settings, onProgress));
}

/** Once the study itself is here. @param answer null: it is on its way */
export function useTruthStops(answer: TruthsAnswer | null): TruthStops | undefined {
  const epoch = useEpoch();
  const threshold = useTruthsChoice((s) => s.threshold);
  return useQuery<TruthStops>({
    queryKey: ['truth-stops', epoch, answer?.settings, threshold],
    queryFn: epoch === null || answer === null ? skipToken : () => ask((session) => session.truthStops(answer.settings, threshold)),
    placeholderData: keepWithin(epoch),
    gcTime: 30_000,
  }).data;
}

export function useTruthPairs(answer: TruthsAnswer | null): TruthPairs | null | undefined {
  const epoch = useEpoch();
  const rollout = useTruthsChoice((s) => s.rollout);
  const isAsked = epoch !== null && answer !== null && rollout !== null;
  return useQuery<TruthPairs | null>({
    queryKey: ['truth-pairs', epoch, answer?.settings, rollout],
    queryFn: isAsked ? () => ask((session) => session.truthPairs(answer.settings, rollout)) : skipToken,
  }).data;
}

export async function saveTruths(settings: TruthSettings, threshold: number): Promise<void> {
  const text = await ask((session) => session.truthsCsv(settings, threshold));
  download({ name: 'ground-truths.csv', blob: new Blob([text], { type: 'text/csv' }) });
}

/** Adds an act that drops what lies beyond deviation, and says what it names. */
export async function dropBeyond(settings: TruthSettings, threshold: number): Promise<void> {
  const { nodes, of, rollouts, sampled } = await ask((session) => session.truthsBeyond(settings, threshold));
  const { set } = useChoices.getState();
  if (nodes.length === 0) {
    set({ notice: 'No node lies beyond deviation at this threshold.' });
    return;
  }
  addAct({ verb: 'drop', nodes, name: `beyond deviation by more than ${Number(threshold.toFixed(3))} calls` });
  const what = `${plural(nodes.length, 'node')} with all below, ${plural(sampled, 'sampled token')} of ${plural(rollouts, 'rollout')}`;
  const left = of > nodes.length ? ` A line names at most ${exact(nodes.length)}: the other ${exact(of - nodes.length)} stay.` : '';
  set({ notice: `An act drops ${what}.${left}` });
}
