/** What names a rollout beyond one frozen forest. */
import { TextHash } from '../../base/hash.ts';
import type { RolloutRow } from '../model/batch.ts';

/**
 * 16 hexadecimal digits: a 64-bit hash of its input's path as opened, of where its line or row begins there, and of its place
 * among those of that line. The same in whatever order files are opened, and whatever is opened besides.
 */
export type RolloutKey = string;

const DIGITS = 16;

/** Whether a text is written like a key. */
export function isRolloutKey(text: unknown): text is RolloutKey {
  return typeof text === 'string' && /^[0-9a-f]{16}$/.test(text);
}

/** @param path of the input that holds the rollout, as it was opened */
export function rolloutKeyOf(path: string, { address }: Pick<RolloutRow, 'address'>): RolloutKey {
  const hash = new TextHash();
  hash.add(path);
  hash.add(`${address.unit} ${address.start} ${address.member}`);
  return hash.digest().slice(0, DIGITS);
}
