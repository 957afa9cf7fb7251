/** What steps of the action tree say, read back from the log for those that are looked at. */
import { NONE } from '../../core/model/kinds.ts';
import { locateNodes, type NodeKey } from '../../core/model/node-key.ts';
import type { Part } from '../../core/model/rollout.ts';
import { trajectoriesThrough } from '../../core/tree/navigate.ts';
import type { StepText } from '../answers/decisions.ts';
import type { Dataset } from '../dataset.ts';
import type { Conversations } from '../transcript/conversation.ts';
import { actionsAlong, findActions } from './trajectory-actions.ts';

/** Longest words of a step, UTF-16 units. */
const LONGEST = 200;
/** No more of a text is looked at. */
const LOOKED_AT = 4000;

/**
 * Key -> words of that step in the first trajectory that takes it; null where the log has no text of it. Steps of one trajectory need
 * its record once.
 */
export async function stepTexts(dataset: Dataset, conversations: Conversations, keys: readonly NodeKey[]): Promise<(StepText | null)[]> {
  const { forest } = dataset.actions;
  const nodes = locateNodes(forest.keys, keys);
  const byTrajectory = new Map<number, number[]>();
  for (const [place, node] of nodes.entries()) {
    const first = node === NONE ? undefined : trajectoriesThrough(forest, node)[0];
    if (first === undefined) continue;
    const places = byTrajectory.get(first);
    if (places) places.push(place);
    else byTrajectory.set(first, [place]);
  }
  const texts: (StepText | null)[] = keys.map(() => null);
  for (const [trajectory, places] of byTrajectory) {
    const parts = await partsOf(dataset, conversations, trajectory);
    for (const place of places) {
      const found = parts[forest.depth[nodes[place] ?? 0] ?? 0];
      texts[place] = found ? wordsOf(found.part) : null;
    }
  }
  return texts;
}

async function partsOf(dataset: Dataset, conversations: Conversations, trajectory: number): Promise<ReturnType<typeof findActions>> {
  const { trajectories } = dataset.tokens.forest;
  const rollout = trajectories.rollout[trajectory] ?? 0;
  const branch = (await conversations.of(rollout)).branches[trajectories.branch[trajectory] ?? 0];
  return branch === undefined ? [] : findActions(branch, actionsAlong(dataset, trajectory));
}

/** A call's arguments without names where there is one, else `name: value` of each; other text as it stands. In one line. */
export function wordsOf({ kind, text }: Pick<Part, 'kind' | 'text'>): StepText {
  const said = kind === 'call' || kind === 'memory' ? argumentWords(text) : text.slice(0, LOOKED_AT);
  const line = said.replace(/\s+/g, ' ').trim();
  const isCut = line.length > LONGEST || (said.length === LOOKED_AT && text.length > LOOKED_AT);
  return { words: line.length > LONGEST ? cutAt(line, LONGEST) : line, isCut };
}

function argumentWords(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text.slice(0, LOOKED_AT);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return valueWords(value);
  const entries = Object.entries(value);
  if (entries.length === 1) return valueWords(entries[0]?.[1]);
  return entries
    .map(([name, member]) => `${name}: ${valueWords(member)}`)
    .join(', ')
    .slice(0, LOOKED_AT);
}

function valueWords(value: unknown): string {
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, LOOKED_AT);
}

/** Not between the halves of a character. */
function cutAt(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}
