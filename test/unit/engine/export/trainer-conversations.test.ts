/** Conversations for single trainers, held to what their loaders take. */
import { readFileSync } from 'node:fs';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { answer, call, exportLogs, result, system, tool, user, type Log, type Message } from '../../../helpers/conversations.ts';

const sample = readFileSync('public/samples/orchard-chat.jsonl', 'utf8');
const image = { type: 'image_url', image_url: { url: 'data:,' } };

/** What trainers disagree about, in one log: thoughts beside words and calls, parallel calls, arguments that are no JSON, an image. */
const rich: Log = {
  id: 'rich',
  tools: [tool('look', 'at'), tool('water', 'much')],
  messages: [
    system('Garden.'),
    user([{ type: 'text', text: 'See\u2028' }, image]),
    answer('I look.', { reasoning_content: 'Hm.', tool_calls: [call('1', 'look', '{"at": "beds"}'), call('2', 'water', 'much')] }),
    result('1', 'dry'),
    result('2', 'wet'),
    answer('Replayed.', { weight: 0 }),
    user('So?'),
    answer('Done.', { reasoning_content: 'Well.' }),
    user('Bye.'),
  ],
};
/** Each of these is refused by some loader that wants turns. */
const odd: Log[] = [
  { id: 'greets', messages: [answer('Hello.'), user('Hi.'), answer('Yes.')] },
  {
    id: 'interrupted',
    messages: [user('1'), answer('', { tool_calls: [call('1', 'look', '{}')] }), result('1', 'x'), user('Stop.'), answer('Ok.')],
  },
  { id: 'reminded', messages: [user('1'), answer('2'), system('Be short.'), user('3'), answer('4')] },
  { id: 'twice', messages: [user('1'), user('and'), answer('2')] },
  { id: 'orphan', messages: [user('1'), { role: 'tool', tool_call_id: 'gone', content: 'x' }, answer('2')] },
];

