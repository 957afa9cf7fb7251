/** Files of tags: read whole or not at all, with the line that is wrong, and the same after a trip through either kind. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AXES } from '../../../../src/core/axes/axes.ts';
import { TAG_SOURCES } from '../../../../src/core/axes/tags.ts';
import { readTagFile, tagsCsv, tagsJsonl, type SaidTag } from '../../../../src/engine/tag-file.ts';

const said: fc.Arbitrary<SaidTag[]> = fc.uniqueArray(
  fc
    .tuple(
      fc.oneof(fc.string({ minLength: 1, maxLength: 12 }), fc.constantFrom('=1+1', "'=x", '-a', 'a"b', 'a,b')),
      fc.constantFrom(...AXES),
    )
    .chain(([task, { id, tags }]) =>
      fc.record({
        task: fc.constant(task),
        axis: fc.constant(id),
        tag: fc.constantFrom(...tags.map((tag) => tag.id)),
        source: fc.constantFrom(...TAG_SOURCES),
      }),
    ),
  { minLength: 1, maxLength: 12, selector: ({ task, axis }) => `${axis} ${task}` },
);

it('is read as it was written, as CSV and as JSON lines', async () => {
  await fc.assert(
    fc.asyncProperty(said, async (all) => {
      for (const text of [tagsCsv(all), tagsJsonl(all)]) {
        const read = await readTagFile('tags', text);
        if (!read.ok) throw new Error(read.reason);
        const back = [...read.tags].flatMap(([task, tags]) => tags.map((tag) => ({ task, ...tag })));
        const inOrder = (list: readonly SaidTag[]): string[] =>
          list.map((each) => JSON.stringify([each.task, each.axis, each.tag, each.source])).sort();
        expect(inOrder(back)).toEqual(inOrder(all));
      }
    }),
  );
});

it('takes a column for each axis, and `file` where no source is named', async () => {
  const read = await readTagFile('t.csv', 'task,language,tasktype\na,python,\nb,go,bug-fixing\n');
  expect(read).toEqual({
    ok: true,
    tags: new Map([
      ['a', [{ axis: 'language', tag: 'python', source: 'file' }]],
      [
        'b',
        [
          { axis: 'language', tag: 'go', source: 'file' },
          { axis: 'tasktype', tag: 'bug-fixing', source: 'file' },
        ],
      ],
    ]),
  });
});

it.each([
  ['', 'expected a line of names'],
  ['a,b\n1,2\n', 'expected columns named task, axis and tag'],
  ['task,axis,tag\na,language,klingon\n', 'line 2: expected a tag of language'],
  ['task,axis,tag\na,size,big\n', 'line 2: expected an axis, one of language, tasktype, scenario'],
  ['task,axis,tag\n,language,go\n', 'line 2: expected the key of a task'],
  ['task,axis,tag,source\na,language,go,me\n', 'line 2: expected a source'],
  ['task,axis,tag\na,language,go\na,language,c\n', 'line 3: expected one tag of language for a task, found go and c'],
  ['task,axis,tag\n"a,language', 'a quote that is not closed'],
  ['{"task": "a", "axis": "language", "tag": "go"}\n{', 'expected JSON in line 2'],
  ['{"task": "a"}', 'line 1: expected a tag, found none'],
  ['[]', 'expected tags, found none'],
])('%j is refused', async (text, reason) => {
  const read = await readTagFile('t', text);
  expect(read.ok ? 'read' : read.reason).toContain(reason);
});
