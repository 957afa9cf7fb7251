/**
 * The actions of a trajectory as the log's own parts: its record is read back, and the parts whose canonical keys are those of the
 * action tree are found in their order.
 */
import { NONE } from '../../core/model/kinds.ts';
import type { Branch, Part, Role } from '../../core/model/rollout.ts';
import { actionKey, TALK_KINDS } from '../../core/tokens/actions.ts';
import { pathTo } from '../../core/tree/navigate.ts';
import type { Dataset } from '../dataset.ts';

export interface ActionPart {
  readonly part: Part;
  readonly role: Role;
  /** The event of the branch, and the part of it. */
  readonly event: number;
  readonly index: number;
}

/** Canonical action keys of a trajectory, one for each node of its path in the action tree. */
export function actionsAlong({ actions: { forest, actions } }: Dataset, trajectory: number): string[] {
  const path = pathTo(forest, forest.trajectories.leaf[trajectory] ?? NONE);
  const keys: string[] = [];
  for (const node of path)
    for (let i = forest.edgeStart[node] ?? 0; i < (forest.edgeStart[node + 1] ?? 0); i++)
      keys.push(actions[forest.edgeTokens[i] ?? NONE] ?? '');
  return keys;
}

/** action -> its part; null from where the parts of the log do not spell it. @param wanted as `actionsAlong` gives it */
export function findActions({ events }: Branch, wanted: readonly string[]): (ActionPart | null)[] {
  const acts = events.some(({ parts }) => parts.some(({ kind }) => kind === 'call' || kind === 'memory'));
  const found: (ActionPart | null)[] = [];
  // What is said counts where nothing is called, from the first turn of the policy on.
  const first = acts
    ? 0
    : Math.max(
        0,
        events.findIndex(({ sampled }) => sampled),
      );
  for (let event = first; event < events.length && found.length < wanted.length; event++) {
    const { parts, role } = events[event] ?? { parts: [], role: 'user' as const };
    for (const [index, part] of parts.entries()) {
      if (acts && TALK_KINDS.includes(part.kind)) continue;
      if (found.length < wanted.length && actionKey(part, role) === wanted[found.length]) found.push({ part, role, event, index });
    }
  }
  while (found.length < wanted.length) found.push(null);
  return found;
}
