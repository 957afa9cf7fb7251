/** One changed input from a corpus. */
import type { Random } from '../random.ts';
import { bytesOf, textOf, type Target } from '../target.ts';
import { mutateBytes } from './bytes.ts';
import { mutateJson } from './json.ts';
import { mutateText } from './text.ts';

/** Longer inputs are cut: an execution must stay cheap. */
export const MOST_BYTES = 1 << 15;

/** @param other an input of any target, of which a part may be taken */
export function mutate(kind: Target['kind'], input: Uint8Array, other: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  let bytes = input;
  if (kind === 'json') bytes = mutateLines(bytes, other, random);
  else if (kind === 'text') bytes = bytesOf(mutateText(textOf(bytes), random, textOf(other)));
  else for (let times = random.chance(0.6) ? 1 : 1 + random.below(4); times > 0; times--) bytes = mutateBytes(bytes, random, other);
  return Uint8Array.from(bytes.subarray(0, MOST_BYTES));
}

/** A record of a log, or the document that it is; now and then its lines or its bytes. */
function mutateLines(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  if (random.chance(0.12)) return mutateBytes(bytes, random, other);
  const text = textOf(bytes);
  const whole = text.startsWith('[') || !text.trimEnd().includes('\n') ? mutateJson(text, random, lineOf(textOf(other), random)) : null;
  if (whole !== null) return bytesOf(random.chance(0.03) ? JSON.stringify(whole) : whole);
  const lines = text.split('\n');
  const at = random.below(lines.length);
  const choice = random.next();
  if (choice < 0.1) lines.splice(at, random.below(2), lineOf(textOf(other), random));
  else if (choice < 0.14) lines.splice(at, 1);
  else if (choice < 0.18) lines.splice(at, 0, lines[random.below(lines.length)]);
  else {
    const changed = mutateJson(lines[at], random, lineOf(textOf(other), random)) ?? mutateText(lines[at], random, '');
    lines[at] = random.chance(0.02) ? JSON.stringify(changed) : changed;
  }
  return bytesOf(lines.join(random.chance(0.03) ? '\r\n' : '\n'));
}

function lineOf(text: string, random: Random): string {
  return random.pick(text.split('\n'));
}
