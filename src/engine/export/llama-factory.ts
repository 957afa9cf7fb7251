/** Records in the two formats of LLaMA-Factory. */
import { withoutImages, argumentsOf } from './spelling.ts';
import type { MarkedMessage } from './marked-messages.ts';
import type { Tally } from './tally.ts';

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

/**
 * As v0 reads ShareGPT: a question and an answer take turns, the first is a question. Results of one answer are joined, and so are
 * questions that follow each other. Null, and counted, where that is not enough.
 */
export function shareGptRecord(messages: readonly MarkedMessage[], tally: Tally): ShareGptRecord | null {
  const [first] = messages;
  const system = first?.said.role === 'system' ? withoutImages(first.said.content, tally) : '';
  const turns: { from: ShareGptTurn['from']; value: string }[] = [];
  for (const { said } of first?.said.role === 'system' ? messages.slice(1) : messages) {
    const turn = turnOf(said, tally);
    const last = turns.at(-1);
    const fault = turn === null ? 'records with a system message further down, left out' : faultBehind(last?.from, turn.from);
    if (turn === null || fault !== null) {
      tally.add(fault ?? '');
      return null;
    }
    if (last !== undefined && last.from === turn.from) {
      tally.add(turn.from === 'human' ? 'questions that follow each other, joined' : 'results of one answer, joined');
      last.value += (turn.from === 'human' ? '\n\n' : NEXT_RESULT) + turn.value;
    } else turns.push(turn);
  }
  return { conversations: turns, system };
}

const isAnswer = (from: ShareGptTurn['from']): boolean => from === 'gpt' || from === 'function_call';

function faultBehind(last: ShareGptTurn['from'] | undefined, next: ShareGptTurn['from']): string | null {
  if (last === undefined) return isAnswer(next) || next === 'observation' ? 'records that begin with no question, left out' : null;
  if (isAnswer(last)) return isAnswer(next) ? 'records with two answers in a row, left out' : null;
  if (isAnswer(next) || last === next) return null;
  return next === 'observation'
    ? 'records with a result that no call asked for, left out'
    : 'records with a user behind a result, left out';
}

function turnOf({ role, content, ...said }: MarkedMessage['said'], tally: Tally): ShareGptTurn | null {
  const words = withoutImages(content, tally);
  if (role === 'user') return { from: 'human', value: words };
  if (role === 'tool') return { from: 'observation', value: words };
  if (role !== 'assistant') return null;
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
