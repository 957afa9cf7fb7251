/** Gives each call of a record that has no result there one that says so, for targets that refuse calls without results. */
import type { MessageOut } from './message-record.ts';

/** What stands in a result that the log does not hold, or that comes behind the record's end. */
const NO_RESULT = '(no result)';

interface Call {
  readonly id: string;
  readonly name: string;
  isAnswered: boolean;
}

/** The messages with a result behind those that an answer's other calls have, for each of its calls that has none. */
export function closeCalls(messages: readonly MessageOut[]): MessageOut[] {
  const waiting = new Map<string, Call>();
  const calls = messages.map(({ tool_calls: own = [], role, tool_call_id: id }): Call[] => {
    const answered = role === 'tool' && id !== undefined ? waiting.get(id) : undefined;
    if (answered) answered.isAnswered = true;
    return own.map((call) => {
      const made = { id: call.id, name: call.function.name, isAnswered: false };
      waiting.set(call.id, made);
      return made;
    });
  });
  const closed: MessageOut[] = [];
  let open: readonly Call[] = [];
  const close = (): void => {
    for (const { id, name } of open) closed.push(closing(id, name));
    open = [];
  };
  for (const [i, message] of messages.entries()) {
    if (message.role !== 'tool') close();
    closed.push(message);
    if (calls[i].length > 0) open = calls[i].filter(({ isAnswered }) => !isAnswered);
  }
  close();
  return closed;
}

function closing(id: string, name: string): MessageOut {
  const tokens = { start: 0, end: 0, sampled: 0, trained: 0, before: 0 };
  return { role: 'tool', content: NO_RESULT, tool_call_id: id, name, closing: true, train: false, weight: 0, tokens };
}
