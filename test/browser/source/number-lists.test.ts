/** The WebAssembly readers and writers of numbers in Chromium: the values and the bytes of its JSON. */
import { expect, it } from 'vitest';
import { makeByteWriter } from '../../../src/core/export/byte-writer.ts';
import { writeFloats } from '../../../src/core/export/number-text.ts';
import { numberListsOf } from '../../../src/core/source/number-lists.ts';
import { parseColumns } from '../../../src/formats/columns.ts';

const logprobs = Float32Array.from({ length: 20_000 }, (_, i) => Math.log((i + 0.5) / 20_000));

it('read the doubles of JSON.parse', () => {
  const text = JSON.stringify(Array.from(logprobs));
  expect(numberListsOf(new TextEncoder().encode(text))?.read(1)).toEqual({ values: Float64Array.from(logprobs), end: text.length });
});

it('write the bytes of JSON.stringify', () => {
  const writer = makeByteWriter();
  writeFloats(writer, logprobs, 0, logprobs.length, -1);
  expect(new TextDecoder().decode(writer.data.subarray(0, writer.length - 1))).toBe(
    JSON.stringify(Array.from(logprobs, (value) => -value)).slice(1, -1),
  );
});

it('make columns of a record', () => {
  const bytes = new TextEncoder().encode('{"ids":[3,4],"mask":[true,false],"text":"é"}');
  expect(parseColumns(bytes, { ids: 'read', mask: 'read' })?.value).toEqual({
    ids: Int32Array.of(3, 4),
    mask: Uint8Array.of(1, 0),
    text: 'é',
  });
});
