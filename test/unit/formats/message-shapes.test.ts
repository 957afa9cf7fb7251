/** Messages as other versions of the tools write them: calls as text or a single object, parts, names of roles. */
import { describe, expect, it } from 'vitest';
import { chat } from '../../../src/formats/chat.ts';
import type { Format } from '../../../src/formats/format.ts';
import { readMessages } from '../../../src/formats/messages.ts';
import { readTools } from '../../../src/formats/tools.ts';
import { promptCompletion } from '../../../src/formats/prompt-completion.ts';
import { sharegpt } from '../../../src/formats/sharegpt.ts';
import { tau2 } from '../../../src/formats/tau2.ts';
import { tauBench } from '../../../src/formats/tau-bench.ts';
import { verifiersResults } from '../../../src/formats/verifiers-results.ts';
import { verl } from '../../../src/formats/verl.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';

const read = (...messages: object[]) => {
  const result = readMessages(messages);
  if (!result.ok) throw new Error(result.complaint.found);
  return result.events;
};
const call = { id: 'a', type: 'function', function: { name: 'look', arguments: '{"x":1}' } };

describe('readMessages', () => {
  it.each([
    ['a list', [call]],
    ['one call', call],
    ['the JSON text of a list', JSON.stringify([call])],
    ['the JSON text of one call', JSON.stringify(call)],
    ['a list of JSON texts', [JSON.stringify(call)]],
  ])('reads calls that are logged as %s', (_, calls) => {
    const [, reply] = read({ role: 'user', content: 'x' }, { role: 'assistant', content: null, tool_calls: calls });
    expect(reply.parts).toEqual([{ kind: 'call', text: '{"x":1}', tool: 'look', callId: 'a' }]);
  });
  it.each([[null], [[]], [''], [{}]])('finds no call in %j', (calls) => {
    expect(read({ role: 'assistant', content: 'x', tool_calls: calls })[0].parts.map(({ kind }) => kind)).toEqual(['text']);
  });
  it.each(['chatgpt', 'bing', 'GPT', 'bard', 'model'])('takes %s for the assistant', (from) => {
    expect(read({ from, value: 'x' })[0]).toMatchObject({ role: 'assistant', sampled: true });
  });
  it('reads calls under every name of their role', () => {
    for (const from of ['function_call', 'tool_call', 'tool_calls', 'function-call']) {
      expect(read({ from, value: '{"name":"look","arguments":{}}' })[0].parts).toMatchObject([{ kind: 'call', tool: 'look' }]);
    }
  });
});

describe('readTools', () => {
  it('keeps JSON text as logged, and makes a JSON string of what is none', () => {
    expect(readTools([{ tools: '[ {"name":"f"} ]' }])).toBe('[{"type":"function","function":{"name":"f"}}]');
    expect(readTools([{ tools: 'f(x), g(y)' }])).toBe('"f(x), g(y)"');
    expect(readTools([{ tools: [] }])).toBeUndefined();
  });
});

it('says that messages are there but empty', async () => {
  const { session } = await openSession([
    inputFile(
      'a.jsonl',
      JSON.stringify({
        messages: [
          { role: 'user', content: '' },
          { role: 'assistant', content: '' },
        ],
      }),
    ),
  ]);
  expect(session.issues(0, 1).issues).toMatchObject([{ code: 'no-tokens', found: '2 messages, all empty' }]);
});

it('says what stands where a record should have its texts', () => {
  const context = { name: 'a', path: 'a', index: 0, line: 1 };
  const found = (format: Format, record: object) =>
    format.decode(record, context).map((entry) => (entry.ok ? 'used' : entry.complaint.found));
  expect(found(chat, { messages: null })).toEqual(['null at messages']);
  expect(found(sharegpt, { conversations: [] })).toEqual(['a list of 0 at conversations']);
  expect(found(promptCompletion, { prompt: 'Q', completion: null })).toEqual(['the text "Q" at prompt, null at completion']);
  expect(found(verl, { input: 'Q', output: null, score: 0 })).toEqual(['the text "Q" at input, null at output']);
  expect(found(chat, { other: 1 })).toEqual(['an object with other']);
});

it('reads messages that are logged as JSON text', () => {
  const context = { name: 'a', path: 'a', index: 0, line: 1 };
  const roles = (format: Format, record: object) =>
    format
      .decode(record, context)
      .flatMap((entry) =>
        entry.ok ? entry.rollout.branches[0].events.map(({ role, sampled }) => `${role}${sampled ? '*' : ''}`) : entry.complaint.found,
      );
  expect(roles(sharegpt, { conversations: '[{"from":"human","value":"q"},{"from":"gpt","value":"a"}]' })).toEqual(['user', 'assistant*']);
  expect(
    roles(promptCompletion, {
      prompt: '[{"role":"system","content":"s"},{"role":"user","content":"q"}]',
      completion: ' [{"role":"assistant","content":"a"}]',
    }),
  ).toEqual(['system', 'user', 'assistant*']);
  expect(roles(promptCompletion, { prompt: '[1, 2]', completion: '[{"x":1}]' })).toEqual(['user', 'assistant*']);
});

