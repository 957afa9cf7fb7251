/** What may be done with ways: one rollout of it is read, two stand side by side; all who go it are filtered or dropped. */
import { throughTerm } from '../../../core/filter/through.ts';
import type { NodeKey } from '../../../core/model/node-key.ts';
import type { Representative } from '../../../engine/answers/decisions.ts';
import { addAct } from '../../state/acts.ts';
import { useChoices } from '../../state/choices.ts';
import { setSideBranches } from '../../state/side.ts';
import { openTranscript } from '../../state/transcript.ts';
import { toggleTerm } from '../statistics/toggle-term.ts';

export function readRepresentative({ rollout, branch, node }: Representative): void {
  openTranscript(rollout, { branch, node });
}

export function compareRepresentatives(left: Representative, right: Representative): void {
  // The branches that go those ways: a rollout may have longer ones that do not.
  setSideBranches(left.rollout, right.rollout, { left: left.branch, right: right.branch });
  useChoices.getState().set({ rollout: left.rollout, other: right.rollout, shape: 'side', tab: 'tree' });
}

/** The filter takes those who go the way that begins with the step, beside what else it says; or no longer does. */
export function filterWay(step: NodeKey): void {
  const { filter, set } = useChoices.getState();
  set({ filter: toggleTerm(filter, throughTerm(step)) });
}

/** A line at the end of the stack leaves them out of the cut. */
export function dropWay(step: NodeKey): void {
  addAct({ verb: 'drop', where: throughTerm(step) });
}
