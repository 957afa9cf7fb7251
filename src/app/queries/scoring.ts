/** Scoring by a language model, as the page sees it: one record in the query cache, and the verbs that change it. */
import { skipToken, useQuery } from '@tanstack/react-query';
import type { DatasetFacts } from '../../engine/answers/dataset.ts';
import type { LoadProgress } from '../../engine/score/model-folder.ts';
import type { ModelChoice } from '../../engine/score/model-choice.ts';
import type { LoadAnswer, ModelFacts } from '../../engine/score/scorer.ts';
import type { RestoredScores, ScoreEnd, ScoreEstimate, ScoreUpdate } from '../../engine/score/scoring.ts';
import { useChoices } from '../state/choices.ts';
import { useScoringChoices } from '../state/scoring.ts';
import type { ExecutorChoice, LendChoice } from '../state/scoring.ts';
import { asSentence } from '../text/format.ts';
import { unusable } from '../text/scoring.ts';
import { ask, askToStop, client } from './client.ts';
import { readRate } from './read-rate.ts';
import { askToKeep, renewStored } from './stored-models.ts';
import { makeKeeper, forgetRun, takeKeptRun } from './kept-run.ts';
import { factsKey, isAbort } from './opening.ts';
import { refreshScores, refreshScoresNow } from './score-refresh.ts';

/** The model that the session holds, and the choices it was loaded by. */
export interface LoadedModel {
  readonly choice: ModelChoice;
  readonly executor: ExecutorChoice;
  readonly dtype: string | null;
  readonly lend: LendChoice;
  readonly facts: ModelFacts;
}

export interface Scoring {
  readonly work: 'none' | 'loading' | 'estimating' | 'running' | 'paused';
  /** Opening that everything below the model is about. */
  readonly opening: number;
  readonly model: LoadedModel | null;
  readonly reading: Reading | null;
  /** Set when the log is too long to plan unasked: seconds that its tokens would take at least. */
  readonly atLeastSeconds: number | null;
  readonly estimate: ScoreEstimate | null;
  readonly update: ScoreUpdate | null;
  readonly end: ScoreEnd | null;
  readonly restored: RestoredScores | null;
  /** Why the last thing asked for did not happen, in a sentence. */
  readonly problem: string | null;
  /** The session holds figures of a model for these files. */
  readonly hasScores: boolean;
  /** The run was started unasked. */
  readonly byItself: boolean;
  /** Another tab keeps its own run of this log, so this one does not outlive a reload. */
  readonly isKeptElsewhere: boolean;
}

const KEY = ['scoring'] as const;
const AFRESH = {
  reading: null,
  atLeastSeconds: null,
  estimate: null,
  update: null,
  end: null,
  restored: null,
  problem: null,
  byItself: false,
  isKeptElsewhere: false,
} as const;
const IDLE: Scoring = { work: 'none', opening: 0, model: null, hasScores: false, ...AFRESH };
/** Progress comes after every request; the page follows it this often. */
const PROGRESS_MS = 200;

export function useScoring(): Scoring {
  const opening = useChoices((s) => s.opening?.id ?? 0);
  const state = useQuery<Scoring>({ queryKey: KEY, queryFn: skipToken, gcTime: Infinity }).data ?? IDLE;
  // What was found out about other files says nothing about these.
  return state.opening === opening
    ? state
    : { ...state, ...AFRESH, hasScores: false, opening, work: state.work === 'loading' ? 'loading' : 'none' };
}

function held(): Scoring {
  return client.getQueryData<Scoring>(KEY) ?? IDLE;
}

function patch(change: Partial<Scoring>): void {
  client.setQueryData<Scoring>(KEY, { ...held(), ...change });
}

const openingNow = (): number => useChoices.getState().opening?.id ?? 0;

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Calls `tell` at most every `PROGRESS_MS`. */
function seldom<T>(tell: (value: T) => void): (value: T) => void {
  let told = -Infinity;
  return (value) => {
    const now = performance.now();
    if (now - told < PROGRESS_MS) return;
    told = now;
    tell(value);
  };
}

/** What a model is loaded by. */
type Chosen = Pick<LoadedModel, 'choice' | 'executor' | 'dtype' | 'lend'>;

const isSame = (a: Chosen, b: Chosen): boolean =>
  a.choice === b.choice && a.executor === b.executor && a.dtype === b.dtype && a.lend === b.lend;

/** How far a model has been read, and how fast. */
export interface Reading extends LoadProgress {
  readonly bytesPerSecond: number | null;
}

/** A load that goes on. Another log may be opened meanwhile, and is scored by the same model. */
interface Loading {
  readonly by: Chosen;
  reading: Reading | null;
  readonly answer: Promise<LoadAnswer>;
}

let load: Loading | null = null;

