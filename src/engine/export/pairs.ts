/** Pairs of answers to one prompt with different rewards: records of a task that part at an answer. */
import { hash128 } from '../../base/hash.ts';
import type { MessageOut } from '../../core/export/message-record.ts';
import { isText } from './spelling.ts';
import type { Tally } from './tally.ts';
import type { BranchUnit } from './units.ts';

/** A record's messages up to its last whole answer, and the reward of its rollout. */
export interface Rewarded {
  readonly messages: readonly MessageOut[];
  readonly reward: number;
  readonly unit: BranchUnit;
}

export interface Pair {
  /** Messages before the first difference: the prompt of both. */
  readonly shared: number;
  readonly chosen: Rewarded;
  readonly rejected: Rewarded;
}

/** Records that agree in all messages up to some place. */
interface Group {
  readonly members: readonly number[];
  readonly depth: number;
}

/**
 * Pairs of a task's records, fork by fork, from the first message down: at each, the record of the highest reward with that of the
 * lowest on another side, then the next two, each record once. Only forks where the policy answered differently count.
 * @param most pairs of a fork. @param gap least difference of rewards; pairs of equal rewards are never made
 */
export function rewardPairs(records: readonly Rewarded[], most: number, gap: number, tally: Tally): Pair[] {
  const keys = records.map(({ messages }) => messages.map(keyOf));
  const pairs: Pair[] = [];
  const open: Group[] = [{ members: [...records.keys()], depth: 0 }];
  for (let group = open.pop(); group; group = open.pop()) {
    const { members, depth } = group;
    if (members.length < 2) continue;
    const sides = new Map<string, number[]>();
    for (const i of members) {
      const key = keys[i]?.[depth];
      if (key === undefined) continue;
      const side = sides.get(key) ?? [];
      side.push(i);
      sides.set(key, side);
    }
    // The last one is taken first.
    for (const side of [...sides.values()].reverse()) open.push({ members: side, depth: depth + 1 });
    if (sides.size < 2) continue;
    const answered = [...sides.values()]
      .map((side) => side.filter((i) => isAnswer(records[i]?.messages[depth])))
      .filter((side) => side.length > 0);
    if (answered.length < 2) {
      tally.add('forks that are no choice of the policy, left out');
      continue;
    }
    const found = pairsOf(answered, (i) => records[i]?.reward ?? NaN, most, gap);
    if (found.length === 0) tally.add('forks whose sides differ too little in reward, left out');
    for (const [high, low] of found) {
      const [chosen, rejected] = [records[high], records[low]];
      if (chosen && rejected) pairs.push({ shared: depth, chosen, rejected });
    }
  }
  return pairs;
}

function pairsOf(sides: readonly (readonly number[])[], rewardOf: (i: number) => number, most: number, gap: number): [number, number][] {
  const all = sides.flatMap((side, at) => side.map((i) => ({ i, at, reward: rewardOf(i) })));
  all.sort((a, b) => b.reward - a.reward || a.i - b.i);
  const used = new Set<number>();
  const found: [number, number][] = [];
  for (let high = 0; high < all.length && found.length < most; high++) {
    const better = all[high];
    if (!better || used.has(better.i)) continue;
    for (let low = all.length - 1; low > high; low--) {
      const worse = all[low];
      if (!worse || used.has(worse.i) || worse.at === better.at) continue;
      if (better.reward - worse.reward < gap || better.reward === worse.reward) break;
      used.add(better.i).add(worse.i);
      found.push([better.i, worse.i]);
      break;
    }
  }
  return found;
}

function isAnswer(message: MessageOut | undefined): boolean {
  return message?.role === 'assistant' && message.tokens.sampled > 0;
}

/** Equal for messages that say the same, images aside; ids of calls are drawn anew by each rollout. */
function keyOf({ role, content, reasoning_content: thoughts, tool_calls: calls }: MessageOut): string {
  const words = typeof content === 'string' ? [content] : content.map((entry) => (isText(entry) ? entry.text : null));
  return hash128(JSON.stringify([role, words, thoughts, calls?.map(({ function: called }) => [called.name, called.arguments])]));
}
