/** What an input is taken for, in one word: a container, the record reader that plans it, `empty`, or the code of its fault. */
import type { ByteSource } from '../../src/core/source/byte-source.ts';
import { sniff } from '../../src/engine/sniff.ts';

export async function kindOf(source: ByteSource): Promise<string> {
  const sniffed = await sniff(source);
  if (sniffed.kind === 'container') return sniffed.container.id;
  if (sniffed.kind === 'unreadable') return sniffed.fault.code;
  const look = { name: '', path: '', recognise: () => ({ format: null, unmapped: null, isSure: false }) };
  for (const reader of sniffed.readers) if ((await reader.plan(source, look)) !== null) return reader.id;
  return 'empty';
}
