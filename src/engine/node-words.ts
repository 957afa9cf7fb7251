/** The first words of nodes, for boxes that have room for them and for the card beside the pointer. */
import { NONE } from '../core/model/kinds.ts';
import { locateNodes, type NodeKey } from '../core/model/node-key.ts';
import { decodeTokens, type Tokenizer } from '../core/tokens/tokenizer.ts';
import { trajectoriesThrough } from '../core/tree/navigate.ts';
import { callArguments, withoutMarks } from './action-node.ts';
import type { Dataset } from './dataset.ts';
import type { ReadBack } from './read-back.ts';
import { eventText, readability } from './reading.ts';

/** Characters at most; where a text is longer an ellipsis says so. */
export const MOST_LETTERS = 280;
/** Tokens that are looked at: a token seldom stands for less than a letter. */
const MOST_TOKENS = 160;

/**
 * For each key the node's text on one line (a call's arguments only), cut with an ellipsis; null where no node has the key or
 * its text cannot be read. Each record is read once, and between records others have their turn.
 */
export async function nodeWords(
  dataset: Dataset,
  readBack: ReadBack,
  tokenizer: Tokenizer,
  keys: readonly NodeKey[],
): Promise<(string | null)[]> {
  const { forest } = dataset.tokens;
  const words: (string | null)[] = keys.map(() => null);
  const asked = Array.from(locateNodes(forest.keys, keys), (node, place) => ({ node, place })).filter(({ node }) => node !== NONE);
  const withTrajectory = asked.map(({ node, place }) => {
    const trajectory = trajectoriesThrough(forest, node)[0] ?? 0;
    return { node, place, trajectory, rollout: forest.trajectories.rollout[trajectory] ?? 0 };
  });
  for (const { node, place, trajectory } of withTrajectory.toSorted((a, b) => a.rollout - b.rollout)) {
    const { readable, events } = await readability(dataset, readBack, tokenizer, trajectory);
    const from = forest.edgeStart[node] ?? 0;
    const to = forest.edgeStart[node + 1] ?? 0;
    const isCut = to - from > MOST_TOKENS;
    const text = readable
      ? decodeTokens(tokenizer, Array.from(forest.edgeTokens.subarray(from, Math.min(to, from + MOST_TOKENS))))
      : eventText(events, forest.depth[node] ?? 0);
    words[place] = text === null ? null : firstWords(text, readable && isCut);
  }
  return words;
}

/** The head of a message in ChatML and the layouts made after it: the box's own label says as much. */
const HEAD = /<\|im_start\|>\w*(?=<\|im_sep\|>|\n)/g;

/** @param isCut the text goes on */
export function firstWords(text: string, isCut: boolean): string {
  const plain = withoutMarks(text.replace(HEAD, '')).replace(/\s+/g, ' ').trim();
  const told = callArguments(plain) ?? plain;
  const letters = Array.from(told.slice(0, 2 * MOST_LETTERS));
  if (letters.length <= MOST_LETTERS && told.length <= 2 * MOST_LETTERS) return isCut ? `${told}…` : told;
  return `${letters.slice(0, MOST_LETTERS).join('')}…`;
}
