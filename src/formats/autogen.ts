/**
 * Model calls that AutoGen has cached or recorded, `[{mode, messages, response, stream}]`: calls of which each prompt goes on from an
 * earlier reply are one rollout. https://microsoft.github.io/autogen
 */
import { accept, defined, positionId, singleRollout } from './envelope.ts';
import type { Complaint, DecodedLines, Format, LogLine, RecordContext } from './format.ts';
import { get, getList, getString, isObject } from './json.ts';
import { looseMessages } from './loose-messages.ts';
import { chainsOf, eventsOf, type MessageCall } from './message-calls.ts';
import { readMessages } from './messages.ts';

function isCall(record: unknown): boolean {
  return (
    isObject(get(record, 'response')) &&
    getList(record, 'messages')?.some((message) =>
      /^(?:System|User|Assistant|FunctionExecutionResult)Message$/.test(getString(message, 'type') ?? ''),
    ) === true
  );
}

function together(lines: readonly LogLine[], context: RecordContext): DecodedLines {
  const calls: (MessageCall & { readonly line: LogLine; readonly notes: Complaint[]; readonly status?: string })[] = [];
  const faults: { readonly line: LogLine; readonly complaint: Complaint }[] = [];
  for (const line of lines) {
    const notes: Complaint[] = [];
    const response = get(line.value, 'response');
    const status = getString(response, 'finish_reason');
    const prompt = readMessages(looseMessages(get(line.value, 'messages'), 'user') ?? [], { name: 'messages', sampled: () => false });
    const message = isObject(response) ? { role: 'assistant', ...response } : {};
    const reply = readMessages(looseMessages([withCalls(message)], 'assistant') ?? [], { name: 'response', notes });
    if (!prompt.ok || !reply.ok || !isCall(line.value)) {
      const shape = { code: 'shape', expected: 'a cached call with messages and a response', found: 'none' };
      faults.push({ line, complaint: !prompt.ok ? prompt.complaint : !reply.ok ? reply.complaint : shape });
    } else calls.push({ prompt: prompt.events, reply: reply.events, line, notes, ...defined({ status }) });
  }
  const rollouts = chainsOf(calls).map((chain) => {
    const own = chain.links.map(({ call }) => calls[call]!);
    const [first] = own;
    const status = own.at(-1)?.status;
    const id = positionId({ ...context, index: first?.line.start ?? context.index });
    const rollout = singleRollout({ id, reward: null, ...defined({ status }) }, eventsOf(chain, calls));
    const entry = accept(
      rollout,
      own.flatMap(({ notes }) => notes),
    );
    return entry.ok ? { ...entry, fields: { calls: own.length } } : entry;
  });
  return { rollouts, faults };
}

/** Where a reply calls tools, its content is the list of calls. */
function withCalls(message: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const content = message['content'];
  return Array.isArray(content) ? { ...message, content: '', tool_calls: content as unknown[] } : message;
}

export const autogen: Format = {
  id: 'autogen',
  label: 'AutoGen call caches',
  beats: ['chat', 'openai-reply', 'server-reply'],
  detects: isCall,
  decode: (record, context) => {
    const { rollouts, faults } = together([{ value: record, line: context.line, start: context.index, size: 0 }], context);
    return [...rollouts, ...faults.map(({ complaint }) => ({ ok: false as const, complaint }))];
  },
  together,
};
