import { expect, it } from 'vitest';
import type { RolloutEvent } from '../../../src/core/model/rollout.ts';
import { oneLine, promptKey, promptLabel } from '../../../src/formats/task-key.ts';

const said = (role: 'user' | 'assistant', text: string, sampled = false, callId?: string): RolloutEvent => ({
  role,
  sampled,
  parts: [{ kind: role === 'user' ? 'user' : 'text', text, ...(callId === undefined ? {} : { callId }) }],
});

it('depends on the prompt alone', () => {
  const prompt = [said('user', 'Q'), said('assistant', 'shot', false, 'random-1')];
  const key = promptKey([...prompt, said('assistant', 'A', true)]);
  expect(
    promptKey([said('user', 'Q'), said('assistant', 'shot', false, 'random-2'), said('assistant', 'B', true), said('user', 'more')]),
  ).toBe(key);
  expect(promptKey([said('user', 'Q'), said('assistant', 'shot!'), said('assistant', 'A', true)])).not.toBe(key);
  expect(promptKey([said('user', 'Qshot'), said('assistant', '')])).not.toBe(promptKey([said('user', 'Q'), said('assistant', 'shot')]));
});

it('labels a task by all that its last question says, and by nothing else of its prompt', () => {
  const parts = [
    { kind: 'system', text: 'rules' },
    { kind: 'user', text: 'What is it?' },
    { kind: 'user', text: '[image_url]' },
  ] as const;
  expect(promptLabel([{ role: 'user', sampled: false, parts }])).toBe('What is it? [image_url]');
});

it('labels a task by what the user asked last', () => {
  expect(
    promptLabel([
      said('user', 'first'),
      said('assistant', 'shot'),
      said('user', 'the  real\nquestion'),
      said('assistant', 'A', true),
      said('user', 'later'),
    ]),
  ).toBe('the real question');
  expect(oneLine('x'.repeat(300))).toHaveLength(200);
});
