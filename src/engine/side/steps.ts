/** The parts of a branch by the step of the action tree that they belong to: what leads to it, the action, and what came of it. */
import type { Branch, Part, Role } from '../../core/model/rollout.ts';
import { AFTER, BEFORE } from '../answers/side.ts';
import { findActions } from '../decisions/trajectory-actions.ts';

export interface StepPart {
  readonly part: Part;
  readonly role: Role;
}

export interface StepParts {
  /** step, `BEFORE` or `AFTER` -> its parts in order */
  readonly of: ReadonlyMap<number, readonly StepPart[]>;
  /** step -> the part that is the action; null: the log's parts do not spell it */
  readonly action: readonly (Part | null)[];
}

/**
 * A result belongs to the step of its call. Other parts that nobody sampled belong to the step before them, and what the policy wrote to
 * the step that it leads to. What precedes the first turn comes before all steps; what the policy wrote last, after them.
 * @param wanted as `actionsAlong` gives it
 */
export function stepParts(branch: Branch, wanted: readonly string[]): StepParts {
  const actions = findActions(branch, wanted);
  const of = new Map<number, StepPart[]>();
  const stepAt = new Map<Part, number>();
  const byCall = new Map<string, number>();
  for (const [step, found] of actions.entries()) {
    if (found === null) continue;
    stepAt.set(found.part, step);
    if (found.part.callId !== undefined && found.part.kind !== 'result') byCall.set(found.part.callId, step);
  }
  const last = actions.findLastIndex((found) => found !== null);
  let current = BEFORE;
  let hasBegun = false;
  const put = (step: number, entry: StepPart): void => {
    const parts = of.get(step);
    if (parts) parts.push(entry);
    else of.set(step, [entry]);
  };
  for (const { parts, role, sampled } of branch.events) {
    hasBegun ||= sampled || role === 'assistant';
    for (const part of parts) {
      const own = stepAt.get(part);
      if (own !== undefined) {
        current = own;
        put(own, { part, role });
      } else if (part.kind === 'result') put((part.callId === undefined ? undefined : byCall.get(part.callId)) ?? current, { part, role });
      else if (role === 'assistant') put(current === last || last < 0 ? AFTER : Math.max(0, current + 1), { part, role });
      else put(hasBegun ? current : BEFORE, { part, role });
    }
  }
  return { of, action: actions.map((found) => found?.part ?? null) };
}
