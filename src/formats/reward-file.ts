/** Rewards that lie beside a log as one number, without JSON around it: `reward.txt` of a verifier. */
import { isPlausible, REWARDS } from '../core/tokens/plausible.ts';
import type { Complaint } from './format.ts';

/** Bytes of such a file: no number is longer. */
export const MOST_REWARD_BYTES = 1024;

/** @param name of a file, without folders */
export function isRewardFile(name: string): boolean {
  return /^(?:reward|score)\.(?:txt|json)$/i.test(name);
}

/** Null where the text is anything but one number that a reward can be. */
export function rewardIn(text: string): number | null {
  const number = text.trim();
  if (!/^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i.test(number)) return null;
  const reward = Number(number);
  return isPlausible(reward, REWARDS) ? reward : null;
}

/** What is said of such a file, which holds no rollout; null where it is JSON with more in it than a number. */
export function rewardComplaint(text: string): Complaint | null {
  if (/^\s*[[{]/.test(text)) return null;
  if (rewardIn(text) !== null)
    return { code: 'side-file', expected: 'a record of a known format', found: 'the reward of what lies in its folder, a number' };
  const found = text.trim() === '' ? 'nothing' : `text that begins ${JSON.stringify(text.trim().slice(0, 40))}`;
  return { code: 'reward', expected: 'one number, the reward of what lies in its folder', found };
}