function startLoad(by: Chosen): Loading {
  const { choice, executor, dtype, lend } = by;
  const rate = readRate();
  if (choice.kind === 'url') void askToKeep();
  const onProgress = seldom((progress: LoadProgress) => {
    if (load !== mine) return;
    mine.reading = { ...progress, bytesPerSecond: rate(progress.bytes, performance.now() / 1000) };
    if (held().work === 'loading') patch({ reading: mine.reading });
  });
  const asked = ask<LoadAnswer>((session) => session.score.load({ model: choice, executor, dtype, lend }, onProgress));
  const mine: Loading = {
    by,
    reading: null,
    answer: asked.finally(() => {
      if (load === mine) load = null;
      if (choice.kind === 'url') void renewStored();
    }),
  };
  return mine;
}

/**
 * Loads the chosen model unless it is there already or on its way. @returns null where it could not be loaded
 * (`problem` says why) or another was chosen meanwhile
 */
async function loadModel(isCurrent: () => boolean): Promise<LoadedModel | null> {
  const { model: choice, executor, dtype, lend } = useScoringChoices.getState();
  const by = { choice, executor, dtype, lend };
  const before = held().model;
  if (before && isSame(before, by)) return before;
  if (load === null || !isSame(load.by, by)) load = startLoad(by);
  patch({ work: 'loading', model: null, reading: load.reading });
  const answer = await load.answer;
  if (!isCurrent()) return null;
  if (!answer.ok) {
    patch({ work: 'none', reading: null, problem: unusable(answer.reason) });
    return null;
  }
  const model = { ...by, facts: answer.model };
  patch({ model, reading: null });
  return model;
}

let preparations = 0;
/** Settles when the run that was started last is over. */
let run: Promise<void> = Promise.resolve();

const isRunning = ({ work }: Scoring): boolean => work === 'running' || work === 'paused';

/**
 * Loads the chosen model where it is not loaded, and asks what scoring would cost.
 * @param mostSeconds no plan is made for logs that take longer even by the plainest count
 * @returns the estimate, where there is one and nothing newer has been asked
 */
export async function prepare(distinctTokens: number, mostSeconds = Infinity): Promise<ScoreEstimate | null> {
  const opening = openingNow();
  if (isRunning(held()) && held().opening === opening) return null;
  const mine = ++preparations;
  // One of files that were open before is on its way out.
  await run;
  if (mine !== preparations || opening !== openingNow()) return null;
  const { restored, hasScores } = held().opening === opening ? held() : IDLE;
  patch({ ...AFRESH, opening, restored, hasScores });
  try {
    const model = await loadModel(() => mine === preparations);
    if (mine !== preparations || model === null) return null;
    const atLeastSeconds = distinctTokens / model.facts.tokensPerSecond;
    if (atLeastSeconds > mostSeconds) {
      patch({ work: 'none', atLeastSeconds });
      return null;
    }
    patch({ work: 'estimating' });
    const { scope, sketch } = useScoringChoices.getState();
    const estimate = await ask<ScoreEstimate>((session) => session.score.estimate(scope, sketch));
    if (mine !== preparations || opening !== openingNow()) return null;
    patch({ work: 'none', estimate, problem: estimate.ok || estimate.because === 'log' ? null : asSentence(estimate.reason) });
    return estimate;
  } catch (error) {
    if (mine === preparations) patch({ work: 'none', reading: null, problem: isAbort(error) ? null : asSentence(reasonOf(error)) });
    return null;
  }
}

/** The session goes by the rate of its last run too. */
function atRate(model: LoadedModel | null, tokensPerSecond: number | null): LoadedModel | null {
  return model && tokensPerSecond !== null ? { ...model, facts: { ...model.facts, tokensPerSecond } } : model;
}

/** Runs what the last estimate planned. */
export function startScoring(byItself: boolean): Promise<void> {
  const { estimate, work, opening } = held();
  if (estimate?.ok === true && work === 'none' && opening === openingNow()) run = score(opening, byItself);
  return run;
}

async function score(opening: number, byItself: boolean): Promise<void> {
  patch({ work: 'running', update: null, end: null, restored: null, problem: null, byItself, isKeptElsewhere: false });
  let version = -1;
  let rate: number | null = null;
  const { scope, sketch } = useScoringChoices.getState();
  const data = dataOf(opening);
  const keeper = data === null ? null : makeKeeper(data, { scope, sketch }, saveScores, (isKeptElsewhere) => patch({ isKeptElsewhere }));
  const follow = seldom((update: ScoreUpdate) => patch({ update }));
  const onProgress = (update: ScoreUpdate): void => {
    if (opening !== openingNow()) return;
    rate = update.tokensPerSecond;
    follow(update);
    keeper?.tick();
    if (update.scoreVersion === version) return;
    version = update.scoreVersion;
    refreshScores(opening);
  };
  let isOver = false;
  try {
    const end = await ask<ScoreEnd>((session) => session.score.start(onProgress));
    isOver = end.ok;
    if (held().opening !== opening) return;
    patch({
      work: 'none',
      estimate: null,
      update: null,
      end,
      hasScores: end.scored > 0,
      // A device that was given up in mid-run is not ready any more.
      model: end.ok && end.fallbacks.length === 0 ? atRate(held().model, rate) : null,
    });
  } catch (error) {
    if (held().opening === opening) patch({ work: 'none', update: null, problem: asSentence(reasonOf(error)), model: null });
  }
  await keeper?.end(isOver);
  await refreshScoresNow(opening);
}

