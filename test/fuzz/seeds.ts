/** What changed inputs begin as: the hand-made logs of each format, whole and record by record, and what our own writers write. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { REPLIES } from './replies.ts';
import { bytesOf } from './target.ts';

export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const FIXTURES = 'test/fixtures';
/** Of a larger log, its records one by one. */
const SMALL = 6000;

/** Seeds of a format: from the folder of its name among the fixtures. */
export function logSeeds(format: string): Seed[] {
  if (format === 'openai-reply') return REPLIES.map((record, i) => ({ name: `reply-${i}.json`, bytes: bytesOf(JSON.stringify(record)) }));
  const folder = format === 'espalier-forest' ? 'versions' : format;
  const names = readdirSync(join(FIXTURES, folder)).filter((name) =>
    /^(?!mapping|manifest|log|.*\.expected).*\.(?:jsonl?|traj)$/.test(name),
  );
  const whole = names.map((name) => ({ name: basename(name), bytes: readBytes(join(FIXTURES, folder, name)) }));
  return whole.flatMap(({ name, bytes }) => {
    const lines = new TextDecoder().decode(bytes).trimEnd().split('\n');
    const isLines = name.endsWith('.jsonl') && lines.length > 1;
    const single = isLines ? lines.map((line) => ({ name, bytes: bytesOf(`${line}\n`) })) : [];
    return bytes.length <= SMALL || single.length === 0 ? [{ name, bytes }, ...single] : single;
  });
}

export function readBytes(path: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(path));
}
