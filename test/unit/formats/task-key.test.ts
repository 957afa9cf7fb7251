import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RolloutEvent } from '../../../src/core/model.ts';
import { hashText, oneLine, promptKey, promptLabel } from '../../../src/formats/task-key.ts';

const said = (role: 'user' | 'assistant', text: string, sampled = false, callId?: string): RolloutEvent => ({ role, sampled, parts: [{ kind: role === 'user' ? 'user' : 'text', text, ...(callId === undefined ? {} : { callId }) }] });

it('depends on the prompt alone', () => {
  const prompt = [said('user', 'Q'), said('assistant', 'shot', false, 'random-1')];
  const key = promptKey([...prompt, said('assistant', 'A', true)]);
  expect(promptKey([said('user', 'Q'), said('assistant', 'shot', false, 'random-2'), said('assistant', 'B', true), said('user', 'more')])).toBe(key);
  expect(promptKey([said('user', 'Q'), said('assistant', 'shot!'), said('assistant', 'A', true)])).not.toBe(key);
  expect(promptKey([said('user', 'Qshot'), said('assistant', '')])).not.toBe(promptKey([said('user', 'Q'), said('assistant', 'shot')]));
});

it('is the same on every machine', () => {
  expect(hashText('Espalier')).toBe(hashText('Espalier'));
  expect(hashText('')).toMatch(/^[0-9a-f]{16}-0$/);
});

it('tells texts apart that differ in one place', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 200 }), fc.nat(), fc.integer({ min: 1, max: 65535 }), (text, at, change) => {
      const index = at % text.length;
      const other = text.slice(0, index) + String.fromCharCode(text.charCodeAt(index) ^ change) + text.slice(index + 1);
      expect(hashText(other)).not.toBe(hashText(text));
    }),
  );
});

it('spreads similar texts over both halves of the hash', () => {
  const first = new Set<string>();
  const second = new Set<string>();
  for (let i = 0; i < 20_000; i++) {
    const hash = hashText(`task ${i}`);
    first.add(hash.slice(0, 8));
    second.add(hash.slice(8, 16));
  }
  // A perfect 32-bit hash would repeat itself 0.05 times in 20 000.
  expect(first.size).toBeGreaterThan(19_990);
  expect(second.size).toBeGreaterThan(19_990);
});

it('labels a task by what the user asked last', () => {
  expect(promptLabel([said('user', 'first'), said('assistant', 'shot'), said('user', 'the  real\nquestion'), said('assistant', 'A', true), said('user', 'later')])).toBe('the real question');
  expect(oneLine('x'.repeat(300))).toHaveLength(200);
});
