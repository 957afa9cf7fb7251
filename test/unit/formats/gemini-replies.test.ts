/** Replies of the Gemini API, as they are recorded: whole, as a list of chunks beside their method, or a chunk a line. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { detectFormat } from '../../../src/formats/detect.ts';
import type { Decoded, DecodedLines, RecordContext } from '../../../src/formats/format.ts';
import { foldGemini } from '../../../src/formats/gemini-replies.ts';
import { serverReply } from '../../../src/formats/server-reply.ts';
import { serverStream } from '../../../src/formats/server-stream.ts';
import { asLines } from '../../../src/formats/together.ts';

const context: RecordContext = { name: 'a.json', path: 'a.json', index: 0, line: 1 };

/** What is said, by kind, and how it ended. */
const saidIn = (entry: Decoded | undefined): unknown => {
  if (entry?.ok !== true) throw new Error(JSON.stringify(entry));
  const { branches, status } = entry.rollout;
  return [status, ...branches.flatMap(({ events }) => events.flatMap(({ parts }) => parts.map(({ kind, text }) => `${kind} ${text}`)))];
};

const chunk = (parts: readonly object[], finishReason?: string, more: object = {}) => ({
  candidates: [{ content: { role: 'model', parts }, ...(finishReason === undefined ? {} : { finishReason }), ...more }],
  usageMetadata: { totalTokenCount: parts.length },
});
const thought = (text: string) => ({ text, thought: true });
const call = { functionCall: { name: 'look', args: { at: 1 } } };
const stream = [
  chunk([thought('I ')]),
  chunk([thought('look.'), { text: 'So' }]),
  chunk([{ text: ' it is.' }, call]),
  chunk([{ text: '' }], 'STOP'),
];
const said = ['STOP', 'thinking I look.', 'text So it is.', 'call {"at":1}'];

it.each([
  ['a list of chunks', { method: 'generateContentStream', response: stream }],
  ['a whole reply', { method: 'generateContent', response: foldGemini(stream) }],
  ['a whole reply alone', foldGemini(stream)],
])('%s is one turn', (_, record) => {
  expect(detectFormat([{ record, context }])?.id).toBe('server-reply');
  const [entry, ...more] = serverReply.decode(record, context);
  expect(more).toEqual([]);
  expect(saidIn(entry)).toEqual(said);
});

it('chunks, a line each, are replies that end where a chunk says so, or where the id changes', () => {
  const read = (values: readonly unknown[]): DecodedLines => {
    expect(detectFormat(values.map((record) => ({ record, context })))?.id).toBe('server-stream');
    return serverStream.together!(asLines(values), context);
  };
  const two = read([...stream, ...stream]);
  expect([two.rollouts.map(saidIn), two.faults]).toEqual([[said, said], []]);
  const torn = read([
    ...stream.slice(0, 3).map((each) => ({ ...each, responseId: 'a' })),
    ...stream.map((each) => ({ ...each, responseId: 'b' })),
  ]);
  expect(torn.rollouts).toMatchObject([
    { ok: true, notes: [{ code: 'torn-stream' }] },
    { ok: true, rollout: { id: 'b', status: 'STOP' } },
  ]);
});

it('log-probs of chunks are those of the turn', () => {
  const logged = (tokens: readonly [string, number, number][]) => ({
    logprobsResult: {
      chosenCandidates: tokens.map(([token, tokenId, logProbability]) => ({ token, tokenId, logProbability })),
      topCandidates: tokens.map(([token, tokenId, logProbability]) => ({ candidates: [{ token, tokenId, logProbability }] })),
    },
  });
  const chunks = [
    chunk(
      [{ text: 'It is' }],
      undefined,
      logged([
        ['It', 5, -0.5],
        [' is', 6, -0.25],
      ]),
    ),
    chunk([{ text: ' dry' }], 'STOP', logged([[' dry', 7, 0]])),
  ];
  const [entry] = serverReply.decode({ response: chunks }, context);
  if (!entry?.ok) throw new Error('refused');
  expect(entry.notes).toBeUndefined();
  expect(entry.rollout.branches[0]?.events[0]?.tokens).toMatchObject({ logprobs: Float64Array.of(-0.5, -0.25, 0) });
});

it('comes to the same however it is cut into chunks', () => {
  const word = fc.record({ text: fc.string(), thought: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          word.map(({ text, thought: is }) => (is ? thought(text) : { text })),
          fc.constant(call),
        ),
      ),
      fc.array(fc.nat(6)),
      (parts, cuts) => {
        const chunks: object[] = [];
        const rest = [...parts];
        for (const cut of cuts) chunks.push(chunk(rest.splice(0, cut)));
        chunks.push(chunk(rest, 'STOP'));
        // Text on text of its kind is one text.
        const expected: { text?: string; thought?: boolean }[] = [];
        for (const part of parts as readonly { text?: string; thought?: boolean }[]) {
          const before = expected.at(-1);
          if (before?.text === undefined || part.text === undefined || before.thought !== part.thought) expected.push({ ...part });
          else before.text += part.text;
        }
        expect(foldGemini(chunks)).toMatchObject({ candidates: [{ finishReason: 'STOP', content: { role: 'model', parts: expected } }] });
      },
    ),
  );
});

it('a reply without content says why it ended, and counts', () => {
  const [entry] = serverReply.decode({ candidates: [{ finishReason: 'SAFETY', index: 0 }] }, context);
  expect(entry).toMatchObject({ ok: false, complaint: { code: 'empty' } });
  const [other] = serverReply.decode({ method: 'countTokens', response: { totalTokens: 3 } }, context);
  expect(other).toMatchObject({ ok: false, complaint: { code: 'reply' } });
});
