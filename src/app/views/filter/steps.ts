/** Goes from one place of the filter's words to the next, over all rollouts that the filter takes, task by task. */
import type { Hit, RolloutHits, Taken } from '../../../engine/answers/searching.ts';
import type { RolloutsAnswer } from '../../../engine/answers/rollouts.ts';
import type { TaskTable } from '../../../engine/answers/dataset.ts';
import { fetchHits } from '../../queries/search.ts';
import { useChoices } from '../../state/choices.ts';
import { inForce, useFound } from '../../state/found.ts';
import { useTranscriptChoices } from '../../state/transcript.ts';

/** Rollouts with places, in the order of the list. */
export function rolloutsWithHits({ taken, hits }: Taken, task: Int32Array, order: readonly number[]): number[] {
  if (hits === null) return [];
  const byTask = new Map<number, number[]>();
  hits.forEach((count, r) => {
    if (count === 0 || taken[r] !== 1) return;
    const row = task[r] ?? -1;
    const list = byTask.get(row);
    if (list === undefined) byTask.set(row, [r]);
    else list.push(r);
  });
  return order.flatMap((row) => byTask.get(row) ?? []);
}

/** Selects the rollout, its task and the node, in whatever view is shown. */
export function goTo(
  { text, rollouts, tasks }: Pick<Steps, 'text' | 'rollouts' | 'tasks'>,
  rollout: number,
  index: number,
  hit: Hit | undefined,
): void {
  const key = rollouts.keys[rollout];
  if (key === undefined) return;
  const { task, selectTask, selectNode, set } = useChoices.getState();
  const taskKey = tasks.key[rollouts.task[rollout] ?? -1] ?? null;
  if (taskKey !== task) selectTask(taskKey);
  selectNode(hit?.node ?? null);
  set({ rollout: key, treeView: 'tokens' });
  // Behind the rollout: another one begins at its own first branch.
  useTranscriptChoices.setState({ branch: hit?.branch ?? 0, part: null });
  useFound.setState({ at: { text, rollout: key, index, hit: hit ?? null } });
}

export interface Steps {
  readonly forest: string;
  readonly text: string;
  readonly rollouts: RolloutsAnswer;
  readonly tasks: TaskTable;
  /** As `rolloutsWithHits` gives them. */
  readonly list: readonly number[];
}

/** The place behind the one that was gone to last, or before it; around at the ends. */
export async function step(steps: Steps, by: 1 | -1): Promise<void> {
  const { forest, text, rollouts, list } = steps;
  const at = inForce(useFound.getState().at);
  const last = at === null ? -1 : list.findIndex((rollout) => rollouts.keys[rollout] === at.rollout);
  const held = last < 0 ? null : await fetchHits(forest, text, list[last] ?? 0);
  const index = (at?.index ?? -1) + by;
  if (held !== null && last >= 0 && index >= 0 && index < held.hits.length) return goTo(steps, held.rollout, index, held.hits[index]);
  const next = last < 0 ? (by === 1 ? 0 : list.length - 1) : (last + by + list.length) % list.length;
  const rollout = list[next];
  if (rollout === undefined) return;
  const found: RolloutHits | null = await fetchHits(forest, text, rollout);
  if (found === null) return;
  const first = by === 1 ? 0 : found.hits.length - 1;
  goTo(steps, rollout, first, found.hits[first]);
}
