/** Events from one sequence of token ids with a mask, as trainers log it. */
import type { Part, RolloutEvent } from '../core/model/rollout.ts';
import { cutCompletion, cutMessages, replyParts, saysNothing } from './chatml-ids.ts';
import { defined } from './envelope.ts';
import { contextEvent, partsOfRuns } from './run-texts.ts';

type Column = 'logprobs' | 'entropy' | 'advantages' | 'versions';
type Columns = { readonly [C in Column]?: Float64Array };

/**
 * A message per event where the ids show messages (Qwen and Llama 3); elsewhere a new event wherever the mask changes.
 * An event with a masked-in token is sampled. `texts`: the messages in text form, used where they are as many as the
 * ids show of a role, or where one answer ends the sequence. `columns` are parallel to `ids`.
 */
export function eventsFromIds(ids: Int32Array, sampled: Uint8Array, texts: readonly RolloutEvent[], columns: Columns): RolloutEvent[] {
  const runs = cutMessages(ids);
  const starts = runs === null ? changes(sampled) : runs.map((run) => run.start);
  const parts = runs === null ? partsByMask(sampled, starts, texts) : partsOfRuns(runs, texts);
  return starts.map((start, i): RolloutEvent => {
    const end = starts[i + 1] ?? ids.length;
    const mask = sampled.subarray(start, end);
    const first = mask.indexOf(1);
    const run = runs?.[i];
    const own = ids.subarray(start, end);
    const tokens = {
      ids: own,
      ...(first < 0 ? {} : { mask }),
      ...defined({
        logprobs: columns.logprobs?.subarray(start, end),
        entropy: columns.entropy?.subarray(start, end),
        advantages: columns.advantages?.subarray(start, end),
        versions: columns.versions?.subarray(start, end),
      }),
    };
    if (first < 0)
      return run === undefined ? { role: 'user', sampled: false, parts: parts[i]!, tokens } : contextEvent(run, own, parts[i]!);
    if (run === undefined) return { role: 'assistant', sampled: true, parts: parts[i]!, tokens };
    // A mask may train on what the environment said: its role stays.
    if (run.role !== 'assistant') return { ...contextEvent(run, own, parts[i]!), sampled: true, tokens };
    const empty = saysNothing(own) ? { empty: true as const } : {};
    return { role: 'assistant', sampled: true, parts: replyParts(cutCompletion(own, first), parts[i]!, first), ...empty, tokens };
  });
}

/** Without messages in the ids, the texts are placed only where there is one answer and it comes last. */
function partsByMask(sampled: Uint8Array, starts: readonly number[], texts: readonly RolloutEvent[]): (readonly Part[])[] {
  const answers = starts.filter((start) => sampled[start] === 1).length;
  const last = texts.at(-1);
  if (answers !== 1 || starts.length !== 2 || last?.role !== 'assistant' || sampled[starts[1]!] !== 1) return starts.map(() => []);
  return [texts.slice(0, -1).flatMap((event) => event.parts), last.parts];
}

function changes(mask: Uint8Array): number[] {
  const starts = [0];
  for (let i = 1; i < mask.length; i++) if (mask[i] !== mask[i - 1]) starts.push(i);
  return starts;
}
