/** Starts scoring by itself where a log has no entropy and it takes under a minute; and takes in a scores file that waits. */
import { useEffect } from 'react';
import { useSessionDeath } from '../../queries/client.ts';
import { useFacts } from '../../queries/opening.ts';
import { continueRun, forgetModel, leaveScoring, loadScores, prepare, startScoring } from '../../queries/scoring.ts';
import { useChoices } from '../../state/choices.ts';
import { useScoringChoices } from '../../state/scoring.ts';

/** As the engine has it: estimates above this are not started unasked. */
const MOST_SECONDS = 60;
/** Logs with more tokens than any device forwards in that time are not worth loading a model for unasked. */
const MOST_TOKENS = 12_000_000;

let tried = 0;

/** Once for every opening: not again when scores or another choice arrive. @param bare the log has no entropy */
async function startUnasked(opening: number, distinct: number, bare: boolean): Promise<void> {
  if (tried === opening) return;
  tried = opening;
  if (useScoringChoices.getState().waitingScores || (await continueRun(distinct)) || !bare) return;
  // Other files may have been opened meanwhile.
  if (useChoices.getState().opening?.id !== opening) return;
  const { startsByItself, model, waitingScores } = useScoringChoices.getState();
  // A model behind an address is downloaded only when asked for.
  if (!startsByItself || model.kind === 'url' || waitingScores || distinct > MOST_TOKENS) return;
  const estimate = await prepare(distinct, MOST_SECONDS);
  if (estimate?.ok === true && estimate.startsByItself) await startScoring(true);
}

async function takeScores(file: Blob): Promise<void> {
  useScoringChoices.getState().set({ waitingScores: null });
  const restored = await loadScores(file);
  if (!restored.ok) useChoices.getState().set({ panel: 'entropy' });
}

export function useAutoScoring(): void {
  const facts = useFacts();
  const opening = useChoices((s) => s.opening?.id);
  const waiting = useScoringChoices((s) => s.waitingScores);
  const dead = useSessionDeath() !== null;
  const complete = facts?.complete === true && facts.rollouts > 0;
  const bare = complete && facts.entropy.coverage === 0 && facts.tokens.sampled > 0;
  const distinct = facts?.tokens.distinct ?? 0;
  useEffect(() => {
    if (dead) forgetModel();
  }, [dead]);
  useEffect(() => {
    if (opening === undefined) leaveScoring();
  }, [opening]);
  useEffect(() => {
    if (complete && opening !== undefined) void startUnasked(opening, distinct, bare);
  }, [complete, bare, opening, distinct]);
  useEffect(() => {
    if (complete && waiting) void takeScores(waiting);
  }, [complete, waiting]);
}