interface Row {
  readonly messages: readonly Message[];
  readonly tools?: unknown;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const rowsOf = async (profile: string, logs: readonly Log[] | string, options = {}): Promise<Row[]> =>
  (await exportLogs(profile, logs, { options })).rows as unknown as Row[];

describe('messages whose answers all train', () => {
  it.each([
    ['prime-rl-sft', 'text', 'text'],
    ['openpipe-art', 'list', 'text'],
    ['nemo-automodel', 'list', 'object'],
    ['nemo-rl', 'list', 'object'],
    ['trl-messages', 'text', 'object'],
  ])('of %s have tools as %s and arguments as %s, and end with an answer', async (profile, tools, given) => {
    const [row] = await rowsOf(profile, [rich]);
    expect(row?.messages.map(({ role }) => role).join()).toBe('system,user,assistant,tool,tool,assistant,user,assistant');
    expect(tools === 'text' ? JSON.parse(textOf(row?.tools)) : row?.tools).toEqual(rich.tools);
    const [, , turn] = row?.messages ?? [];
    expect(turn).toMatchObject({ content: 'I look.', reasoning_content: 'Hm.' });
    const calls = ((turn?.tool_calls ?? []) as { function: { arguments: unknown } }[]).map(({ function: called }) => called.arguments);
    const objects = [{ at: 'beds' }, { input: 'much' }];
    expect(given === 'object' ? calls : calls.map((text) => JSON.parse(textOf(text)) as unknown)).toEqual(objects);
    if (given === 'text') expect(calls[0]).toBe('{"at": "beds"}');
    for (const { messages } of await rowsOf(profile, sample)) expect(messages.at(-1)?.role).toBe('assistant');
  });

  it('are one line each for readers that split lines at any separator', async () => {
    const { sink } = await exportLogs('nemo-automodel', [rich]);
    const text = sink.files.get('nemo-automodel/train.jsonl') ?? '';
    expect(text.trimEnd()).not.toMatch(/[\n\u0085\u2028\u2029]/);
    expect((JSON.parse(text) as Row).messages[1]?.content).toBe('See\u2028');
  });

  it('have a mask by message for NeMo-RL: 0 or 1, 1 for answers alone', async () => {
    const { rows, counts } = await exportLogs('nemo-rl', [rich]);
    expect((rows[0] as { message_loss_mask: number[] }).message_loss_mask).toEqual([0, 0, 1, 0, 0, 0, 0, 1]);
    expect(counts).toMatchObject({ 'answers that train although they carry no loss': 1, 'images left out': 1 });
  });
});

describe('marks', () => {
  it('of slime are 0 or 1 on every message, 1 where the reference trains', async () => {
    const { rows, reference, counts } = await exportLogs('slime', sample);
    const messages = (rows as unknown as Row[]).flatMap((row) => row.messages);
    const contents = (list: readonly Message[]): string[] => list.map(({ content }) => JSON.stringify(content));
    const marked = messages.filter(({ step_loss_mask: mask }) => mask === 1);
    expect(messages.every(({ step_loss_mask: mask }) => mask === 0 || mask === 1)).toBe(true);
    expect(marked.every(({ role }) => role === 'assistant')).toBe(true);
    // Those that train by the reference, without those that are left to an earlier record for their larger part.
    const expected = contents(reference.flatMap((record) => record.messages.filter(({ train }) => train === true)));
    expect(marked.length).toBe(expected.length - counts['answers whose larger part was trained before, not trained again']);
    let at = 0;
    for (const content of contents(marked)) at = expected.indexOf(content, at) + 1;
    expect(at).toBeGreaterThan(0);
  });

  it('of tinker are booleans on every message, which holds role and content alone', async () => {
    const [row] = await rowsOf('tinker', [rich]);
    expect(row?.messages.map((message) => Object.keys(message).join())).toEqual(Array(8).fill('role,content,trainable'));
    expect(row?.messages.map(({ trainable }) => trainable)).toEqual([false, false, true, false, false, false, false, true]);
    expect(row?.messages[2]?.content).toBe(
      '<think>\nHm.\n</think>\n\nI look.\n<tool_call>\n{"name": "look", "arguments": {"at": "beds"}}\n</tool_call>\n' +
        '<tool_call>\n{"name": "water", "arguments": {"input":"much"}}\n</tool_call>',
    );
    expect(Object.keys(row ?? {})).toEqual(['messages']);
    const { counts } = await exportLogs('tinker', [rich]);
    expect(counts).toMatchObject({ 'records whose tool definitions are left out': 1 });
  });
});

describe('ms-swift', () => {
  /** `_check_messages` and `_swift_encode` of ms-swift 4.6: its roles and members, questions and answers in turns. */
  function faults({ messages, tools }: Row): string[] {
    const found: string[] = [];
    if (tools !== undefined && !Array.isArray(JSON.parse(textOf(tools)))) found.push('tools');
    let before = '';
    for (const [at, message] of messages.entries()) {
      const { role, content } = message;
      if (!['system', 'user', 'tool_call', 'tool_response', 'assistant'].includes(role)) found.push(role);
      if (Object.keys(message).some((key) => !['role', 'content', 'loss', 'loss_scale'].includes(key))) found.push('members');
      if (typeof content !== 'string') found.push('content');
      if (role === 'tool_call') {
        const { name, arguments: given } = JSON.parse(textOf(content)) as { name: unknown; arguments: unknown };
        if (typeof name !== 'string' || typeof given !== 'object') found.push('call');
      }
      const side = role === 'assistant' || role === 'tool_call' ? 'answer' : role;
      if (side === 'system' && at > 0) found.push('system');
      if (side === 'user' && before === 'tool_response') found.push('user behind a result');
      if (side === 'tool_response' && before !== 'answer' && before !== 'tool_response') found.push('orphan');
      before = side;
    }
    return found;
  }

  it('gets its own roles, with loss on each part of an answer', async () => {
    const [row] = await rowsOf('ms-swift', [rich]);
    expect(faults(row as Row)).toEqual([]);
    expect(row?.messages.map(({ role, loss }) => `${role}${loss === undefined ? '' : ` ${textOf(loss)}`}`)).toEqual([
      'system',
      'user',
      'assistant true',
      'tool_call true',
      'tool_call true',
      'tool_response',
      'tool_response',
      'assistant false',
      'user',
      'assistant true',
    ]);
    expect(row?.messages[2]?.content).toBe('<think>\nHm.\n</think>\n\nI look.');
    for (const each of await rowsOf('ms-swift', sample)) expect(faults(each)).toEqual([]);
  });

  it('gets the weights of the export as loss_scale, as floats', async () => {
    const shared = [user('Hi.'), answer('Hello.'), user('And?')];
    const logs: Log[] = ['A.', 'B.'].map((end) => ({ id: end, task: 't', messages: [...shared, answer(end)] }));
    const { rows, sink, counts } = await exportLogs('ms-swift', logs, {
      options: { marks: 'loss_scale' },
      spec: { weights: 'branch-mean' },
    });
    const scales = (rows as unknown as Row[]).map(({ messages }) => messages.map(({ loss_scale: scale }) => scale ?? null));
    expect(scales).toEqual([
      [null, 0.5, null, 0.5],
      [null, 0.5, null, 0.5],
    ]);
    expect(counts).toEqual({});
    const once = await exportLogs('ms-swift', logs, { options: { marks: 'loss_scale' } });
    expect(once.sink.files.get('ms-swift/train.jsonl')).toContain('"loss_scale":1.0');
    expect(sink.files.get('ms-swift/train.jsonl')).toContain('"loss":true');
  });

  it('does not get what it would drop or stumble over', async () => {
    const { rows, counts } = await exportLogs('ms-swift', odd);
    for (const row of rows as unknown as Row[]) expect(faults(row)).toEqual([]);
    expect(rows).toHaveLength(4);
    expect(counts).toMatchObject({
      'answers left out because before them a user follows a result': 1,
      'answers left out because before them a system message stands further down': 1,
      'answers left out because before them a result stands that no call asked for': 1,
    });
  });
});

describe('OpenRLHF', () => {
  it('gets records, or a prompt and one answer', async () => {
    const [record] = await rowsOf('openrlhf', [rich]);
    expect(Object.keys(record ?? {})).toEqual(['messages']);
    const rows = (await rowsOf('openrlhf', [rich], { rows: 'turn' })) as unknown as { input: Message[]; output: Message[] }[];
    expect(rows.map(({ input, output }) => [input.length, output.map(({ content }) => content).join()])).toEqual([
      [2, 'I look.'],
      [7, 'Done.'],
    ]);
    expect(await rowsOf('openrlhf', odd.slice(0, 1), { rows: 'turn' })).toHaveLength(1);
  });
});

describe('LLaMA-Factory', () => {
  interface Turns {
    readonly conversations: readonly { readonly from: string; readonly value: string }[];
    readonly system: string;
    readonly tools: string;
  }

  /** `SharegptDatasetConverter` of LLaMA-Factory 0.9.5: odd and even turns, an even number of them; `FunctionFormatter`: calls. */
  function faults({ conversations, tools }: Turns): string[] {
    const found: string[] = [];
    if (tools !== '' && !Array.isArray(JSON.parse(tools))) found.push('tools');
    if (conversations.length % 2 !== 0) found.push('count');
    for (const [at, { from, value }] of conversations.entries()) {
      if (!(at % 2 === 0 ? ['human', 'observation'] : ['gpt', 'function_call']).includes(from)) found.push(`${from} at ${at}`);
      if (from !== 'function_call') continue;
      const inMarks = /<tool_call>(.*?)<\/tool_call>/s.exec(value);
      const calls = JSON.parse(inMarks?.[1] ?? value.replace(/<think>\n.*?\n<\/think>\n\n/s, '')) as { arguments: unknown }[];
      if (!Array.isArray(calls) || calls.some(({ arguments: given }) => typeof given !== 'object')) found.push('calls');
    }
    return found;
  }

  it('of version 0 gets questions and answers in turns, and dataset_info.json beside', async () => {
    const [row] = (await rowsOf('llamafactory', [rich], { rows: 'turn' })) as unknown as Turns[];
    expect(faults(row as Turns)).toEqual([]);
    expect(row?.system).toBe('Garden.');
    expect(row?.conversations.map(({ from }) => from)).toEqual(['human', 'function_call']);
    expect(row?.conversations[1]?.value).toBe(
      '<think>\nHm.\n</think>\n\nI look.<tool_call>[{"name": "look", "arguments": {"at": "beds"}}, ' +
        '{"name": "water", "arguments": {"input":"much"}}]</tool_call>',
    );
    const { files, sink, rows } = await exportLogs('llamafactory', sample, { spec: { records: { validation: 0.25 } } });
    expect(rows.length).toBeGreaterThan(20);
    for (const each of rows) expect(faults(each as unknown as Turns)).toEqual([]);
    expect(files.map(({ name }) => name)).toEqual([
      'llamafactory/train.jsonl',
      'llamafactory/validation.jsonl',
      'llamafactory/dataset_info.json',
    ]);
    const info = JSON.parse(sink.files.get('llamafactory/dataset_info.json') ?? '') as Record<
      string,
      { file_name: string; formatting: string }
    >;
    expect(Object.entries(info).map(([name, { file_name: file, formatting }]) => [name, file, formatting])).toEqual([
      ['train', 'train.jsonl', 'sharegpt'],
      ['validation', 'validation.jsonl', 'sharegpt'],
    ]);
    const sharded = await exportLogs('llamafactory', sample, { spec: { records: { shard: 0.1 } } });
    const entries = Object.keys(JSON.parse(sharded.sink.files.get('llamafactory/dataset_info.json') ?? '') as object);
    expect(entries.length).toBeGreaterThan(3);
    expect(entries.map((name) => `llamafactory/${name}.jsonl`)).toEqual(
      sharded.files.map(({ name }) => name).filter((name) => name.endsWith('.jsonl')),
    );
  });

  it('of version 0 leaves out what cannot take turns', async () => {
    const { rows, counts } = await exportLogs('llamafactory', odd);
    for (const row of rows) expect(faults(row as unknown as Turns)).toEqual([]);
    const values = rows.map((row) => (row as unknown as Turns).conversations.map(({ value }) => value).join('|'));
    expect(values.sort()).toEqual(['1\n\nand|2', '1|2', '1|[{"name": "look", "arguments": {}}]']);
    expect(counts).toMatchObject({
      'answers left out because before them no question stands': 2,
      'answers left out because before them a user follows a result': 1,
      'answers left out because before them a system message stands further down': 1,
      'answers left out because before them a result stands that no call asked for': 1,
      'questions that follow each other, joined': 1,
    });
  });

  it('of version 1 gets parts with loss weights', async () => {
    const { rows, sink, files } = await exportLogs('llamafactory', [rich], { options: { version: 'v1' } });
    const { messages, tools } = rows[0] as unknown as {
      messages: { role: string; content: object[]; loss_weight: number }[];
      tools: string;
    };
    expect(files).toHaveLength(1);
    expect(messages[2]).toEqual({
      role: 'assistant',
      content: [
        { type: 'reasoning', value: 'Hm.' },
        { type: 'text', value: 'I look.' },
        { type: 'tool_call', value: '{"name": "look", "arguments": {"at": "beds"}}' },
        { type: 'tool_call', value: '{"name": "water", "arguments": {"input":"much"}}' },
      ],
      loss_weight: 1,
    });
    expect(messages.map(({ loss_weight: weight }) => weight)).toEqual([0, 0, 1, 0, 0, 0, 0, 1]);
    expect(JSON.parse(tools)).toEqual(rich.tools);
    expect(sink.files.get('llamafactory/train.jsonl')).toContain('"loss_weight":0.0');
  });
});

describe('verl', () => {
  it('gets rows of one type, and a class that reads them', async () => {
    const { sink, files, file } = await exportLogs('verl-sft', [rich, { id: 'b', messages: [user('1'), answer('2')] }]);
    const bytes = Uint8Array.from(sink.bytes.get('verl-sft/train.parquet') ?? []).buffer;
    const rows = (await parquetReadObjects({ file: bytes })) as { messages: Message[]; tools_json: string | null }[];
    const [row, plain] = rows.toSorted((a, b) => b.messages.length - a.messages.length);
    expect(file.records).toBe(2);
    expect(row?.messages.map(({ train }) => train)).toEqual([false, false, true, false, false, false, false, true]);
    expect(row?.messages[2]).toMatchObject({
      role: 'assistant',
      content: 'I look.',
      reasoning_content: 'Hm.',
      tool_calls: [
        { id: '1', type: 'function', function: { name: 'look', arguments: '{"at": "beds"}' } },
        { id: '2', type: 'function', function: { name: 'water', arguments: '{"input":"much"}' } },
      ],
    });
    expect(JSON.parse(row?.tools_json ?? '')).toEqual(rich.tools);
    expect(plain?.tools_json ?? null).toBeNull();
    expect(plain?.messages[1]?.tool_calls ?? null).toBeNull();
    expect(files.map(({ name, records }) => [name, records])).toEqual([
      ['verl-sft/train.parquet', 2],
      ['verl-sft/conversations.py', 0],
    ]);
    expect(sink.files.get('verl-sft/conversations.py')).toContain('class Conversations(MultiTurnSFTDataset):');
  });
});

it.each(['nemo-rl', 'openai', 'openrlhf', 'ms-swift', 'llamafactory'])(
  'records of %s end with an answer, also where calls are closed',
  async (profile) => {
    const logs: Log[] = [{ id: 'a', messages: [user('1'), answer('', { tool_calls: [call('1', 'look', '{}')] })] }];
    const { rows, reference } = await exportLogs(profile, logs, { spec: { records: { closeCalls: true } } });
    expect(reference[0]?.messages.at(-1)?.role).toBe('tool');
    const { messages, conversations } = rows[0] as { messages?: Message[]; conversations?: { from: string }[] };
    expect(['assistant', 'tool_call', 'function_call']).toContain(messages?.at(-1)?.role ?? conversations?.at(-1)?.from);
  },
);
