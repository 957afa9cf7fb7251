/** One file of ids never holds two vocabularies. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';
import { originOf, packOrigins, type BranchOrigin } from '../../../src/core/tokens/token-origin.ts';
import { decodeTokens } from '../../../src/core/tokens/tokenizer.ts';
import { loadHuggingFace } from '../../../src/engine/tokenizers/hugging-face.ts';
import { tinyTokenizerJson } from '../../helpers/tinyTokenizer.ts';

const lines = (path: string, count: number): string => `${readFileSync(path, 'utf8').split('\n').slice(0, count).join('\n')}\n`;
/** Ids of another vocabulary than the session's: they do not read as the log's text. */
const logged = (count: number) => {
  const shifted = lines('public/samples/orchard.jsonl', count).replace(/"token_ids":\s*\[[^\]]*\]/g, (ids) =>
    ids.replace(/\d+/g, (id) => String(Number(id) + 7)),
  );
  return inputFile('logged.jsonl', shifted.replaceAll('o200k_base', 'plus-seven'));
};
const text = (count: number) => inputFile('text.jsonl', lines('public/samples/orchard-chat.jsonl', count));

interface Line {
  readonly input_ids: number[];
  readonly source: { readonly name: string };
}

async function exported(files: Parameters<typeof openSession>[0]) {
  const { session } = await openSession(files);
  const { orderId } = session.order({ ...DEFAULT_RULE, trainProtect: {} });
  const sink = memorySink();
  const spec = exportSpec('tokens', 'messages');
  await session.export(orderId, { cut: 1, train: 1 }, spec, sink, () => undefined);
  const preview = await session.previewExport(orderId, { cut: 1, train: 1 }, spec);
  const manifest = JSON.parse(sink.files.get('manifest.json') ?? '{}') as {
    outputs: { name: string; records: number; shortfalls?: object[] }[];
  };
  return {
    tokens: linesOf(sink.files.get('tokens.jsonl')) as unknown as Line[],
    messages: linesOf(sink.files.get('messages.jsonl')) as unknown as Line[],
    written: manifest.outputs.find(({ name }) => name === 'tokens.jsonl'),
    preview: preview.find(({ profile }) => profile === 'tokens'),
  };
}

const sources = (records: readonly Line[]): string[] => [...new Set(records.map(({ source }) => source.name))].sort();

describe('a log of ids beside a log of text', () => {
  it('gives a file with the ids of the one that has most tokens, and counts the records of the other', async () => {
    const found = await exported([logged(24), text(4)]);
    expect(sources(found.messages)).toEqual(['logged.jsonl', 'text.jsonl']);
    expect(sources(found.tokens)).toEqual(['logged.jsonl']);
    const left = found.messages.length - found.tokens.length;
    expect(found.written).toMatchObject({
      records: found.tokens.length,
      shortfalls: [{ what: 'records in another vocabulary, left out', count: left }],
    });
    expect(found.preview?.records).toBe(found.tokens.length);
    expect(found.preview?.warnings[0]).toBe(
      `${left} records have other ids (o200k_base) and are left out: a file of ids holds one vocabulary, here logged ids of plus-seven.`,
    );
  });
  it('gives the other one where that has more, whatever the order of the files', async () => {
    for (const files of [
      [logged(2), text(24)],
      [text(24), logged(2)],
    ]) {
      const found = await exported(files);
      expect(sources(found.tokens)).toEqual(['text.jsonl']);
      expect(found.preview?.warnings[0]).toMatch(/^\d+ records? ha(?:s|ve) other ids \(logged ids of plus-seven\)/);
    }
  });
  it('says nothing where there is one, also where the log names the session’s tokenizer or its ids read as the text', async () => {
    const found = await exported([text(8), inputFile('same.jsonl', lines('public/samples/orchard.jsonl', 4))]);
    expect(sources(found.tokens)).toEqual(['same.jsonl', 'text.jsonl']);
    expect(found.written).not.toHaveProperty('shortfalls');
    expect(found.preview?.warnings.join(' ')).not.toContain('vocabulary, here');
  });
});

it('packs the origins of branches so that each is found again', () => {
  const [text, logged, cut] = [
    { origin: 'text', isCutOff: false },
    { origin: 'logged', isCutOff: false },
    { origin: 'text', isCutOff: true },
  ] satisfies BranchOrigin[];
  for (const branches of [[text], [logged, logged], [text, logged, text], [text, cut], [cut, cut]]) {
    const packed = packOrigins(branches);
    expect(branches.map((_, branch) => originOf(packed, branch))).toEqual(branches);
  }
  expect([packOrigins([]), packOrigins([text, text, text])]).toEqual(['', 't']);
  expect([originOf(undefined, 0), originOf('', 0)]).toEqual([null, null]);
});

it('spells the plain template’s marks in the vocabulary of a tokenizer that came without a template', async () => {
  const json = tinyTokenizerJson();
  const { session } = await openSession([text(1)], { tokenizer: { kind: 'huggingface', name: 'tiny', json } });
  const { orderId } = session.order(DEFAULT_RULE);
  const sink = memorySink();
  await session.export(orderId, { cut: 1, train: 1 }, exportSpec('tokens'), sink, () => undefined);
  const [record] = linesOf(sink.files.get('tokens.jsonl')) as unknown as Line[];
  const { tokenizer } = loadHuggingFace('tiny', json, undefined);
  expect(decodeTokens(tokenizer, record?.input_ids ?? [])).toMatch(/^<\|im_start\|>\w+<\|im_sep\|>[\s\S]*<\|im_end\|>$/);
});