/**
 * Scores what the log and earlier runs leave unknown, and nothing else: the model chosen last is loaded, and the run begins. A model
 * behind an address is asked for first, in the panel.
 */
export async function scoreTheRest(distinctTokens: number): Promise<void> {
  useScoringChoices.getState().set({ scope: 'missing', sketch: false });
  const isIdle = !isRunning(held()) && useScoringChoices.getState().model.kind !== 'url';
  if (isIdle) voidEstimate();
  const asked = isIdle ? prepare(distinctTokens) : null;
  // The panel asks for an estimate of its own where nobody has yet.
  await new Promise((begun) => setTimeout(begun));
  useChoices.getState().set({ panel: 'entropy' });
  const estimate = await asked;
  if (estimate?.ok === true && estimate.scored > 0) await startScoring(false);
}

export async function pauseScoring(): Promise<void> {
  if (held().work !== 'running') return;
  patch({ work: 'paused' });
  await ask((session) => session.score.pause());
}

export async function resumeScoring(): Promise<void> {
  if (held().work !== 'paused') return;
  patch({ work: 'running' });
  await ask((session) => session.score.resume());
}

/** Ends a load or a run; scores that exist stay. */
export async function cancelScoring(): Promise<void> {
  preparations++;
  load = null;
  if (held().work === 'loading' || held().work === 'estimating') patch({ work: 'none', reading: null });
  await askToStop((session) => session.score.cancel());
}

/** The files were closed: nothing is left to score. */
export function leaveScoring(): void {
  if (held().work !== 'none') void cancelScoring();
}

/** Another model, device or set of tokens was chosen: what was estimated for the one before is void. */
export function voidEstimate(): void {
  preparations++;
  if (!isRunning(held()))
    patch({ work: 'none', reading: null, estimate: null, atLeastSeconds: null, problem: null, end: null, restored: null });
}

/** The session died, and the model with it. */
export function forgetModel(): void {
  load = null;
  patch({ ...IDLE, opening: held().opening });
}

export function saveScores(): Promise<Uint8Array<ArrayBuffer>> {
  return ask((session) => session.score.save());
}

/** What the log that is open is named by; null while it is being read. */
function dataOf(opening: number): string | null {
  const facts = client.getQueryData<DatasetFacts>(factsKey(opening));
  return facts?.complete === true ? facts.fingerprint : null;
}

/** Goes on with the run on this log that a reload cut off, by the same model and settings. @returns whether there was one */
export async function continueRun(distinctTokens: number): Promise<boolean> {
  const opening = openingNow();
  const data = dataOf(opening);
  const kept = data === null ? null : await takeKeptRun(data);
  if (data === null || kept === null || opening !== openingNow()) return false;
  const restored = await loadScores(kept.scores);
  if (opening !== openingNow()) return true;
  if (restored.ok) useScoringChoices.getState().set(kept.settings);
  const estimate = restored.ok ? await prepare(distinctTokens) : null;
  const isSameModel = restored.ok && held().model?.facts.hash === restored.header.model;
  // Of another model than the one chosen, what there is stays to be seen and saved, and to go on with.
  if (isSameModel && estimate?.ok === true && estimate.tokens > 0) void startScoring(false);
  else if (opening === openingNow() && (!restored.ok || (isSameModel && estimate?.ok === true))) await forgetRun(data);
  return restored.ok;
}

/** What a run gave, perhaps half of it, is let go: the log stands alone again. */
export async function discardScores(): Promise<void> {
  const opening = openingNow();
  await ask((session) => session.score.discard());
  const data = dataOf(opening);
  if (data !== null) await forgetRun(data);
  patch({ ...AFRESH, opening, work: 'none', restored: null, hasScores: false });
  await refreshScoresNow(opening);
}

export async function loadScores(file: Blob): Promise<RestoredScores> {
  const opening = openingNow();
  const restored = await file
    .arrayBuffer()
    .then((buffer) => ask<RestoredScores>((session) => session.score.restore(new Uint8Array(buffer))))
    .catch((error: unknown): RestoredScores => ({ ok: false, reason: reasonOf(error) }));
  if (opening !== openingNow()) return restored;
  if (!restored.ok) {
    // Nothing has changed: an estimate or a run is still what it was.
    patch(held().opening === opening ? { restored } : { ...AFRESH, opening, work: 'none', restored, hasScores: false });
    return restored;
  }
  patch({ ...AFRESH, opening, work: held().work, restored, hasScores: true });
  await refreshScoresNow(opening);
  return restored;
}
