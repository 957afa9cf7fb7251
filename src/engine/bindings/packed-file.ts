/** A file of a binding that is packed as one stream: what is in it. */
import type { ByteSource } from '../../core/source/byte-source.ts';
import type { Inflated } from '../containers/container.ts';
import { CONTAINERS } from '../containers/registry.ts';

/** Null where the file is not packed so. */
export async function packedStream(source: ByteSource): Promise<AsyncIterable<Inflated> | null> {
  const head = await source.read(0, Math.min(512, source.byteLength));
  const container = CONTAINERS.find((each) => each.recognises(head));
  return container !== undefined && 'inflate' in container ? container.inflate(source) : null;
}
