import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../../../src/core/source/byte-source.ts';
import { outlineDocument, readRest } from '../../../../src/core/source/document.ts';

function source(text: string): ByteSource {
  const bytes = new TextEncoder().encode(text);
  return { name: 'text', byteLength: bytes.length, read: async (start, end) => bytes.slice(start, end) };
}

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

async function outline(text: string, keys: string[] = ['runs'], chunk?: number) {
  const from = source(text);
  const found = await outlineDocument(from, keys, chunk);
  const records: string[] = [];
  for (let i = 0; i < found.starts.length; i++) records.push(decode(await from.read(found.starts[i], found.ends[i])));
  const rest = await readRest(from, found);
  const torn = found.torn ? decode(await from.read(found.torn.start, found.torn.end)) : null;
  return { shape: found.shape, key: found.key, records, rest: rest ? decode(rest) : null, torn, trailing: found.trailing };
}

describe('outlineDocument', () => {
  it('finds the elements of a top-level array', async () => {
    expect(await outline('\n[ {"a": "]}"} , 2,\n"x\\"," ]\n')).toEqual({
      shape: 'array',
      key: null,
      records: ['{"a": "]}"}', '2', '"x\\","'],
      rest: null,
      torn: null,
      trailing: null,
    });
  });

  it('finds the elements at a key and the document around them', async () => {
    expect(await outline('{"info": {"runs": [1]}, "runs": [{"b": [1]}, {"c": {}}], "n": [2]}')).toEqual({
      shape: 'key',
      key: 'runs',
      records: ['{"b": [1]}', '{"c": {}}'],
      rest: '{"info": {"runs": [1]}, "runs": [], "n": [2]}',
      torn: null,
      trailing: null,
    });
  });

  it('takes a document without such a key as one record', async () => {
    expect(await outline('{"runs": {"runs": [1]}}')).toMatchObject({ shape: 'whole', records: ['{"runs": {"runs": [1]}}'], rest: null });
    expect(await outline('{"runs": "[1]"} tail')).toMatchObject({ shape: 'whole', records: ['{"runs": "[1]"}'], trailing: 16 });
    expect(await outline('[]')).toMatchObject({ shape: 'array', records: [], torn: null });
  });

  it('keeps the complete records of a torn document and reports one more', async () => {
    expect(await outline('[{"a": 1}, {"b": "x')).toMatchObject({ records: ['{"a": 1}'], torn: '{"b": "x' });
    expect(await outline('{"info": 1, "runs": [{"a": 1}, {"b"')).toMatchObject({
      records: ['{"a": 1}'],
      torn: '{"b"',
      rest: '{"info": 1, "runs": []}',
    });
    expect(await outline('{"runs": [{"a": 1}], "info": ')).toMatchObject({ records: ['{"a": 1}'], torn: '', rest: '{"runs": []}' });
    expect(await outline('{"info": {"a"')).toMatchObject({ shape: 'whole', records: [], torn: '{"info": {"a"' });
  });

  it('gives a record array that a brace closes as a record that cannot be parsed', async () => {
    expect(await outline('[{"a": 1} }')).toMatchObject({ records: ['{"a": 1} }'], torn: null });
    expect(await outline('[}')).toMatchObject({ records: ['}'], torn: null });
    expect(await outline('{"runs": [1, }], "n": 2}')).toMatchObject({ records: ['1', '}'], rest: '{"runs": []}', trailing: 14 });
  });

  it('agrees with a parser on any document and any chunk size', async () => {
    const key = fc.constantFrom('runs', 'a', 'r"uns', '\\', 'ü');
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(key, fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()))),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        async (value, chunk, pretty) => {
          const text = JSON.stringify(value, null, pretty ? 1 : 0);
          const found = await outline(text, ['runs'], chunk);
          const parsed = found.records.map((record): unknown => JSON.parse(record));
          const list = Array.isArray(value) ? value : Reflect.get(value, 'runs');
          if (!Array.isArray(list)) expect(parsed).toEqual([JSON.parse(text)]);
          else {
            expect(parsed).toEqual(JSON.parse(JSON.stringify(list)));
            if (!Array.isArray(value)) expect(JSON.parse(found.rest ?? '')).toEqual({ ...(JSON.parse(text) as object), runs: [] });
          }
          expect(found.torn).toBeNull();
        },
      ),
      { numRuns: 200 },
    );
  });

  it('gives of a document cut anywhere the complete records, the torn one as far as it goes, and the rest as JSON', async () => {
    const records = ['{"a": "}]"}', '{"b": [3]}'];
    const text = `{"info": {"x": [1, 2]}, "runs": [${records.join(', ')}], "end": "\\""}`;
    const opens = text.indexOf('{"a"');
    for (let cut = 1; cut < text.length; cut++) {
      const found = await outline(text.slice(0, cut), ['runs'], 5);
      const ends = records.map((record) => text.indexOf(record) + record.length);
      // Only what follows a record says that it has ended.
      const complete = records.filter((_, i) => ends[i]! < cut);
      expect(found.records, `cut at ${cut}`).toEqual(complete);
      const begun = records.find((record, i) => ends[i]! >= cut && ends[i]! - record.length < cut);
      // Before its array a document is torn as a whole; between and behind records nothing of one is torn.
      const torn = cut < opens ? text.slice(0, cut) : begun === undefined ? '' : text.slice(text.indexOf(begun), cut);
      expect(found.torn, `cut at ${cut}`).toBe(torn);
      if (cut >= opens) expect(JSON.parse(found.rest ?? '')).toEqual({ info: { x: [1, 2] }, runs: [] });
    }
  });
});
