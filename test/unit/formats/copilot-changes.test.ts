/** Chats of VS Code that are kept as changes: folded as VS Code folds them, whatever the changes are, and the lines stay as they are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldChanges, isChange } from '../../../src/formats/copilot-changes.ts';

describe('foldChanges', () => {
  it('sets, adds, cuts and deletes', () => {
    const lines = [
      { kind: 0, v: { requests: [{ response: ['a'] }], title: 'x' } },
      { kind: 2, k: ['requests', 0, 'response'], v: ['b', 'c'] },
      { kind: 2, k: ['requests', 0, 'response'], v: ['d'], i: 1 },
      { kind: 2, k: ['requests'], v: [{ response: [] }] },
      { kind: 1, k: ['requests', 1, 'done'], v: true },
      { kind: 3, k: ['title'] },
    ];
    expect(foldChanges(lines)).toEqual({ requests: [{ response: ['a', 'd'] }, { response: [], done: true }] });
  });

  it('passes over changes to what is not there, and reaches no further than the chat', () => {
    const first = { kind: 0, v: { requests: [] } };
    const lines = [first, { kind: 1, k: ['requests', 9, 'a'], v: 1 }, { kind: 1, k: ['requests', 9], v: 1 }, { kind: 1, k: [], v: 1 }];
    expect(foldChanges(lines)).toEqual(first.v);
    expect(isChange(JSON.parse('{"kind": 1, "k": ["__proto__", "polluted"], "v": 1}'))).toBe(false);
    foldChanges([first, JSON.parse('{"kind": 1, "k": ["__proto__", "polluted"], "v": 1}') as unknown]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('leaves its lines as they are', () => {
    const step = fc.oneof(fc.constantFrom('requests', 'a', 'b'), fc.nat(3));
    const change = fc.record({
      kind: fc.integer({ min: 0, max: 3 }),
      k: fc.array(step, { maxLength: 4 }),
      v: fc.jsonValue(),
      i: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const before = JSON.stringify(changes);
        const once = JSON.stringify(foldChanges(changes));
        expect(JSON.stringify(changes)).toBe(before);
        expect(JSON.stringify(foldChanges(changes))).toBe(once);
      }),
    );
  });
});
