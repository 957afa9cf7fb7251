/** Chat histories of Aider are found by their text, one record a chat, and read back at their places. */
import { expect, it } from 'vitest';
import { bytesSource } from '../../../src/core/source/bytes-source.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { aider } from '../../../src/engine/readers/aider.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';

const chat = (asked: string, said: string): string =>
  `# aider chat started at 2026-03-04 09:00:00\n\n> Aider v0.80.0\n\n#### ${asked}  \n\n${said}\n\n> Applied edit to beds.py\n\n`;
const HISTORY = `\n${chat('Is bed 1 dry?', 'It is — yes.')}${chat('And bed 2?', '```\n#### 2\n```')}`;

it('gives each chat as a rollout', async () => {
  const { session, facts } = await openSession([inputFile('.aider.chat.history.md', HISTORY)]);
  expect(facts.inputs).toMatchObject([{ format: 'aider', records: 2, rollouts: 2, issueCount: 0 }]);
  const sink = memorySink();
  const { orderId } = session.order(DEFAULT_RULE);
  await session.export(orderId, { cut: 1, train: 1 }, exportSpec('messages'), sink, () => undefined);
  const said = linesOf(sink.files.get('messages.jsonl')).map(({ messages }) =>
    (messages as { content: string }[]).map(({ content }) => content),
  );
  expect(new Set(said)).toEqual(
    new Set([
      ['And bed 2?', '```\n#### 2\n```'],
      ['Is bed 1 dry?', 'It is — yes.'],
    ]),
  );
});

it('keeps the line ends of a text as the file has them', async () => {
  const said = async (text: string): Promise<unknown> => {
    const { session } = await openSession([inputFile('a.md', text)]);
    const sink = memorySink();
    await session.export(session.order(DEFAULT_RULE).orderId, { cut: 1, train: 1 }, exportSpec('messages'), sink, () => undefined);
    const [record] = linesOf(sink.files.get('messages.jsonl'));
    return (record!['messages'] as { content: string }[]).map(({ content }) => content);
  };
  const text = chat('Is bed 1 dry?', 'It is.\nYes.');
  expect(await said(text)).toEqual(['Is bed 1 dry?', 'It is.\nYes.']);
  expect(await said(text.replaceAll('\n', '\r\n'))).toEqual(['Is bed 1 dry?', 'It is.\r\nYes.']);
  expect(await said(text.replace('is.\n', 'is.\r\n'))).toEqual(['Is bed 1 dry?', 'It is.\r\nYes.']);
});

it('gives what is no chat as an issue, and leaves other Markdown alone', async () => {
  const { facts } = await openSession([
    inputFile('empty.md', '# aider chat started at 2026-03-04 09:00:00\n\n> Aider v0.80.0\n'),
    inputFile('notes.md', '# Notes\n\n#### A heading\n\nof aider\n'),
  ]);
  expect(facts.inputs).toMatchObject([
    { format: 'aider', records: 1, rollouts: 0, issueCount: 1 },
    { format: null, records: 1, rollouts: 0, issueCount: 1 },
  ]);
});

it('reads a span to its end, and each chat at its address', async () => {
  const bytes = new TextEncoder().encode(HISTORY);
  const source = bytesSource('a.md', bytes);
  let read = 0;
  for await (const { records, size } of aider.read(source, { start: 0, end: bytes.length, firstIndex: 0 })) {
    read += size;
    for (const { address, content } of records) expect(await aider.readAgain(source, address)).toEqual(content);
  }
  expect(read).toBe(bytes.length);
});
