/** Rewards by exit status, as a person writes them: `submitted=1,exit_cost=0`. */

/** Beyond this a reward is none, as in logs. */
const LARGEST = 1e100;

/** Null: it is not written so. Empty where nothing is. The last of several for one status counts. */
export function readStatusRewards(text: string): readonly (readonly [status: string, reward: number])[] | null {
  const rewards = new Map<string, number>();
  for (const entry of text.split(',').filter((each) => each.trim() !== '')) {
    const at = entry.lastIndexOf('=');
    const status = entry.slice(0, at).trim();
    const number = entry.slice(at + 1).trim();
    const reward = Number(number);
    if (at < 0 || status === '' || number === '' || !Number.isFinite(reward) || Math.abs(reward) > LARGEST) return null;
    // Added to 0, −0 is 0.
    rewards.set(unescaped(status), reward + 0);
  }
  return [...rewards];
}

export function writeStatusRewards(rewards: readonly (readonly [status: string, reward: number])[]): string {
  return rewards.map(([status, reward]) => `${escaped(status)}=${reward}`).join(',');
}

/** A status may hold what separates entries. */
function escaped(status: string): string {
  return status
    .replaceAll('%', '%25')
    .replaceAll(',', '%2C')
    .replaceAll(/^\s|\s$/g, (space) => encodeURIComponent(space));
}

function unescaped(text: string): string {
  return text.replaceAll(/%(25|2C|20|09|0A|0D)/gi, (found) => decodeURIComponent(found));
}
