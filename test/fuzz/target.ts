/** What is fuzzed: something that reads bytes which nobody vouches for. */
import type { Random } from './random.ts';

export interface Target {
  /** Stable, for example `format verl`: the name of its corpus. */
  readonly id: string;
  /** How inputs are changed: `json` records on lines or in a document, `text`, or `bytes`. */
  readonly kind: 'json' | 'text' | 'bytes';
  /** How often it is chosen, where 1 is the least: the cheaper an execution is, the more there are. */
  readonly weight: number;
  readonly seeds: readonly Uint8Array[];
  /** Inputs of its own making, in place of changed seeds. */
  readonly make?: (random: Random) => Uint8Array<ArrayBuffer>;
  /** Of a file with a checksum: what gives a changed one the checksum of what it became. */
  readonly seal?: (input: Uint8Array) => Uint8Array<ArrayBuffer>;
  /** Throws whatever is wrong: a `Violation` where an answer breaks a promise, any other error where the reader itself threw. */
  run(input: Uint8Array<ArrayBuffer>, depth: Depth): Promise<void> | void;
}

/** 0: read; 1: also what the readings come to; 2: also export and open again. */
export type Depth = 0 | 1 | 2;

/** A promise that was broken. */
class Violation extends Error {
  /** @param promise in a few words, the same for all inputs that break it. @param detail of this input */
  constructor(promise: string, detail = '') {
    super(detail === '' ? promise : `${promise}: ${detail}`);
    this.name = promise;
  }
}

export function hold(holds: boolean, promise: string, detail: () => string = () => ''): void {
  if (!holds) throw new Violation(promise, detail());
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
