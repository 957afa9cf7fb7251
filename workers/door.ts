/**
 * The door of a worker: every verb of an object can be asked for from another thread, with no line per verb. Files come
 * as blobs, those that grow by their handles,
 * a sink is made here and its files are answered as blobs, and answers marked as moved are not copied.
 */
import { expose, transfer } from 'comlink';
import { buffersOf, isMoved } from '../src/engine/transferables.ts';
import { blobSink, type BlobSink } from '../src/platform/browser/blob-sink.ts';
import { growingSource, inputFile, isContent, isGrowing } from '../src/platform/browser/input-file.ts';
import type { FetchFrom } from '../src/platform/web/fetch-from.ts';
import type { BlobsWanted, GrowingInput, InputBlob } from './contract.ts';

type Verb = (...args: readonly unknown[]) => unknown;

/** @param fetchFrom reads the files that lie at addresses */
export function openDoor(inside: object, fetchFrom: FetchFrom): void {
  expose(doorOf(inside, fetchFrom));
}

function doorOf(inside: object, fetchFrom: FetchFrom): object {
  return new Proxy(inside, {
    get(target, key): unknown {
      const member: unknown = Reflect.get(target, key);
      if (typeof member === 'function')
        return (...args: unknown[]) => answer((...here) => Reflect.apply(member, target, here) as unknown, args, fetchFrom);
      return typeof member === 'object' && member !== null ? doorOf(member, fetchFrom) : member;
    },
  });
}

async function answer(verb: Verb, args: readonly unknown[], fetchFrom: FetchFrom): Promise<unknown> {
  const sinks: BlobSink[] = [];
  const told = new Map<unknown, unknown>();
  const value: unknown = await verb(
    ...args.map((arg) => {
      if (isFiles(arg)) return arg.map(({ path, blob, growing }) => inputFile(path, blob, fetchFrom, growing));
      if (isGrowingInput(arg)) return growingSource(arg.path, arg.growing, fetchFrom);
      if (isSink(arg)) return sinks[sinks.push(blobSink()) - 1];
      if (typeof arg !== 'function') return arg;
      // What a callback does on the other side is not waited for while the verb is at work.
      return (...news: unknown[]) => void told.set(arg, Reflect.apply(arg, null, news));
    }),
  );
  // Callbacks travel by ports of their own: the last of each has arrived before the answer does.
  await Promise.all(told.values());
  const [sink] = sinks;
  if (sink && Array.isArray(value)) return value.map((file: { readonly name: string }) => ({ file, blob: sink.blob(file.name) }));
  return typeof value === 'object' && value !== null && isMoved(value) ? transfer(value, buffersOf(value)) : value;
}

function isFiles(arg: unknown): arg is readonly InputBlob[] {
  return Array.isArray(arg) && arg.length > 0 && arg.every((item: unknown) => isObject(item) && isContent(item['blob']) && 'path' in item);
}

function isGrowingInput(arg: unknown): arg is GrowingInput {
  return isObject(arg) && isGrowing(arg['growing']);
}

function isSink(arg: unknown): arg is BlobsWanted {
  return isObject(arg) && arg['sink'] === 'blobs';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
