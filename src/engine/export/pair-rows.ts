/** Preferences as rows of `prompt`, `chosen` and `rejected`: two continuations of one prompt whose rollouts have different rewards. */
import type { MessageOut } from '../../core/export/message-record.ts';
import type { OptionValues } from '../answers/exporting.ts';
import { rewardPairs, type Rewarded } from './pairs.ts';
import type { PlannedExport } from './planned.ts';
import { callSpelling, spelled, toolsOf, type ChatMessage } from './spelling.ts';
import type { Tally } from './tally.ts';
import type { BranchUnit } from './units.ts';

export interface PairOptions extends OptionValues {
  /** At most so many of a fork, whose rewards differ by so much at least. */
  readonly pairs: number;
  readonly gap: number;
}

/**
 * @param records of one task
 * @param options also `sides` (`turn`: the first different answers alone) and how arguments of calls are spelled
 */
export function pairRows(records: readonly BranchUnit[], planned: PlannedExport, options: PairOptions, tally: Tally): object[] {
  const rewarded = records.flatMap((record) => rewardedRecord(record, tally));
  return rewardPairs(rewarded, options.pairs, options.gap, tally).flatMap(({ shared, chosen, rejected }) => {
    if (shared === 0) {
      tally.add('pairs without a prompt, left out');
      return [];
    }
    const ends = [chosen, rejected].map(({ messages }) => (options['sides'] === 'turn' ? shared + 1 : messages.length));
    if ([chosen, rejected].some(({ messages }, i) => messages.slice(shared, ends[i]).some(({ truncated }) => truncated === true))) {
      tally.add('pairs with an answer that the log cuts off, left out');
      return [];
    }
    const how = { calls: callSpelling(planned, options), reasoning: 'member', images: 'left-out' } as const;
    const list = (messages: readonly MessageOut[]): ChatMessage[] => messages.map((message) => spelled(message, how, tally));
    const sides = [chosen, rejected].map(({ messages }, i) => messages.slice(shared, ends[i]));
    tally.add(
      'messages of others in chosen and rejected, which DPO trains too',
      sides.flat().filter(({ role }) => role !== 'assistant').length,
    );
    const tools = toolsOf(
      chosen.unit,
      chosen.messages.map((said) => ({ said })),
      tally,
    );
    return [
      {
        prompt: list(chosen.messages.slice(0, shared)),
        chosen: list(sides[0] ?? []),
        rejected: list(sides[1] ?? []),
        ...(tools === null ? {} : { tools: JSON.stringify(tools) }),
      },
    ];
  });
}

/** Up to its last whole answer. */
function rewardedRecord(unit: BranchUnit, tally: Tally): Rewarded[] {
  const { reward } = unit;
  if (reward === null) {
    tally.add('records without a reward, left out');
    return [];
  }
  if (unit.isPart) {
    tally.add('windows of longer records, which agree with others by chance, left out');
    return [];
  }
  const messages = unit.said?.messages('train-once') ?? [];
  const end = messages.findLastIndex(({ role, truncated, tokens }) => role === 'assistant' && truncated !== true && tokens.sampled > 0) + 1;
  return end === 0 ? [] : [{ messages: messages.slice(0, end), reward, unit }];
}
