/** A format is a file and a line: a toy one, put into the list, is detected by structure, decoded, counted and read back. */
import { expect, it, vi } from 'vitest';
import { DEFAULT_RULE } from '../../src/core/model/rule.ts';
import { accept, positionId, singleRollout } from '../../src/formats/envelope.ts';
import type { Format } from '../../src/formats/format.ts';
import { get, getList, getNumber, isList } from '../../src/formats/json.ts';
import { readMessages } from '../../src/formats/messages.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../helpers/openSession.ts';

vi.mock('../../src/formats/registry.ts', async (original) => {
  const { FORMATS: known } = await original<typeof import('../../src/formats/registry.ts')>();
  const { orderFormats } = await import('../../src/formats/order.ts');
  const diary: Format = {
    id: 'diary',
    label: 'Diary',
    beats: ['chat'],
    recordsAt: 'diaries',
    detects: (record) => isList(get(record, 'diary')),
    decode(record, context) {
      const messages = (getList(record, 'diary') ?? []).map((turn) => ({ role: get(turn, 'who'), content: get(turn, 'said') }));
      const read = readMessages(messages, { name: 'diary', notes: [] });
      if (!read.ok) return [{ ok: false, complaint: read.complaint }];
      return [accept(singleRollout({ id: positionId(context), reward: getNumber(record, 'grade') ?? null }, read.events), [])];
    },
  };
  return { FORMATS: orderFormats([...known, diary]) };
});

const turn = (who: string, said: string): object => ({ who, said });
const RECORD = { diary: [turn('user', 'Water the beds.'), turn('assistant', 'Done.')], grade: 0.5, messages: [] };

it('is asked before the formats that it beats', () => {
  const ids = FORMATS.map(({ id }) => id);
  expect(ids.indexOf('diary')).toBeLessThan(ids.indexOf('chat'));
});

it('is found by structure, in lines and in a document, and every record is accounted for', async () => {
  const lines = `${JSON.stringify(RECORD)}\n${JSON.stringify({ diary: [turn('gardener', 'x')] })}\n`;
  const document = JSON.stringify({ diaries: [RECORD, RECORD] }, null, 2);
  const { facts } = await openSession([inputFile('a.jsonl', lines), inputFile('b.json', document)]);
  expect(facts.inputs).toMatchObject([
    { format: 'diary', formatLabel: 'Diary', records: 2, rollouts: 1, issueCount: 1 },
    { format: 'diary', records: 2, rollouts: 2, issueCount: 0 },
  ]);
  expect(facts.rewards).toMatchObject({ known: 3, mean: 0.5 });
});

it('is read back for an export', async () => {
  const { session } = await openSession([inputFile('a.jsonl', `${JSON.stringify(RECORD)}\n`)]);
  const sink = memorySink();
  const { orderId } = session.order(DEFAULT_RULE);
  await session.export(orderId, { cut: 1, train: 1 }, exportSpec('messages'), sink, () => undefined);
  const [record] = linesOf(sink.files.get('messages.jsonl'));
  expect(record).toMatchObject({
    reward: 0.5,
    messages: [{ content: 'Water the beds.' }, { role: 'assistant', content: 'Done.', train: true }],
  });
});
