/** Which events of a rollout's branches are one: two are where all that comes before them is one, and they say the same. */
import { TextHash } from '../../base/hash.ts';
import type { Rollout, RolloutEvent } from '../model/rollout.ts';

/** branch -> event -> number of the distinct event that it is, counted from 0 in the order in which they are met. O(texts). */
export function eventIds(branches: Rollout['branches']): readonly (readonly number[])[] {
  if (branches.length === 1) return [branches[0].events.map((_, event) => event)];
  // Of a tree of events, by the number of the one above and what the event says.
  const nodes = new Map<string, number>();
  const keys = new Map<RolloutEvent, string>();
  return branches.map(({ events }) => {
    let above = -1;
    return events.map((event) => {
      let said = keys.get(event);
      if (said === undefined) keys.set(event, (said = saidBy(event)));
      const key = `${above} ${said}`;
      let id = nodes.get(key);
      if (id === undefined) nodes.set(key, (id = nodes.size));
      above = id;
      return id;
    });
  });
}

function saidBy({ role, parts }: RolloutEvent): string {
  const hash = new TextHash();
  hash.add(role);
  for (const { kind, text, tool = '', error = false } of parts) {
    hash.add(`${kind}${error ? '!' : ''}`);
    hash.add(tool);
    hash.add(text);
  }
  return hash.digest();
}
