/** Undo and redo go back and forth over steps; a drag is one step. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { begin, commit, edit, preview, redo, undo } from '../../../src/app/state/history.ts';

it('goes back and forth', () => {
  const three = edit(edit(begin('a'), 'b'), 'c');
  expect(undo(three).present).toBe('b');
  expect(undo(undo(three)).present).toBe('a');
  expect(redo(undo(three))).toEqual(three);
  expect(undo(begin('a')).present).toBe('a');
  expect(redo(three)).toEqual(three);
});

it('makes a drag one step', () => {
  const dragged = commit(preview(preview(preview(begin(0), 1), 2), 3));
  expect(dragged.present).toBe(3);
  expect(undo(dragged).present).toBe(0);
  expect(redo(undo(dragged)).present).toBe(3);
});

it('takes an unfinished drag back as a whole', () => {
  expect(undo(preview(preview(begin(0), 1), 2)).present).toBe(0);
});

it('forgets what was undone once something else is done', () => {
  expect(redo(edit(undo(edit(begin('a'), 'b')), 'c')).present).toBe('c');
});

it('returns to where it was by as many redos as undos', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 30 }), fc.nat(40), (steps, back) => {
      let history = begin(-1);
      for (const step of steps) history = edit(history, step);
      let moved = history;
      for (let i = 0; i < back; i++) moved = undo(moved);
      expect(moved.present).toBe([-1, ...steps][Math.max(0, steps.length - back)]);
      for (let i = 0; i < back; i++) moved = redo(moved);
      expect(moved.present).toBe(history.present);
    }),
  );
});
