/**
 * Asks the judge that a person entered about candidates. The texts come from the session; the questions go through the fetch worker,
 * which reaches that host alone, and only after a person has said so.
 */
import type { CandidatesQuestion } from '../../engine/answers/candidates.ts';
import type { JudgedCandidate } from '../../engine/answers/judging.ts';
import { promptFault } from '../../core/judge/prompt.ts';
import { chatAddress, keyFault } from '../../engine/judge/chat.ts';
import { DEFAULT_JUDGE, judge } from '../../engine/judge/judge.ts';
import { judgeScores } from '../../engine/judge/judge-scores.ts';
import { judgeAt } from '../../platform/web/judge-address.ts';
import { fetchFrom } from '../../../workers/fetch.ts';
import { useChoices } from '../state/choices.ts';
import { useJudging, type JudgeChoices } from '../state/judging.ts';
import { ask, askToStop } from './client.ts';

let running: AbortController | null = null;
/** What waits to be sent, to where it was when it was offered. */
let waiting: { readonly candidates: readonly JudgedCandidate[]; readonly choices: JudgeChoices } | null = null;

/** Why nothing can be asked yet, as a sentence; null: all is there. */
function judgeFault({ address, model, key, prompt }: JudgeChoices): string | null {
  const found = chatAddress(address);
  if (!found.ok) return `Expected an http or https address, found ${found.found}.`;
  if (model.trim() === '') return 'Expected the name of a model, found none.';
  const fault = keyFault(key.trim()) ?? promptFault(prompt);
  return fault === null ? null : `${fault[0]?.toUpperCase()}${fault.slice(1)}.`;
}

/** Reads what would be sent; sends it where the origin is allowed already, else tells how much it is and waits. */
export async function offerJudge(question: CandidatesQuestion): Promise<void> {
  const { set, ...choices } = useJudging.getState();
  const fault = judgeFault(choices);
  if (fault !== null) return set({ problem: fault });
  running?.abort();
  const mine = (running = new AbortController());
  set({ problem: null, offered: null, progress: { done: 0, total: 0, failed: 0, perSecond: 0, secondsLeft: null } });
  try {
    const candidates = await ask((session) => session.judgedCandidates(question));
    if (mine.signal.aborted) return;
    waiting = { candidates, choices };
    if (candidates.length === 0) return set({ progress: null, problem: 'No candidate has a text that can be judged.' });
    const { host, origin } = new URL(choices.address.trim());
    if (useJudging.getState().allowed.includes(origin)) return await sendToJudge();
    // A task's text goes with each of its candidates.
    const characters = candidates.reduce((sum, { task, patch }) => sum + (task?.length ?? 0) + patch.length, 0);
    set({ progress: null, offered: { host, candidates: candidates.length, characters: characters * choices.samples } });
  } catch (error) {
    if (!mine.signal.aborted) set({ progress: null, problem: error instanceof Error ? error.message : String(error) });
  }
}

/** Sends what was offered: a person has said so. */
export async function sendToJudge(): Promise<void> {
  if (waiting === null) return;
  const { candidates, choices } = waiting;
  waiting = null;
  const { address, model, key, temperature, prompt, samples, atOnce } = choices;
  const { set, allowed } = useJudging.getState();
  running?.abort();
  const mine = (running = new AbortController());
  const { host, origin } = new URL(address.trim());
  const total = candidates.length * samples;
  set({
    allowed: [...new Set([...allowed, origin])],
    offered: null,
    problem: null,
    progress: { done: 0, total, failed: 0, perSecond: 0, secondsLeft: null },
  });
  try {
    const answer = await judge({
      candidates,
      settings: { ...DEFAULT_JUDGE, prompt, samples, atOnce },
      send: judgeAt({ address, model: model.trim(), temperature }, key.trim(), fetchFrom),
      signal: mine.signal,
      onProgress: (progress) => {
        if (running === mine) set({ progress });
      },
    });
    if (running !== mine) return;
    set({ progress: null, judged: { model: model.trim(), host, answer, list: judgeScores(answer, model.trim(), host) } });
  } catch (error) {
    if (running === mine) set({ progress: null, problem: error instanceof Error ? error.message : String(error) });
  }
}

/** Nothing is sent that is not under way; what has come stays. */
export function cancelJudge(): void {
  const { set, progress } = useJudging.getState();
  waiting = null;
  running?.abort();
  // Texts are read by the session, which has nothing to keep.
  if (progress?.total === 0) void askToStop((session) => session.stopStudy('choices'));
  set({ offered: null, ...(progress?.total === 0 && { progress: null }) });
}

/** What was asked about one log says nothing of another, whose files may have the same names. */
useChoices.subscribe(({ opening }, { opening: before }) => {
  if (opening?.files === before?.files) return;
  waiting = null;
  running?.abort();
  running = null;
  useJudging.getState().set({ offered: null, progress: null, problem: null, judged: null });
});
