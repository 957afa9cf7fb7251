/** The text around a token of a trajectory, decoded from its ids. */
import { NONE } from '../../core/model/kinds.ts';
import type { Forest } from '../../core/model/forest.ts';
import { decodeTokens, type Tokenizer } from '../../core/tokens/tokenizer.ts';
import { pathTo, trajectoriesThrough } from '../../core/tree/navigate.ts';
import { hasSampled } from '../../core/tree/sampled.ts';
import type { TokenContext } from '../answers/top.ts';
import type { Dataset } from '../dataset.ts';
import { tokenText } from '../reading.ts';
import { isDecodable } from '../transcript/conversation.ts';

/** Tokens before and after. */
const AROUND = 16;

/** The first trajectory that sampled a node; where nobody did, the first through it. */
export function trajectoryAt(forest: Forest, node: number): number {
  const through = trajectoriesThrough(forest, node);
  return through.find((trajectory) => hasSampled(forest, trajectory, node)) ?? through[0] ?? NONE;
}

/** Null where no tokenizer at hand made the ids. @param offset of the token in its node's run */
export function contextAt(dataset: Dataset, tokenizer: Tokenizer, node: number, offset: number): TokenContext | null {
  const { forest } = dataset.tokens;
  const trajectory = trajectoryAt(forest, node);
  if (trajectory === NONE || !isDecodable(dataset, tokenizer, trajectory)) return null;
  const at = (forest.depth[node] ?? 0) + offset;
  const ids = idsBetween(forest, trajectory, at - AROUND, at + AROUND + 1);
  const before = Math.min(at, AROUND);
  const token = tokenizer.bytes(ids[before] ?? NONE);
  const [left, right] = [decodeTokens(tokenizer, ids, 0, before), decodeTokens(tokenizer, ids, before + 1)];
  return token === null || left === null || right === null ? null : { before: left, token: tokenText(token) ?? '', after: right };
}

/** The end of what precedes a fork. */
export function textBefore(dataset: Dataset, tokenizer: Tokenizer, node: number): string | null {
  const { forest } = dataset.tokens;
  const trajectory = trajectoryAt(forest, node);
  if (trajectory === NONE || !isDecodable(dataset, tokenizer, trajectory)) return null;
  const end = (forest.depth[node] ?? 0) + (forest.edgeStart[node + 1] ?? 0) - (forest.edgeStart[node] ?? 0);
  return decodeTokens(tokenizer, idsBetween(forest, trajectory, end - AROUND, end));
}

/** What a node begins with. */
export function firstWords(dataset: Dataset, tokenizer: Tokenizer, node: number): string | null {
  const { forest } = dataset.tokens;
  const trajectory = trajectoryAt(forest, node);
  if (trajectory === NONE || !isDecodable(dataset, tokenizer, trajectory)) return null;
  const start = forest.depth[node] ?? 0;
  return decodeTokens(tokenizer, idsBetween(forest, trajectory, start, start + AROUND));
}

/** Tokens [from, to) of a trajectory, clipped to those that it has. */
function idsBetween(forest: Forest, trajectory: number, from: number, to: number): number[] {
  const ids: number[] = [];
  for (const node of pathTo(forest, forest.trajectories.leaf[trajectory] ?? NONE)) {
    const depth = forest.depth[node] ?? 0;
    if (depth >= to) break;
    const start = forest.edgeStart[node] ?? 0;
    const run = (forest.edgeStart[node + 1] ?? 0) - start;
    for (let i = Math.max(0, from - depth); i < Math.min(run, to - depth); i++) ids.push(forest.edgeTokens[start + i] ?? 0);
  }
  return ids;
}
