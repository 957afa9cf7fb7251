/** Which way the forest's tokens reach the model: its own ids as they are, or their text in the model's tokens. */
import type { RolloutEvent } from '../../core/model/rollout.ts';
import { decodeTokens, type Tokenizer } from '../../core/tokens/tokenizer.ts';
import type { Dataset } from '../dataset.ts';
import type { ReadBack } from '../read-back.ts';
import { readability } from '../reading.ts';

export type ChosenTokenisation =
  /** `unreadable`: tasks whose ids no tokenizer at hand made, and which are left out. */
  | { readonly ok: true; readonly by: 'ids' | 'text'; readonly unreadable: readonly number[] }
  | { readonly ok: false; readonly reason: string };

export interface TokenisationInputs {
  readonly dataset: Dataset;
  readonly readBack: ReadBack;
  /** The session's tokenizer, and the model's. */
  readonly own: Tokenizer;
  readonly scorer: Tokenizer;
  /** The session reads with the model's own tokenizer.json. */
  readonly same: boolean;
}

/** Tasks looked at for whether the model's tokenizer made the ids; and the share of their events that must read as logged. */
const TRIALS = 20;
const ENOUGH = 0.9;
/** A shorter text may be found by chance. */
const LEAST_TEXT = 8;

/** Reads back one rollout per task where the log holds ids that the session's tokenizer may not have made. */
export async function chooseTokenisation({ dataset, readBack, own, scorer, same }: TokenisationInputs): Promise<ChosenTokenisation> {
  const { counts } = dataset.opening;
  if (same) return { ok: true, by: 'ids', unreadable: [] };
  const verified = counts.verifiedRuns > 0 && counts.unverifiedRuns === 0;
  if (counts.loggedTokens === 0 || verified) return { ok: true, by: 'text', unreadable: [] };
  const { forest, tasks } = dataset.tokens;
  const unreadable: number[] = [];
  const trials: (readonly RolloutEvent[])[] = [];
  for (let task = 0; task < tasks.length; task++) {
    const trajectory = forest.trajectoryOrder[forest.trajectoryStart[task] ?? 0] ?? 0;
    const { readable, events } = await readability(dataset, readBack, own, trajectory);
    if (readable) continue;
    unreadable.push(task);
    if (trials.length < TRIALS) trials.push(events);
  }
  if (unreadable.length === tasks.length && readsAsLogged(trials.flat(), scorer) >= ENOUGH) return { ok: true, by: 'ids', unreadable: [] };
  if (unreadable.length < tasks.length) return { ok: true, by: 'text', unreadable };
  return {
    ok: false,
    reason:
      `the log holds token ids that neither ${own.name} nor ${scorer.name} made: ` +
      `open it with the tokenizer.json that made them, so that their text can be read`,
  };
}

/** Share of the events with ids and text whose decoded ids contain the text; 0 where there are none. */
function readsAsLogged(events: readonly RolloutEvent[], tokenizer: Tokenizer): number {
  let looked = 0;
  let same = 0;
  for (const { tokens, parts } of events) {
    const text = parts.map((part) => part.text.trim()).find((part) => part.length >= LEAST_TEXT);
    if (tokens?.ids === undefined || text === undefined) continue;
    looked++;
    if (decodeTokens(tokenizer, tokens.ids)?.includes(text)) same++;
  }
  return looked === 0 ? 0 : same / looked;
}
