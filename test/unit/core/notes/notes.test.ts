/** Notes and labels: one for each subject, in one order, and the same after a trip through a file. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readNotes, writeNotes } from '../../../../src/core/notes/notes-file.ts';
import { labelsIn, mergeNotes, NO_NOTES, noteOf, tidyLabel, withLabels, withNote, type Note } from '../../../../src/core/notes/notes.ts';

const key = fc.constantFrom('0123456789abcdef', 'fedcba9876543210');
const note: fc.Arbitrary<Note> = fc.record({
  subject: fc.record({ kind: fc.constantFrom('node', 'action', 'rollout', 'task'), key }) as fc.Arbitrary<Note['subject']>,
  text: fc.string({ maxLength: 40 }),
  labels: fc.array(fc.string({ maxLength: 12 }), { maxLength: 3 }),
});
const parse = (line: string): unknown => JSON.parse(line) as unknown;

it('says one thing of each subject, in an order that does not depend on when it was said', () => {
  fc.assert(
    fc.property(fc.array(note, { maxLength: 12 }), (all) => {
      const notes = all.reduce(withNote, NO_NOTES);
      const last = new Map(all.map((each) => [`${each.subject.kind} ${each.subject.key}`, each]));
      for (const each of last.values()) {
        const labels = [...new Set(each.labels.flatMap((label) => tidyLabel(label) ?? []))].sort();
        const found = noteOf(notes, each.subject);
        if (each.text.trim() === '' && labels.length === 0) expect(found).toBeNull();
        else expect(found).toEqual({ subject: each.subject, text: each.text.trim(), labels });
      }
      expect([...last.values()].reverse().reduce(withNote, NO_NOTES)).toEqual(notes);
      expect(readNotes(writeNotes(notes), parse)).toEqual({ ok: true, notes });
      expect(mergeNotes(notes, notes)).toEqual(notes);
      expect(mergeNotes(NO_NOTES, notes)).toEqual(notes);
    }),
  );
});

it('adds labels to what is said', () => {
  const subject = { kind: 'rollout', key: '0123456789abcdef' } as const;
  const notes = withLabels(withNote(NO_NOTES, { subject, text: 'Why?', labels: ['b'] }), [
    { subject, label: 'a' },
    { subject, label: 'b' },
    { subject: { kind: 'task', key: 't' }, label: 'late edit' },
  ]);
  expect(notes).toEqual([
    { subject: { kind: 'task', key: 't' }, text: '', labels: ['late-edit'] },
    { subject, text: 'Why?', labels: ['a', 'b'] },
  ]);
  expect(labelsIn(notes)).toEqual(['a', 'b', 'late-edit']);
});

it('makes labels that a filter can name', () => {
  expect(tidyLabel('  premature edit ')).toBe('premature-edit');
  expect(tidyLabel('a:b "c"|d')).toBe('a-b-c-d');
  expect(tidyLabel(' - ')).toBeNull();
  expect(tidyLabel('<img src=x onerror=alert(1)>')).toBe('<img-src=x-onerror=alert(1)>');
});

it.each([
  ['{"node": "x", "note": "a"}', 'expected a note with a task, rollout, node or action in record 1, found something else'],
  [
    '{"rollout": "0123456789abcdef", "task": "t", "note": "a"}',
    'expected a note with a task, rollout, node or action in record 1, found something else',
  ],
  ['{"task": "t", "labels": [1]}', 'expected a note with a task, rollout, node or action in record 1, found something else'],
])('%s is refused', (line, reason) => {
  expect(readNotes(line, parse)).toEqual({ ok: false, reason });
});

it('refuses a file of which one line is no JSON', () => {
  expect(readNotes('{"task":"t","note":"a"}\nno', () => undefined)).toEqual({ ok: false, reason: 'expected JSON in line 1' });
});
