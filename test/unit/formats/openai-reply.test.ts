/** Replies of chat servers, with and without their requests, and how they are told from other records. */
import { describe, expect, it } from 'vitest';
import type { RecordContext } from '../../../src/formats/format.ts';
import { openaiReply } from '../../../src/formats/openai-reply.ts';
import { detectFormat } from '../../../src/formats/detect.ts';

const context: RecordContext = { name: 'a.json', path: 'a.json', index: 0, line: 0 };
const token = (text: string, logprob: number) => ({
  token: text,
  logprob,
  bytes: null,
  top_logprobs: [
    { token: text, logprob },
    { token: '-', logprob: -2 },
  ],
});
const choice = (content: string) => ({
  index: 0,
  finish_reason: 'stop',
  message: { role: 'assistant', content },
  logprobs: { content: [token(content, -0.5)] },
});
const reply = { id: 'r1', object: 'chat.completion', model: 'm', created: 1_700_000_000, choices: [choice('Pear'), choice('Plum')] };
const request = {
  messages: [
    { role: 'user', content: 'Fruit?' },
    { role: 'assistant', content: 'Earlier.' },
    { role: 'user', content: 'Again?' },
  ],
};
const detect = (record: unknown): string | undefined => detectFormat([{ record, context }])?.id;
const rollouts = (record: unknown) => openaiReply.decode(record, context).flatMap((entry) => (entry.ok ? [entry.rollout] : []));

describe('openaiReply', () => {
  it.each([
    ['alone', reply],
    ['with its request', { request, response: reply }],
    ['in a body', { request: { body: request }, response: { body: reply } }],
    ['beside messages', { ...request, response: reply }],
  ])('is detected %s', (_, record) => {
    expect(detect(record)).toBe('openai-reply');
  });
  it('gives each choice a rollout of the same task, with log-probs', () => {
    const [first, second] = rollouts({ request, response: reply });
    expect([first.id, second.id, first.task === second.task, first.policy, first.status]).toEqual(['r1', 'r1/1', true, 'm', 'stop']);
    const events = second.branches[0].events;
    expect(events.map(({ sampled }) => sampled)).toEqual([false, false, false, true]);
    expect(events[3].tokens).toMatchObject({ texts: ['Plum'], logprobs: Float64Array.of(-0.5) });
    expect(events[3].tokens?.entropyLow?.[0]).toBeGreaterThan(0);
  });
  it('takes the token ids of each choice where the server returned them', () => {
    const withIds = {
      ...reply,
      prompt_token_ids: [1, 2, 3],
      choices: [
        { ...choice('Pear'), token_ids: [4] },
        { ...choice('Plum'), token_ids: [5] },
      ],
    };
    const [first, second] = rollouts({ request, response: withIds });
    expect([first, second].map(({ branches }) => branches[0].events.map(({ tokens }) => Array.from(tokens?.ids ?? [])))).toEqual([
      [[1, 2, 3], [4]],
      [[1, 2, 3], [5]],
    ]);
    expect([first.task === second.task, first.tokenizer]).toEqual([true, 'm']);
    expect(second.branches[0].events[1]).toMatchObject({
      sampled: true,
      parts: [{ text: 'Plum' }],
      tokens: { logprobs: Float64Array.of(-0.5) },
    });
  });
  it('refuses a choice that says nothing', () => {
    expect(openaiReply.decode({ choices: [{ message: { role: 'assistant', content: null } }] }, context)).toMatchObject([
      { ok: false, complaint: { code: 'empty' } },
    ]);
  });
});
