/** Records in the two formats of LLaMA-Factory. */
import { withoutImages, argumentsOf } from './spelling.ts';
import type { MarkedMessage } from './marked-messages.ts';
import type { Tally } from './tally.ts';
import type { TurnFault } from './turn-faults.ts';

export interface ShareGptTurn {
  readonly from: 'human' | 'gpt' | 'function_call' | 'observation';
  readonly value: string;
}

export interface ShareGptRecord {
  readonly conversations: readonly ShareGptTurn[];
  readonly system: string;
}

/** How its OpenAI reader joins results of one answer, for templates in the manner of Qwen. */
const NEXT_RESULT = '\n</tool_response>\n<tool_response>\n';

/** Where a record does not take turns as v0 wants: a question and an answer, the first a question. */
export function shareGptFault(messages: readonly MarkedMessage[]): TurnFault | null {
  let before: 'nothing' | 'user' | 'tool' | 'answer' = 'nothing';
  for (const [at, { said }] of messages.entries()) {
    const { role } = said;
    if (role === 'system') {
      if (at > 0) return { at, what: 'a system message stands further down' };
      continue;
    }
    if (role === 'user' && before === 'tool') return { at, what: 'a user follows a result' };
    if (role === 'tool' && before !== 'answer' && before !== 'tool') return { at, what: 'a result stands that no call asked for' };
    if (role === 'assistant' && before === 'nothing') return { at, what: 'no question stands' };
    if (role === 'assistant' && before === 'answer') return { at, what: 'another answer stands' };
    before = role === 'user' || role === 'tool' ? role : 'answer';
  }
  return null;
}

/**
 * As v0 reads ShareGPT. Results of one answer are joined, and so are questions that follow each other.
 * @param messages without such a fault
 */
export function shareGptRecord(messages: readonly MarkedMessage[], tally: Tally): ShareGptRecord {
  let system = '';
  const turns: { from: ShareGptTurn['from']; value: string }[] = [];
  for (const { said } of messages) {
    if (said.role === 'system') {
      system = withoutImages(said.content, tally);
      continue;
    }
    const turn = turnOf(said, tally);
    const last = turns.at(-1);
    if (last !== undefined && last.from === turn.from) {
      tally.add(turn.from === 'human' ? 'questions that follow each other, joined' : 'results of one answer, joined');
      last.value += (turn.from === 'human' ? '\n\n' : NEXT_RESULT) + turn.value;
    } else turns.push(turn);
  }
  return { conversations: turns, system };
}

function turnOf({ role, content, ...said }: MarkedMessage['said'], tally: Tally): ShareGptTurn {
  const words = withoutImages(content, tally);
  if (role === 'user') return { from: 'human', value: words };
  if (role === 'tool') return { from: 'observation', value: words };
  const thoughts = said.reasoning_content === undefined ? '' : `<think>\n${said.reasoning_content}\n</think>\n\n`;
  if (said.tool_calls === undefined) return { from: 'gpt', value: thoughts + words };
  const calls = said.tool_calls.map(({ function: called }) => callText(called.name, called.arguments, tally));
  const text = `[${calls.join(', ')}]`;
  // Words before calls are only kept where marks stand around the calls.
  return { from: 'function_call', value: words === '' ? thoughts + text : `${thoughts}${words}<tool_call>${text}</tool_call>` };
}

function callText(name: string, given: string, tally: Tally): string {
  return `{"name": ${JSON.stringify(name)}, "arguments": ${argumentsOf(given, tally).text}}`;
}

/** As v1 has it: contents in parts, and a weight of the loss on each message. */
export function v1Message({ said, trains }: MarkedMessage, tally: Tally): object {
  const part = (type: string, value: string): object[] => (value === '' ? [] : [{ type, value }]);
  const parts = [
    ...part('reasoning', said.reasoning_content ?? ''),
    ...part('text', withoutImages(said.content, tally)),
    ...(said.tool_calls ?? []).flatMap(({ function: called }) => part('tool_call', callText(called.name, called.arguments, tally))),
  ];
  return { role: said.role, content: parts.length > 0 ? parts : [{ type: 'text', value: '' }], loss_weight: trains ? said.weight : 0 };
}
