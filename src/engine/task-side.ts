/** What is known of tasks besides their rollouts: calls that their authors expect, and answers in files of their own. */
import type { Candidate, Reference } from '../core/model/side-facts.ts';
import { getList } from '../formats/json.ts';
import { tau2Reference } from '../formats/side-facts.ts';
import type { Opening } from './opening-inputs.ts';

export interface TaskSide {
  readonly references: readonly Reference[];
  readonly candidates: readonly Candidate[];
}

const NONE: TaskSide = { references: [], candidates: [] };

/** @returns of a task, by its key, what files beside the logs and the documents around them say. O(all of it) once */
export function taskSides({ beside, inputs }: Pick<Opening, 'beside' | 'inputs'>): (key: string) => TaskSide {
  const sides = new Map<string, { references: Reference[]; candidates: Candidate[] }>();
  const at = (task: string): { references: Reference[]; candidates: Candidate[] } => {
    let side = sides.get(task);
    if (side === undefined) sides.set(task, (side = { references: [], candidates: [] }));
    return side;
  };
  for (const reference of beside.references) at(reference.task).references.push(reference);
  for (const candidate of beside.candidates) at(candidate.task).candidates.push(candidate);
  for (const input of inputs)
    for (const task of getList(input.context.document, 'tasks') ?? []) {
      const reference = tau2Reference(task);
      // Several files of one benchmark repeat its tasks.
      if (reference !== null && at(reference.task).references.length === 0) at(reference.task).references.push(reference);
    }
  // Keys of tasks whose ids mean something within one benchmark only have its name in front.
  return (key) => sides.get(key) ?? sides.get(key.slice(key.lastIndexOf('/') + 1)) ?? NONE;
}
