/** Which answers of a record train where a target marks whole messages, and how messages are spelled. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trainedRuns } from '../../../../src/engine/export/runs.ts';
import { argumentsOf } from '../../../../src/engine/export/spelling.ts';
import { makeTally } from '../../../../src/engine/export/tally.ts';
import { answer, call, exportLogs, result, system, tool, user, type Log, type Message } from '../../../helpers/conversations.ts';

const messagesOf = (row: unknown): Message[] => (row as { messages: Message[] }).messages;
const words = (messages: readonly Message[]): unknown[] => messages.map(({ content }) => content);

describe('answers that train', () => {
  it('end the record', async () => {
    const logs: Log[] = [{ id: 'a', messages: [user('Hi.'), answer('Hello.'), user('Bye.')] }];
    const { rows, counts } = await exportLogs('trl-messages', logs);
    expect(rows.map((row) => words(messagesOf(row)))).toEqual([['Hi.', 'Hello.']]);
    expect(counts).toEqual({});
  });

  it('are those of which the larger part is new', async () => {
    const first = 'One two three four five six seven eight nine ten eleven twelve';
    const logs = (...ends: string[]): Log[] =>
      ends.map((end, i) => ({ id: `r${i}`, task: 't', messages: [user('Count.'), answer(end), user('On.'), answer(`More ${i}.`)] }));
    const old = await exportLogs('trl-prompt-completion', logs(`${first} A`, `${first} B`));
    expect(old.counts).toEqual({ 'answers whose larger part was trained before, not trained again': 1 });
    expect(old.rows).toHaveLength(2);
    expect(words((old.rows[1] as { completion: Message[] }).completion)).toEqual(['More 1.']);
    const fresh = await exportLogs('trl-prompt-completion', logs(`One ${first}`, `One, but then ${first}`));
    expect(fresh.counts).toEqual({ 'answers whose smaller part was trained before, trained as a whole': 1 });
    expect(fresh.rows.map((row) => (row as { completion: Message[] }).completion.length)).toEqual([3, 3]);
  });

  it('are not those that the log cuts off', async () => {
    const logs: Log[] = [
      { id: 'a', messages: [user('Hi.'), answer('Hello.'), user('On.'), answer('And then')], finish_reason: 'length' },
      { id: 'b', messages: [user('Ho.'), answer('And')], finish_reason: 'length' },
    ];
    const { rows, counts } = await exportLogs('trl-messages', logs);
    expect(rows.map((row) => words(messagesOf(row)))).toEqual([['Hi.', 'Hello.']]);
    expect(counts).toEqual({
      'answers that the log cuts off, not trained': 2,
      'messages behind the last answer that trains, left out': 2,
      'records without a whole answer that trains, left out': 1,
    });
  });

  it('train once over all records, whatever the convention of weights', async () => {
    const shared = [user('Hi.'), answer('Hello.'), user('And?')];
    const logs: Log[] = ['A.', 'B.'].map((end) => ({ id: end, task: 't', messages: [...shared, answer(end)] }));
    for (const weights of ['branch-mean', 'train-once'] as const) {
      const { rows, counts, warnings } = await exportLogs('trl-prompt-completion', logs, { spec: { weights } });
      const completions = rows.flatMap((row) =>
        words((row as { completion: Message[] }).completion.filter(({ role }) => role === 'assistant')),
      );
      expect(completions.map(String).sort()).toEqual(['A.', 'B.', 'Hello.']);
      expect(counts).toEqual(weights === 'branch-mean' ? { 'records marked by train-once in place of branch-mean': 2 } : {});
      expect(warnings.some((warning) => warning.startsWith('Marks know no weights'))).toBe(weights === 'branch-mean');
    }
  });
});

describe('trl-messages', () => {
  const logs: Log[] = [
    { id: 'a', messages: [user('Hi.'), answer('Replayed.', { weight: 0 }), user('And?'), answer('Mine.')] },
    { id: 'b', messages: [user('Ho.'), answer('Mine too.')] },
  ];

  it('counts answers that train without loss, or leaves their records out', async () => {
    const kept = await exportLogs('trl-messages', logs);
    expect(kept.rows).toHaveLength(2);
    expect(kept.counts).toEqual({ 'answers that train although they carry no loss': 1 });
    expect(kept.warnings.join(' ')).toContain('TRL trains all answers');
    const left = await exportLogs('trl-messages', logs, { options: { untrained: 'leave-out' } });
    expect(left.rows.map((row) => words(messagesOf(row)))).toEqual([['Ho.', 'Mine too.']]);
    expect(left.file.records).toBe(1);
    expect(left.counts).toEqual({ 'records left out for answers that would train without loss': 1 });
  });

  it('spells calls as the template takes them, with tools as JSON text', async () => {
    const big: Log = {
      id: 'c',
      tools: [tool('look', 'at')],
      messages: [
        system('Look.'),
        user([
          { type: 'text', text: 'See' },
          { type: 'image_url', image_url: { url: 'data:,' } },
          { type: 'text', text: ' this.' },
        ]),
        answer('', { reasoning_content: 'Hm.', tool_calls: [call('1', 'look', '{"at": "beds"}'), call('2', 'look', 'beds')] }),
        result('1', 'dry'),
        result('2', 'wet'),
        answer('Done.'),
      ],
    };
    const { rows, counts, warnings } = await exportLogs('trl-messages', [big]);
    const messages = messagesOf(rows[0]);
    expect(messages[1]).toEqual({ role: 'user', content: 'See this.' });
    expect(messages[2]).toEqual({
      role: 'assistant',
      content: '',
      reasoning_content: 'Hm.',
      tool_calls: [
        { id: '1', type: 'function', function: { name: 'look', arguments: { at: 'beds' } } },
        { id: '2', type: 'function', function: { name: 'look', arguments: { input: 'beds' } } },
      ],
    });
    expect(messages[4]).toMatchObject({ role: 'tool', content: 'wet', tool_call_id: '2' });
    expect(JSON.parse((rows[0] as { tools: string }).tools)).toEqual([tool('look', 'at')]);
    expect(counts).toEqual({
      'images left out': 1,
      'calls whose arguments are no JSON object: they stand in its member input': 1,
    });
    expect(warnings.join(' ')).toContain('has to mark answers');
    const asText = await exportLogs('trl-messages', [big], { options: { arguments: 'text' } });
    expect(JSON.stringify(messagesOf(asText.rows[0])[2]?.tool_calls)).toContain(
      JSON.stringify(JSON.stringify({ at: 'beds' }).replace(':', ': ')),
    );
  });

  it('knows the template of the tokenizer: its name, its marks and its arguments', async () => {
    const json = readFileSync('test/fixtures/tiny-lm/tokenizer.json', 'utf8');
    const say = '{{ message.role }}: {{ message.content }}';
    const calls = (spelled: string): string => `{% for c in message.tool_calls or [] %}{{ c.function.name }}${spelled}{% endfor %}`;
    const template = (body: string): string => `{% for message in messages %}${body}\n{% endfor %}`;
    const open = (body: string): object => ({
      settings: { tokenizer: { kind: 'huggingface', name: 'tiny', json, config: JSON.stringify({ chat_template: template(body) }) } },
    });
    const log: Log = { id: 'd', messages: [user('a'), answer('b', { tool_calls: [call('1', 'look', '{"at":1}')] }), result('1', 'c')] };
    const given = ({ rows }: { rows: unknown[] }): unknown =>
      (messagesOf(rows[0])[1]?.tool_calls as { function: { arguments: unknown } }[] | undefined)?.[0]?.function.arguments;
    const asText = await exportLogs('trl-messages', [log], open(say + calls('{{ c.function.arguments + "" }}')));
    expect(given(asText)).toBe('{"at":1}');
    expect(asText.warnings.join(' ')).toContain('tiny chat template does not mark answers');
    const marked = await exportLogs(
      'trl-messages',
      [log],
      open(`{% generation %}${say}${calls('{{ c.function.arguments | tojson }}')}{% endgeneration %}`),
    );
    expect(given(marked)).toEqual({ at: 1 });
    expect(marked.warnings.join(' ')).not.toContain('mark answers');
    expect(marked.warnings.join(' ')).not.toContain('shows no tool calls');
    const asked: Log = { ...log, messages: [...log.messages, answer('d')] };
    const silent = await exportLogs('trl-messages', [asked], open(say));
    expect(silent.warnings.join(' ')).toContain('tiny chat template shows no tool calls: 1 of the log is not in its tokens');
    const quiet = await exportLogs('trl-messages', [{ id: 'e', messages: [user('a'), answer('b')] }], open(say));
    expect(quiet.warnings.join(' ')).not.toContain('shows no tool calls');
    const refusing = await exportLogs('trl-messages', [asked], open('{{ raise_exception("no") }}'));
    expect(refusing.warnings.join(' ')).toContain('tiny chat template refused 1 branch, whose tokens have');
  });
});

describe('trl-prompt-completion', () => {
  const log: Log = {
    id: 'a',
    messages: [user('1'), answer('2'), user('3'), answer('4'), user('5'), answer('6', { weight: 0 }), user('7'), answer('8'), user('9')],
  };

  it('has a row for each stretch of answers that train, or for each answer', async () => {
    const parts = ({ rows }: { rows: unknown[] }): string[] =>
      (rows as { prompt: Message[]; completion: Message[] }[]).map(
        ({ prompt, completion }) => `${words(prompt).join('')}|${words(completion).join('')}`,
      );
    const runs = await exportLogs('trl-prompt-completion', [log]);
    expect(parts(runs)).toEqual(['1|234', '1234567|8']);
    expect(runs.file.records).toBe(2);
    const turns = await exportLogs('trl-prompt-completion', [log], { options: { completion: 'turn' } });
    expect(parts(turns)).toEqual(['1|2', '123|4', '1234567|8']);
    expect(turns.warnings.join(' ')).not.toContain('mark answers');
  });
});

describe('runs', () => {
  it('train every answer that trains once, and no other', () => {
    const message = fc.record({ role: fc.constantFrom('user', 'assistant', 'tool'), trains: fc.boolean() });
    fc.assert(
      fc.property(fc.array(message), fc.boolean(), (given, single) => {
        const messages = given.map(({ role, trains }, at) => ({ said: { role, at } as never, trains: trains && role === 'assistant' }));
        const runs = trainedRuns(messages, single);
        const trained = runs.flatMap(({ completion }) => completion.filter(({ said }) => (said as { role: string }).role === 'assistant'));
        expect(trained).toEqual(messages.filter(({ trains }) => trains));
        for (const { prompt, completion } of runs) {
          expect(messages.slice(0, prompt.length + completion.length)).toEqual([...prompt, ...completion]);
          expect([completion[0]?.trains, completion.at(-1)?.trains]).toEqual([true, true]);
          if (single) expect(completion).toHaveLength(1);
        }
      }),
    );
  });
});

describe('arguments', () => {
  it('are an object whatever the log holds, and its text says the same', () => {
    const text = fc.oneof(fc.json(), fc.string(), fc.constant(`${'['.repeat(5000)}${']'.repeat(5000)}`));
    fc.assert(
      fc.property(text, (given) => {
        const tally = makeTally();
        const { value, text: spelling } = argumentsOf(given, tally);
        expect(typeof value === 'object' && !Array.isArray(value)).toBe(true);
        expect(JSON.parse(spelling)).toEqual(value);
        if (tally.shortfalls().length === 0) expect(spelling).toBe(given);
      }),
    );
  });
});
