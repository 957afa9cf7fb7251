/** Every record reader, over bytes of every format: spans lie in the file, and each record is found again at its address. */
import { bytesSource } from '../../../src/core/source/bytes-source.ts';
import { recognise } from '../../../src/engine/recognise.ts';
import type { RecordReader } from '../../../src/engine/readers/reader.ts';
import { READERS } from '../../../src/engine/readers/registry.ts';
import { FORMATS } from '../../../src/formats/registry.ts';
import { logSeeds } from '../seeds.ts';
import { hold, type Target } from '../target.ts';

export function readerTargets(): Target[] {
  const seeds = FORMATS.flatMap(({ id }) => logSeeds(id).slice(0, 1)).map(({ bytes }) => bytes);
  return READERS.map((reader) => ({
    id: `reader ${reader.id}`,
    kind: 'bytes',
    weight: 6,
    seeds,
    run: (input) => readAll(reader, input),
  }));
}

async function readAll(reader: RecordReader, input: Uint8Array<ArrayBuffer>): Promise<void> {
  if (!reader.recognises(input)) return;
  const source = bytesSource('log.jsonl', input);
  const planned = await reader.plan(source, {
    name: 'log.jsonl',
    path: 'log.jsonl',
    recognise: (seen) => recognise(seen, 'log.jsonl', undefined),
  });
  if (planned === null) return;
  if (!planned.ok) {
    hold(planned.fault.expected !== '' && planned.fault.found !== '', 'a fault says what was expected and found');
    return;
  }
  let before = 0;
  for (const span of planned.plan.spans) {
    hold(span.start >= before && span.end >= span.start && span.end <= input.length, 'spans lie in the file, in order');
    before = span.end;
    let read = 0;
    for await (const { records, size } of reader.read(source, span)) {
      read += size;
      for (const { address, content } of records) {
        hold(address.start >= 0 && address.start + address.size <= input.length, 'a record lies in the file');
        const again = await reader.readAgain(source, address);
        if ('json' in content)
          hold(
            'json' in again && Buffer.compare(content.json, again.json) === 0,
            'a record is found again at its address',
            () => `${address.start}+${address.size}`,
          );
      }
    }
    hold(
      span.records !== undefined || read === span.end - span.start,
      'a span is read to its end',
      () => `${read} of ${span.end - span.start}`,
    );
  }
}
