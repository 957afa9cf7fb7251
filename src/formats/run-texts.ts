/** Gives the messages that token ids show the texts that the log holds for them. */
import type { Part, Role, RolloutEvent } from '../core/model/rollout.ts';
import { type MessageRun, blank, cutCompletion, saysNothing, shownParts } from './chatml-ids.ts';

function runRole(run: MessageRun): Role {
  return run.results.length > 0 ? 'tool' : run.role;
}

/**
 * The logged parts of each run, by role and in order. A role of which the ids show more or fewer messages than the log
 * tells of gets none: better no text than another message's. Results count one by one, because several share a message.
 */
export function partsOfRuns(runs: readonly MessageRun[], texts: readonly RolloutEvent[]): (readonly Part[])[] {
  const queues = new Map<Role, (readonly Part[])[]>();
  for (const role of ['system', 'user', 'assistant'] as const) {
    const logged = texts.filter((event) => event.role === role).map((event) => event.parts);
    const shown = runs.filter((run) => runRole(run) === role && !run.open).length;
    // A template may leave out a call that its message holds apart; an answer that only calls is then not shown.
    const spoken = logged.length === shown ? logged : logged.filter((parts) => parts.some(({ kind }) => kind === 'text'));
    queues.set(role, spoken.length === shown ? spoken : []);
  }
  const results = texts.flatMap((event) => event.parts.filter((part) => part.kind === 'result'));
  const shown = runs.reduce((sum, run) => sum + run.results.length, 0);
  const left = results.length === shown ? results : [];
  return runs.map((run) => {
    if (run.open) return [];
    return run.results.length > 0 ? left.splice(0, run.results.length) : (queues.get(run.role)?.shift() ?? []);
  });
}

/** A message that was not sampled; its parts tile the run, whose ids are `ids`. */
export function contextEvent(run: MessageRun, ids: Int32Array, parts: readonly Part[]): RolloutEvent {
  const empty = saysNothing(ids) ? { empty: true as const } : {};
  return { role: runRole(run), sampled: false, parts: contextParts(run, ids, parts), ...empty, tokens: { ids } };
}

function contextParts(run: MessageRun, ids: Int32Array, parts: readonly Part[]): Part[] {
  if (run.results.length > 0) return shownParts(run.results, parts);
  if (run.role === 'assistant') {
    const runs = cutCompletion(ids);
    // A vocabulary without marks for thinking and calls shows one run of text: then one kind holds for all.
    const isPlain = runs.length === 1 && parts.length > 0 && parts.every((part) => part.kind !== 'text');
    return isPlain ? [...parts] : shownParts(runs, parts);
  }
  const [first = blank(run.role === 'system' ? 'system' : 'user'), ...others] = parts;
  return [{ ...first, tokenCount: ids.length }, ...others.map((part) => ({ ...part, tokenCount: 0 }))];
}
