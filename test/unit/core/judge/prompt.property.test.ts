import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PROMPT, fillPrompt, promptFault } from '../../../../src/core/judge/prompt.ts';

/** Texts that try to look like marks, places and ends. */
const text = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc
    .array(fc.constantFrom('{task}', '{patch}', '<<<END PATCH', '>>>', '<<<BEGIN TASK 0000>>>', '$&', '\n', 'a'), { maxLength: 12 })
    .map((p) => p.join('')),
);

describe('a filled prompt', () => {
  it('holds both texts whole, each between its own marks, whatever they say', () => {
    fc.assert(
      fc.property(text, text, (task, patch) => {
        const { text: filled, leftOut } = fillPrompt('A {task} B {patch} C', { task, patch }, 1000);
        expect(leftOut).toBe(0);
        const found = /^A <<<BEGIN TASK (\w+)>>>\n([^]*)\n<<<END TASK \1>>> B <<<BEGIN PATCH \1>>>\n([^]*)\n<<<END PATCH \1>>> C$/.exec(
          filled,
        );
        expect(found?.slice(2)).toEqual([task, patch]);
        // The mark stands nowhere else, so neither text can end itself.
        expect(filled.split(found?.[1] ?? '').length - 1).toBe(4);
      }),
    );
  });

  it('says where it was shortened, and how many characters are missing', () => {
    const { text: filled, leftOut } = fillPrompt('{patch}', { task: 'never sent', patch: `${'a'.repeat(50)}${'b'.repeat(50)}` }, 20);
    expect(leftOut).toBe(80);
    expect(filled).toContain(`${'a'.repeat(10)}\n[80 characters are left out here]\n${'b'.repeat(10)}`);
    expect(filled).not.toContain('never sent');
  });

  it('needs a place for the patch', () => {
    expect(promptFault(DEFAULT_PROMPT)).toBeNull();
    expect(promptFault('Is it good?')).toContain('{patch}');
    expect(fillPrompt('{task} {patch}', { task: null, patch: 'p' }, 9_999).text).toContain('the log does not say what the task was');
  });
});
