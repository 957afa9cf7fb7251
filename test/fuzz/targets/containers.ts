/** Every container: what is not whole is said, and what is given as whole is what was packed. */
import { gzipSync, gunzipSync } from 'node:zlib';
import { joinBytes } from '../../../src/base/bytes.ts';
import { CONTAINERS } from '../../../src/engine/containers/registry.ts';
import { membersOf, type Container } from '../../../src/engine/containers/container.ts';
import { bytesSource } from '../../../src/core/source/bytes-source.ts';
import { tarFile } from '../../helpers/tarFile.ts';
import { zipFile } from '../../helpers/zipFile.ts';
import { zstdFrame } from '../../helpers/zstdFrame.ts';
import { fileOf, opened } from '../opened.ts';
import { accountsAddUp } from '../promises.ts';
import { logSeeds } from '../seeds.ts';
import { hold, type Target } from '../target.ts';

const log = (): Uint8Array<ArrayBuffer> => logSeeds('chat')[1]?.bytes ?? logSeeds('chat')[0].bytes;

/** Packed by others than us: by zlib, and by hand. A container without an entry is fuzzed from whatever bytes there are. */
const PACKED: Readonly<Record<string, () => Uint8Array[]>> = {
  gzip: () => {
    const bytes = log();
    const half = bytes.length >> 1;
    return [
      gzipSync(bytes),
      gzipSync(bytes, { level: 0 }),
      joinBytes([gzipSync(bytes.subarray(0, half)), gzipSync(bytes.subarray(half))]),
      gzipSync(new Uint8Array(0)),
      withHeader(gzipSync(bytes)),
    ];
  },
  tar: () => [
    tarFile([
      { name: 'a.jsonl', content: log() },
      { name: 'b'.repeat(120), content: log(), as: 'pax', size: 'pax' },
    ]),
  ],
  zip: () => [
    zipFile([0, 8, 93].map((method) => ({ name: `${method}.jsonl`, content: log(), method }))),
    zipFile([{ name: 'a.jsonl', content: log(), method: 8, is64: true, isDescribedBehind: true }]),
  ],
  zstd: () => [zstdFrame(log()), joinBytes([zstdFrame(log()), zstdFrame(log())]), zstdFrame(new Uint8Array(0))],
};

/** A name, a comment, an extra field and a checksum of the header. */
function withHeader(packed: Uint8Array): Uint8Array {
  const head = Uint8Array.from(packed.subarray(0, 10));
  head[3] = 4 | 8 | 16;
  return joinBytes([head, Uint8Array.of(3, 0, 1, 2, 3), new TextEncoder().encode('log.jsonl\0a comment\0'), packed.subarray(10)]);
}

export function containerTargets(): Target[] {
  return CONTAINERS.map((container) => ({
    id: `container ${container.id}`,
    kind: 'bytes',
    weight: 1,
    seeds: PACKED[container.id]?.() ?? [log()],
    run: (input) => unpackAll(container, input),
  }));
}

async function unpackAll(container: Container, input: Uint8Array<ArrayBuffer>): Promise<void> {
  accountsAddUp(await opened([fileOf('log.jsonl.packed', input)], false));
  if (container.id !== 'gzip' || !container.recognises(input)) return;
  let isWhole = true;
  const pieces: Uint8Array[] = [];
  for await (const { bytes } of membersOf(container, bytesSource('log', input)))
    for await (const piece of bytes) {
      pieces.push(piece.bytes);
      if (piece.fault !== null) isWhole = false;
    }
  if (!isWhole) return;
  const whole = joinBytes(pieces);
  // Of nothing, nothing can have changed, whatever stands behind it.
  if (whole.length === 0) return;
  const expected = unzipped(input);
  hold(
    expected !== 'changed' && (expected === 'refused' || Buffer.compare(expected, whole) === 0),
    'what is given as whole is what was packed',
  );
}

/** What zlib makes of it: it also refuses heads that say nothing of what is packed. */
function unzipped(input: Uint8Array): Uint8Array | 'changed' | 'refused' {
  try {
    return gunzipSync(input, { maxOutputLength: 1 << 26 });
  } catch (error) {
    return error instanceof Error && /incorrect (?:data|length) check/.test(error.message) ? 'changed' : 'refused';
  }
}
