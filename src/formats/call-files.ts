/**
 * A folder with a file for each model call of a rollout, as OpenHands writes `llm_completions/<instance>/<model>-<time>.json`: messages and
 * response. `engine/bindings` makes one record of them, in the order of their times.
 */
import { accept, defined, positionId, readTaskId, refuse } from './envelope.ts';
import type { Complaint, Format } from './format.ts';
import { get, getList, getObject, getString, isObject } from './json.ts';
import { branchesOfChatCalls, type ChatCall } from './chat-calls.ts';
import { readReward, readTime } from './messages.ts';
import { taskOf } from './task-key.ts';
import { readTools } from './tools.ts';

export const callFiles: Format = {
  id: 'call-files',
  label: 'Model calls, a file each (OpenHands llm_completions)',
  beats: ['chat', 'openai-reply'],
  detects: (record) => getString(record, 'member') !== undefined && callsOf(record).length > 0,
  decode(record, context) {
    const all = Object.values(getObject(record, 'calls') ?? {});
    const files = callsOf(record);
    const calls = files.flatMap((file): ChatCall[] => {
      const choice = getList(getObject(file, 'response'), 'choices')?.[0];
      const reply = getObject(choice, 'message');
      if (reply === undefined) return [];
      const logged = defined({ logprobs: getObject(choice, 'logprobs'), finish_reason: getString(choice, 'finish_reason') });
      const prompt = (getList(file, 'messages') ?? []).filter(isObject);
      return [{ prompt, reply: { role: 'assistant', ...reply, ...logged }, timing: defined({ time: readTime(get(file, 'timestamp')) }) }];
    });
    if (calls.length === 0) return [refuse('empty', 'a call with a reply', `${all.length} files without one`)];
    const notes: Complaint[] = [];
    if (calls.length < all.length)
      notes.push({
        code: 'call',
        expected: 'a call with a reply in each file',
        found: `none in ${all.length - calls.length} of ${all.length}`,
      });
    const made = branchesOfChatCalls(calls, [], { name: 'messages', notes });
    if (!made.ok) return [made];
    const name = getString(record, 'member') ?? '';
    const result = getObject(record, 'result');
    const reward = readReward(get(result, 'resolved') ?? get(result, 'reward'));
    const rollout = {
      id: positionId(context),
      // A folder is named by the instance.
      ...taskOf(
        made.branches[0]?.events ?? [],
        readTaskId(result) ?? (name.includes('__') ? name.slice(name.lastIndexOf('/') + 1) : undefined),
      ),
      reward: reward?.reward ?? null,
      branches: made.branches,
      ...defined({
        policy: getString(getObject(files[0], 'response'), 'model'),
        startedAt: calls[0]?.timing?.time,
        tools: readTools([files[0], get(files[0], 'kwargs')]),
      }),
    };
    return [accept(rollout, notes)];
  },
};

function callsOf(record: unknown): readonly unknown[] {
  const files = Object.values(getObject(record, 'calls') ?? {});
  return files.filter((file) => getList(file, 'messages') !== undefined && isObject(get(file, 'response')));
}
