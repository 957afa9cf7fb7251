/** What logs hold in places that are easy to overlook: it becomes a part of a rollout, a note, a count or an issue. */
import { describe, expect, it } from 'vitest';
import { agentLightning } from '../../../src/formats/agent-lightning.ts';
import type { Complaint, Decoded, Format, RecordContext } from '../../../src/formats/format.ts';
import { rllm } from '../../../src/formats/rllm.ts';

const context: RecordContext = { name: 'a.json', path: 'a.json', index: 0, line: 1 };

/** Of each branch its cause and what is said in it, with a star before what was sampled. */
const branchesOf = (entry: Decoded | undefined): readonly [cause: string | undefined, ...said: string[]][] => {
  if (entry?.ok !== true) throw new Error(JSON.stringify(entry));
  return entry.rollout.branches.map(({ cause, events }) => [
    cause,
    ...events.map(({ sampled, parts }) => `${sampled ? '* ' : ''}${parts.map(({ text }) => text).join(' ')}`),
  ]);
};
const notesOf = (entry: Decoded | undefined): readonly Complaint[] => {
  if (entry?.ok !== true) throw new Error(JSON.stringify(entry));
  return entry.notes ?? [];
};
const only = (format: Format, record: unknown): Decoded | undefined => {
  expect(format.detects(record, context)).toBe(true);
  const entries = format.decode(record, context);
  expect(entries).toHaveLength(1);
  return entries[0];
};
const say = (role: string, content: string) => ({ role, content });

describe('calls with messages', () => {
  const calls = [
    { prompt: [say('system', 'a'), say('user', 'q1')], reply: say('assistant', 'one') },
    { prompt: [say('system', 'b'), say('user', 'q2'), say('assistant', 'x'), say('user', 'y')], reply: say('assistant', 'two') },
  ];
  const branches = [
    [undefined, 'a', 'q1', '* one'],
    ['rewrite', 'b', 'q2', 'x', 'y', '* two'],
  ];

  it('of Agent Lightning are joined by what is said, not by how much', () => {
    const events = calls.map(({ prompt, reply }) => ({
      event_type: 'model_request',
      attempt_id: 'a',
      data: { request: { messages: prompt }, response: { choices: [{ message: reply }] } },
    }));
    const unanswered = { event_type: 'model_request', attempt_id: 'a', data: { request: { messages: [say('user', 'z')] } } };
    const entry = only(agentLightning, { rollout: { rollout_id: 'r' }, events: [...events, unanswered] });
    expect(branchesOf(entry)).toEqual(branches);
    expect(notesOf(entry)).toMatchObject([{ code: 'no-reply', found: 'none in 1 of 3, which are left out' }]);
  });

  it('of rLLM are joined by what is said, and end with what follows the last answer', () => {
    const steps = calls.map(({ prompt, reply }) => ({ chat_completions: [...prompt, reply, say('tool', 'wet')] }));
    const entry = only(rllm, { id: 'e', trajectories: [{ name: 'solver', steps }] });
    expect(branchesOf(entry)).toEqual(branches.map((branch) => [...branch, 'wet']));
  });
});
