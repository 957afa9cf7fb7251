/** All that a packed stream gives, and every fault that is told of it. */
import { bytesSource } from '../../src/core/source/bytes-source.ts';
import type { PackedStream } from '../../src/engine/containers/container.ts';

export async function unpacked(bytes: Uint8Array, container: PackedStream): Promise<{ content: Buffer; faults: string[] }> {
  const pieces: Uint8Array[] = [];
  const faults: string[] = [];
  for await (const { bytes: some, fault } of container.inflate(bytesSource('a', Uint8Array.from(bytes)))) {
    pieces.push(some);
    if (fault !== null) faults.push(fault);
  }
  return { content: Buffer.concat(pieces), faults };
}