it("takes Python's texts for verdicts as such, and a predicted answer for no reward", () => {
  const [entry] = verl.decode(
    { input: 'Q', output: 'A', score: 'True', step: 1, acc: 'False', format: '0.5', pred: '42' },
    { name: 'a', path: 'a', index: 0, line: 1 },
  );
  expect(entry).toMatchObject({ ok: true, rollout: { reward: 1, rewardParts: { acc: 0, format: 0.5 } } });
  expect(entry.ok && Object.keys(entry.rollout.rewardParts ?? {})).toEqual(['acc', 'format']);
});

it('says where only some model calls have token ids', () => {
  const call = {
    prompt: [{ role: 'user', content: 'q' }],
    completion: [{ role: 'assistant', content: 'a' }],
    tokens: { prompt_ids: [1], completion_ids: [2] },
  };
  const record = { example_id: 1, task: 't', reward: 1, prompt: call.prompt, completion: call.completion };
  const codes = (trajectory: object[]) =>
    verifiersResults
      .decode({ ...record, trajectory }, { name: 'a', path: 'a', index: 0, line: 1 })
      .flatMap((entry) => (entry.ok ? (entry.notes ?? []).map(({ found }) => found) : []));
  expect(codes([call, { ...call, tokens: null }])).toEqual(['of 1; texts are used']);
  expect(codes([{ ...call, tokens: null }])).toEqual([]);
});

it('names what is missing from simulations and episodes without messages', () => {
  const context = { name: 'a', path: 'a', index: 0, line: 1 };
  const simulation = { task_id: '1', reward_info: { reward: 1 }, termination_reason: 'user_stop' };
  expect(tau2.detects(simulation, context)).toBe(true);
  expect(tau2.decode(simulation, context)).toMatchObject([
    { ok: false, complaint: { found: 'a simulation without messages that ended with user_stop' } },
  ]);
  expect(tauBench.decode({ task_id: 1, reward: 0, info: { error: 'no quota' }, traj: [] }, context)).toMatchObject([
    { ok: false, complaint: { found: 'an empty list, and the error no quota' } },
  ]);
});

it("reads the rewards of TRL's completion logs from the columns of the reward functions", () => {
  const rewards = (record: object) =>
    promptCompletion
      .decode({ step: 3, prompt: 'Q', completion: 'A', advantage: 0.5, ...record }, { name: 'a', path: 'a', index: 0, line: 1 })
      .map((entry) => (entry.ok ? [entry.rollout.reward, entry.rollout.rewardParts] : null));
  expect(rewards({ accuracy_reward: 1, format_reward: 0.25, tokens: 90 })).toEqual([[1.25, { accuracy_reward: 1, format_reward: 0.25 }]]);
  expect(rewards({ correctness: 1, brevity: -0.5 })).toEqual([[0.5, { correctness: 1, brevity: -0.5 }]]);
  expect(rewards({ reward: 2, reward_a: 1, reward_b: 0.5 })).toEqual([[2, { reward_a: 1, reward_b: 0.5 }]]);
  expect(rewards({ score: 1, length: 90 })[0]?.[0]).toBe(1);
  expect(rewards({ accuracy_reward: null })).toEqual([[null, undefined]]);
});

it('puts a system prompt that stands beside the messages in front of them', () => {
  const events = (format: Format, record: object) =>
    format
      .decode(record, { name: 'a', path: 'a', index: 0, line: 1 })
      .flatMap((entry) => (entry.ok ? entry.rollout.branches[0].events.map(({ role, parts }) => `${role} ${parts[0]?.text}`) : []));
  const messages = [
    { role: 'user', content: 'q' },
    { role: 'assistant', content: 'a' },
  ];
  expect(events(chat, { system: 'S', messages })).toEqual(['system S', 'user q', 'assistant a']);
  expect(events(chat, { system: 'S', messages: [{ role: 'system', content: 'own' }, ...messages] })).toEqual([
    'system own',
    'user q',
    'assistant a',
  ]);
  expect(events(sharegpt, { system: 'S', conversations: [{ from: 'human', value: 'q' }] })).toEqual(['system S', 'user q']);
});

it("leaves a message out of the loss by slime's mark", () => {
  expect(
    read({ role: 'assistant', content: 'a', step_loss_mask: 0 }, { role: 'assistant', content: 'b', step_loss_mask: 1 }).map(
      ({ sampled }) => sampled,
    ),
  ).toEqual([false, true]);
});
