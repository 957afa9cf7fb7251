/** Tags among notes: one an axis, by hand before files before guesses, and the same after a trip through a file. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AXES, AXIS_IDS } from '../../../../src/core/axes/axes.ts';
import { tagsInForce } from '../../../../src/core/axes/force.ts';
import { joinTags, NO_TAGS, readTags, tagOn, TAG_SOURCES, withTag, type AxisTag, type AxisTags } from '../../../../src/core/axes/tags.ts';
import { readNotes, writeNotes } from '../../../../src/core/notes/notes-file.ts';
import { mergeNotes, NO_NOTES, taskTags, withNote, withTaskTags } from '../../../../src/core/notes/notes.ts';

const oneTag: fc.Arbitrary<AxisTag> = fc
  .constantFrom(...AXES)
  .chain(({ id, tags }) =>
    fc.record({ axis: fc.constant(id), tag: fc.constantFrom(...tags.map((tag) => tag.id)), source: fc.constantFrom(...TAG_SOURCES) }),
  );
const tags: fc.Arbitrary<AxisTags> = fc
  .array(oneTag, { maxLength: 5 })
  .map((all) => all.reduce<AxisTags>((made, { axis, ...said }) => withTag(made, axis, said), NO_TAGS));
const parse = (line: string): unknown => JSON.parse(line) as unknown;

it('joins two by the stronger source, and takes the later of equals', () => {
  fc.assert(
    fc.property(tags, tags, (a, b) => {
      const joined = joinTags(a, b);
      for (const axis of AXIS_IDS) {
        const said = [tagOn(b, axis), tagOn(a, axis)].filter((each) => each !== null);
        const best = TAG_SOURCES.map((source) => said.find((each) => each.source === source)).find((each) => each !== undefined);
        expect(tagOn(joined, axis)).toEqual(best ?? null);
      }
      expect(joinTags(a, a)).toEqual(a);
      expect(readTags(JSON.parse(JSON.stringify(joined)))).toEqual(joined);
    }),
  );
});

it('keeps tags of tasks in notes, beside what is written of them, and through a file', () => {
  const said = fc.array(fc.tuple(fc.constantFrom('t', 'u', 'v'), tags), { maxLength: 6 });
  fc.assert(
    fc.property(said, fc.boolean(), (all, hasText) => {
      const base = hasText ? withNote(NO_NOTES, { subject: { kind: 'task', key: 't' }, text: 'why', labels: ['a'] }) : NO_NOTES;
      const notes = all.reduce((made, [task, own]) => withTaskTags(made, [task], () => own), base);
      const last = new Map(all);
      for (const [task, own] of last) expect(taskTags(notes).get(task) ?? NO_TAGS).toEqual(own);
      expect(readNotes(writeNotes(notes), parse)).toEqual({ ok: true, notes });
      expect(mergeNotes(NO_NOTES, notes)).toEqual(notes);
      // What the editor of notes says leaves tags as they are.
      const edited = withNote(notes, { subject: { kind: 'task', key: 't' }, text: 'new', labels: [] });
      expect(taskTags(edited).get('t') ?? NO_TAGS).toEqual(taskTags(notes).get('t') ?? NO_TAGS);
    }),
  );
});

it('has what is said in force before what is guessed', () => {
  const guess = { tag: 'python', weight: 1, next: 0, why: [] };
  const guesses = { language: guess, tasktype: { ...guess, tag: 'unknown' }, scenario: { ...guess, tag: 'other' } };
  const force = tagsInForce([{ axis: 'language', tag: 'go', source: 'hand' }], guesses);
  expect(force).toEqual({
    language: { tag: 'go', from: 'hand' },
    tasktype: { tag: 'unknown', from: null },
    scenario: { tag: 'other', from: 'rules' },
  });
  expect(tagsInForce(NO_TAGS, null).scenario).toEqual({ tag: 'unknown', from: null });
});

it.each([
  [{ axis: 'language' }],
  [{ axis: 'language', tag: 'klingon', source: 'hand' }],
  [{ axis: 'language', tag: 'unknown', source: 'hand' }],
  [{ axis: 'language', tag: 'go', source: 'me' }],
  [
    [
      { axis: 'language', tag: 'go', source: 'hand' },
      { axis: 'language', tag: 'c', source: 'hand' },
    ],
  ],
])('refuses %j', (wrong) => {
  expect(readTags([wrong].flat())).toBeNull();
  expect(readNotes(JSON.stringify({ task: 't', tags: [wrong].flat() }), parse).ok).toBe(false);
});

it('refuses tags of what is no task', () => {
  const line = JSON.stringify({ rollout: '0123456789abcdef', tags: [{ axis: 'language', tag: 'go', source: 'hand' }] });
  expect(readNotes(line, parse).ok).toBe(false);
});
