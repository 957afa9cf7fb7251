import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordContext } from '../../../src/formats/format.ts';
import { formatFromMapping, readMapping } from '../../../src/formats/mapping.ts';
import { parsePath, valueAt } from '../../../src/formats/mapping-paths.ts';
import { suggestMapping } from '../../../src/formats/mapping-proposal.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';
import type { MappingFile } from '../../../src/formats/mapping.ts';

const context: RecordContext = { name: 'x.jsonl', path: 'x.jsonl', index: 4, line: 5 };

describe('paths', () => {
  it.each<[string, (string | number)[] | null]>([
    ['', []],
    ['a', ['a']],
    ['a.b[0].c', ['a', 'b', 0, 'c']],
    ['["a.b"]["c\\"d"][2]', ['a.b', 'c"d', 2]],
    ['a[', null],
    ['a["b"', null],
    ['a..b', null],
  ])('%j', (text, path) => {
    expect(parsePath(text)).toEqual(path);
  });

  it('reach own fields only', () => {
    expect(valueAt({ a: [{ b: 7 }] }, ['a', 0, 'b'])).toBe(7);
    expect(valueAt({ a: 1 }, ['constructor', 'name'])).toBeUndefined();
  });
});

describe('readMapping', () => {
  it.each<[unknown, string]>([
    [null, 'A mapping is an object with version 1; found null.'],
    [{ version: 4 }, 'this mapping file is of version 4, from a newer Espalier; this one reads up to version 3'],
    [{ version: 1, reward: 'r' }, 'A mapping says where the conversation is: messages, text, or prompt and completion.'],
    [{ version: 1, prompt: 'p', text: 't' }, 'A mapping with prompt also has completion.'],
    [{ version: 1, text: 'a[' }, 'text is a path such as result.turns[0].text; found the text "a[".'],
    [
      { version: 1, text: 't', colour: 'c' },
      'A mapping has the fields messages, text, prompt, completion, task, id, reward, tools, verdict, status, policy, time, columns; ' +
        'found colour.',
    ],
  ])('refuses %j', (value, reason) => {
    expect(readMapping(value)).toEqual({ ok: false, reason });
  });

  it('takes or refuses anything, with a reason, and a format can be made of what it takes', () => {
    const path = fc.oneof(fc.constantFrom('a', 'a.b[0]', '["a.b"]', '', 'a[', 'a..b'), fc.string({ maxLength: 6 }));
    const fields = ['messages', 'text', 'prompt', 'completion', 'task', 'id', 'reward', 'tools'];
    const likely = fc
      .tuple(
        fc.dictionary(fc.constantFrom(...fields), fc.oneof({ weight: 5, arbitrary: path }, fc.jsonValue())),
        fc.constantFrom(1, 1, 1, 2, '1'),
      )
      .map(([named, version]) => ({ ...named, version }));
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(likely, fc.jsonValue()), (value) => {
        const read = readMapping(value);
        if (!read.ok) {
          expect(read.reason).toMatch(/\w/);
          return;
        }
        taken++;
        expect(formatFromMapping(read.mapping).decode({ a: { b: ['x'] } }, context)).toHaveLength(1);
      }),
      { numRuns: 1000 },
    );
    expect(taken).toBeGreaterThan(20);
  });
});

const records = [1, 2, 3, 4].map((n) => ({
  meta: { run_uuid: `r-${n}`, puzzle: { task_name: n < 3 ? 'maze' : 'tower' } },
  outcome: { final_score: n / 4 },
  trace: {
    dialog: [
      { role: 'user', content: `walk ${n}` },
      { role: 'assistant', content: 'north' },
    ],
  },
}));

describe('suggestMapping', () => {
  it('finds a conversation, its task and its reward by shape and name', () => {
    expect(suggestMapping(records)).toEqual({
      version: 1,
      messages: 'trace.dialog',
      task: 'meta.puzzle.task_name',
      id: 'meta.run_uuid',
      reward: 'outcome.final_score',
    });
  });

  it('pairs a question with its answer', () => {
    const pairs = [1, 2, 3].map((n) => ({
      q: { question_text: `What is ${n} plus ${n}, if anything at all?` },
      model_answer: `It is ${2 * n}, as far as anyone can tell.`,
    }));
    expect(suggestMapping(pairs)).toMatchObject({ prompt: 'q.question_text', completion: 'model_answer' });
  });

  it('gives up where nothing looks like a conversation', () => {
    expect(suggestMapping([{ a: 1 }, { a: 2 }])).toBeNull();
    expect(suggestMapping([null, 'text', 3])).toBeNull();
  });
});

