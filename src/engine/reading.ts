/** The text of a node: its tokens decoded where the tokenizer can, otherwise the event's text as the log holds it. */
import { NONE } from '../core/model/kinds.ts';
import { locateNode, type NodeKey } from '../core/model/node-key.ts';
import type { RolloutEvent } from '../core/model/rollout.ts';
import { tokenEntropies } from '../core/signal/entropy.ts';
import type { Tokenizer } from '../core/tokens/tokenizer.ts';
import { trajectoriesThrough } from '../core/tree/navigate.ts';
import type { NodeTextAnswer, NodeToken } from './answers/looking.ts';
import type { Dataset } from './dataset.ts';
import type { ReadBack } from './read-back.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Rejects where no node has that key. @param model entropy from a language model, parallel to edgeTokens */
export async function nodeText(
  dataset: Dataset,
  readBack: ReadBack,
  tokenizer: Tokenizer,
  key: NodeKey,
  from: number,
  count: number,
  model: Float32Array | null,
): Promise<NodeTextAnswer> {
  const { forest } = dataset.tokens;
  const node = locateNode(forest.keys, key);
  if (node === NONE) throw new Error(`no node of the open log has the key ${key}`);
  const first = forest.edgeStart[node] ?? 0;
  const total = (forest.edgeStart[node + 1] ?? 0) - first;
  const start = Math.max(0, Math.min(from, total));
  const end = Math.min(total, start + count);
  const trajectory = trajectoriesThrough(forest, node)[0] ?? 0;
  const { readable, events } = await readability(dataset, readBack, tokenizer, trajectory);
  const { valueOf: entropyOf } = tokenEntropies(forest, model);
  const tokens: NodeToken[] = [];
  for (let i = first + start; i < first + end; i++) {
    const id = forest.edgeTokens[i] ?? 0;
    tokens.push({
      id,
      text: readable ? tokenText(tokenizer.bytes(id)) : null,
      entropy: entropyOf(i, node),
      surprisal: forest.channels.surprisal?.[i] ?? NaN,
    });
  }
  return {
    tokens,
    from: start,
    total,
    decodedBy: readable ? tokenizer.name : null,
    sourceText: readable ? null : eventText(events, forest.depth[node] ?? 0),
  };
}

/** Whether the session's tokenizer made the trajectory's ids, and the events to show instead where it did not. */
export async function readability(
  dataset: Dataset,
  readBack: ReadBack,
  tokenizer: Tokenizer,
  trajectory: number,
): Promise<{ readable: boolean; events: readonly RolloutEvent[] }> {
  const { trajectories } = dataset.tokens.forest;
  const row = trajectories.rollout[trajectory] ?? 0;
  const input = dataset.opening.inputs[dataset.tokens.rollouts[row]?.source ?? 0];
  if (input?.format?.hasMessages === false) return { readable: dataset.opening.restored?.tokenizer === tokenizer.name, events: [] };
  const rollout = await readBack.rollout(row);
  const events = rollout.branches[trajectories.branch[trajectory] ?? 0]?.events ?? [];
  const logged = events.every((event) => event.tokens?.ids !== undefined);
  const { verifiedRuns, unverifiedRuns } = dataset.opening.counts;
  return { readable: !logged || rollout.tokenizer === tokenizer.name || (verifiedRuns > 0 && unverifiedRuns === 0), events };
}

/** A token that is not whole UTF-8 is spelled byte by byte. */
export function tokenText(bytes: Uint8Array | null): string | null {
  if (bytes === null) return null;
  try {
    return strict.decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  }
}

/** Text of the event that holds the token at `depth` of a branch with logged ids. */
export function eventText(events: readonly RolloutEvent[], depth: number): string | null {
  let at = 0;
  for (const event of events) {
    at += event.tokens?.ids?.length ?? 0;
    if (depth < at) return event.parts.map((part) => (part.tool === undefined ? part.text : `${part.tool}(${part.text})`)).join('\n');
  }
  return null;
}
