/** Messages in an export read as the log's own: fenced commands, results without ids, calls without arguments. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';
import { TEMPLATE, tinyTokenizerConfig, tinyTokenizerJson } from '../../helpers/tinyTokenizer.ts';

interface Message {
  role: string;
  content: unknown;
  tool_calls?: { id: string; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
}

async function messagesOf(name: string, text: string): Promise<Message[]> {
  const { session } = await openSession([inputFile(name, text)]);
  const { orderId } = session.order(DEFAULT_RULE);
  const sink = memorySink();
  await session.export(orderId, { cut: 1, train: 1 }, exportSpec('messages'), sink, () => undefined);
  const [line] = linesOf(sink.files.get('messages.jsonl')) as unknown as { messages: Message[] }[];
  return line.messages.map(({ role, content, tool_calls, tool_call_id }) => ({
    role,
    content,
    ...(tool_calls ? { tool_calls } : {}),
    ...(tool_call_id === undefined ? {} : { tool_call_id }),
  }));
}

const call = (id: string | undefined, name: string, args: string) => ({
  ...(id === undefined ? {} : { id }),
  type: 'function',
  function: { name, arguments: args },
});

describe('exported messages', () => {
  it('keep a fenced command in the content and its output with the user', async () => {
    const messages = [
      { role: 'system', content: 'Answer with one mswea_bash_command block.' },
      { role: 'user', content: 'Water the beds.' },
      { role: 'assistant', content: 'I start.\n\n```mswea_bash_command\nwater\n```' },
      { role: 'user', content: '<returncode>0</returncode>' },
      { role: 'assistant', content: 'Done.' },
    ];
    expect(await messagesOf('beds.traj.json', JSON.stringify({ trajectory_format: 'mini-swe-agent-1', info: {}, messages }))).toEqual(
      messages,
    );
  });
  it('give a result without an id that of its call', async () => {
    const messages = [
      { role: 'user', content: 'Weather and time?' },
      { role: 'assistant', content: '', tool_calls: [call('x', 'weather', '{}'), call('y', 'clock', '{}')] },
      { role: 'tool', content: 'noon', name: 'clock' },
      { role: 'tool', content: 'rain', name: 'weather' },
      { role: 'assistant', content: 'Rain at noon.' },
    ];
    const out = await messagesOf('chat.jsonl', JSON.stringify({ messages }));
    expect(out.map(({ tool_call_id }) => tool_call_id)).toEqual([undefined, undefined, 'y', 'x', undefined]);
  });
  it('give a call without arguments an empty object', async () => {
    const messages = [
      { role: 'user', content: 'Time?' },
      { role: 'assistant', content: null, tool_calls: [call('x', 'clock', '')] },
    ];
    expect((await messagesOf('chat.jsonl', JSON.stringify({ messages })))[1].tool_calls?.[0].function.arguments).toBe('{}');
  });
  it('keep the parts of one message together, and messages without content', async () => {
    const messages = [
      { role: 'system', content: '' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look: ' },
          { type: 'image_url', image_url: { url: 'x' } },
        ],
      },
      { role: 'assistant', content: 'A pear.' },
    ];
    expect(await messagesOf('chat.jsonl', JSON.stringify({ messages }))).toEqual([
      { role: 'system', content: '' },
      messages[1],
      { role: 'assistant', content: 'A pear.' },
    ]);
  });
  it('hold images as the log has them, in results too, and only those', async () => {
    const png = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' };
    const messages = [
      {
        role: 'user',
        content: [
          { type: 'image', source: png, cache_control: { type: 'ephemeral' } },
          { type: 'text', text: 'Which?' },
          { type: 'input_image', image_url: 'data:x', detail: 'low' },
        ],
      },
      { role: 'assistant', content: '', tool_calls: [call('x', 'look', '{}'), call('y', 'look', '{}')] },
      {
        role: 'tool',
        tool_call_id: 'x',
        content: [
          { type: 'text', text: 'before ' },
          { type: 'image_url', image_url: { url: 'data:1' } },
          { type: 'text', text: 'between' },
          { type: 'image_url', image_url: { url: 'data:2' } },
        ],
      },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'y',
            content: [
              { type: 'text', text: 'here' },
              { type: 'image', source: png },
            ],
          },
        ],
      },
      { role: 'assistant', content: 'The third.' },
    ];
    const out = await messagesOf('chat.jsonl', JSON.stringify({ messages }));
    expect(out.map(({ content }) => content)).toEqual([
      messages[0].content,
      '',
      messages[2].content,
      [
        { type: 'text', text: 'here' },
        { type: 'image', source: png },
      ],
      'The third.',
    ]);
  });
  it('are warned of where they hold images, which are counted', async () => {
    const say = (url: string, answer: string): string =>
      JSON.stringify({
        task_id: 't',
        messages: [
          { role: 'user', content: [{ type: 'image_url', image_url: { url } }] },
          { role: 'assistant', content: answer },
        ],
      });
    const { session, facts } = await openSession([inputFile('chat.jsonl', `${say('a', 'x')}\n${say('b', 'y')}\n`)]);
    expect([facts.images, facts.notes, facts.trajectories]).toEqual([2, 0, 2]);
    const { orderId } = session.order(DEFAULT_RULE);
    const previews = await session.previewExport(orderId, { cut: 1, train: 1 }, exportSpec());
    for (const { warnings } of previews) expect(warnings.join()).toContain('The log has 2 images, which the token budget does not count');
    const sink = memorySink();
    await session.export(orderId, { cut: 1, train: 1 }, exportSpec('tokens'), sink, () => undefined);
    expect(JSON.parse(sink.files.get('manifest.json') ?? '')).toMatchObject({ images: 2 });
  });
  it('survive tool definitions that are not JSON', async () => {
    const messages = [
      { role: 'user', content: 'x' },
      { role: 'assistant', content: 'y' },
    ];
    expect(await messagesOf('chat.jsonl', JSON.stringify({ messages, tools: 'f(x)' }))).toEqual(messages);
  });
  it('say who wrote what a mask trains on', async () => {
    // Llama 3 marks: system, user, assistant, user, of which the last is masked in, as an environment's turn may be.
    const turn = (role: number, ...ids: number[]) => [128_006, role, 128_007, 271, ...ids, 128_009];
    const tokens = [...turn(882, 11), ...turn(78_191, 12), ...turn(882, 13)];
    const masks = tokens.map((id, i) => (i < 12 ? -100 : id));
    const messages = [
      { role: 'user', content: 'Go.' },
      { role: 'assistant', content: 'Gone.' },
      { role: 'user', content: 'Well?' },
    ];
    expect(
      await messagesOf('group.jsonl', JSON.stringify({ tokens: [tokens], masks: [masks], scores: [1], messages: [messages] })),
    ).toEqual(messages);
  });
  it('say what trains where a chat template leaves a message out', async () => {
    const template = TEMPLATE.replace('{%- for message in messages %}', "{%- for message in messages if message.role != 'system' %}");
    const messages = [
      { role: 'system', content: 'be kind' },
      { role: 'user', content: 'hello' },
      { role: 'assistant', content: 'world' },
    ];
    const tokenizer = { kind: 'huggingface' as const, name: 'tiny', json: tinyTokenizerJson(), config: tinyTokenizerConfig(template) };
    const { session } = await openSession([inputFile('chat.jsonl', JSON.stringify({ messages }))], { tokenizer });
    const sink = memorySink();
    await session.export(session.order(DEFAULT_RULE).orderId, { cut: 1, train: 1 }, exportSpec(), sink, () => undefined);
    const [line] = linesOf(sink.files.get('messages.jsonl')) as unknown as { messages: { role: string; train: boolean }[] }[];
    expect(line.messages.map(({ role, train }) => [role, train])).toEqual([
      ['system', false],
      ['user', false],
      ['assistant', true],
    ]);
  });
});