describe('formatFromMapping', () => {
  const mapping: MappingFile = {
    version: 1,
    messages: 'trace.dialog',
    task: 'meta.puzzle.task_name',
    id: 'meta.run_uuid',
    reward: 'outcome.final_score',
  };

  it('reads records by it', () => {
    const format = formatFromMapping(mapping);
    expect(format.detects(records[0], context)).toBe(true);
    expect(format.decode(records[0], context)).toMatchObject([
      { ok: true, rollout: { id: 'r-1', task: 'maze', reward: 0.25, branches: [{ events: [{ sampled: false }, { sampled: true }] }] } },
    ]);
  });

  it('reads verdicts, versions and times, and makes columns of what it names', async () => {
    const mapped = { ...mapping, reward: 'outcome.score', verdict: 'outcome.word', policy: 'meta.step', time: 'meta.at', status: 'why' };
    const columns = { seed: 'meta.seeds[1]', cost: '["usage.usd"]' };
    const file = { ...mapped, columns };
    const record = (outcome: object): object => ({
      ...records[0],
      outcome,
      why: 'done',
      meta: { run_uuid: 'r', step: 12, at: '2024-01-01T00:00:00Z', seeds: [1, 7] },
      'usage.usd': 0.5,
    });
    const { session, facts } = await openSession(
      [
        inputFile(
          'a.jsonl',
          [{ word: 'Unresolved' }, { score: 0.5, word: 'pass' }, { word: '?' }].map((each) => JSON.stringify(record(each))).join('\n'),
        ),
      ],
      { mapping: file },
    );
    expect(facts).toMatchObject({ rollouts: 3, rewards: { known: 2, min: 0, max: 0.5 } });
    const values = (id: string): unknown[] => {
      const column = session.rollouts().columns.find((each) => each.id === id || each.label === id);
      if (column?.type === 'number') return [...column.values];
      return column?.type === 'text' ? Array.from(column.codes, (code) => column.words[code]) : [];
    };
    expect(values('reward')).toEqual([0, 0.5, NaN]);
    expect(values('policy')).toEqual(['12', '12', '12']);
    expect(values('status')).toEqual(['done', 'done', 'done']);
    expect(values('started')).toEqual([1704067200, 1704067200, 1704067200]);
    expect(values('seed')).toEqual([7, 7, 7]);
    expect(values('cost')).toEqual([0.5, 0.5, 0.5]);
  });

  it('refuses columns that are no paths', () => {
    expect(readMapping({ version: 1, text: 't', columns: { a: 'b[' } })).toMatchObject({ ok: false });
    expect(readMapping({ version: 1, text: 't', columns: ['a'] })).toMatchObject({ ok: false });
  });

  it('complains about records without the fields', () => {
    expect(formatFromMapping(mapping).decode({}, context)).toEqual([
      { ok: false, complaint: { code: 'messages', expected: 'a list of messages at trace.dialog', found: 'nothing' } },
    ]);
    expect(formatFromMapping({ version: 1, text: 't' }).decode({ t: 3 }, context)).toMatchObject([
      { ok: false, complaint: { expected: 'text at t', found: 'the number 3' } },
    ]);
  });

  it('survives any record', () => {
    const formats = [mapping, { version: 1, text: 'a' } as const, { version: 1, prompt: 'a', completion: 'b[0]' } as const].map(
      formatFromMapping,
    );
    const message = fc.oneof(fc.jsonValue(), fc.record({ role: fc.constantFrom('user', 'assistant', 'x', 1), content: fc.jsonValue() }));
    const likely = fc.record(
      {
        trace: fc.oneof(fc.jsonValue(), fc.record({ dialog: fc.oneof(fc.jsonValue(), fc.array(message, { maxLength: 4 })) })),
        a: fc.oneof(fc.string(), fc.jsonValue()),
        b: fc.oneof(fc.array(fc.oneof(fc.string(), fc.jsonValue()), { maxLength: 2 }), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    let used = 0;
    fc.assert(
      fc.property(fc.constantFrom(...formats), fc.oneof({ weight: 4, arbitrary: likely }, fc.jsonValue()), (format, record) => {
        const decoded = format.decode(record, context);
        expect(decoded).toHaveLength(1);
        if (decoded[0]?.ok) used++;
      }),
      { numRuns: 1000 },
    );
    expect(used).toBeGreaterThan(50);
  });
});
