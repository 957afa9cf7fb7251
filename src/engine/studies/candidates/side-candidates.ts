/** Candidates in files beside logs: their texts are read again, and harnesses' outcomes joined by instance and by where files lie. */
import type { CandidateOutcome } from '../../../core/candidates/candidate.ts';
import { NONE } from '../../../core/model/kinds.ts';
import { makeJoins } from '../../../core/rollouts/joins.ts';
import { patchesOf } from '../../beside.ts';
import type { Opening } from '../../opening-inputs.ts';
import { LONGEST_PATCH, type GatheredCandidate } from './gathered.ts';

export type SideCandidate = GatheredCandidate & { readonly task: string };

interface SideCandidates {
  readonly candidates: readonly SideCandidate[];
  /** Answers that files only name: where a file lists those that solved a task, nothing tells of how many. */
  readonly named: number;
  readonly faults: readonly string[];
}

/** By path of their file, and in its order. Texts are in what is returned alone. */
export async function sideCandidates({ beside, inputs }: Pick<Opening, 'beside' | 'inputs'>): Promise<SideCandidates> {
  const join = makeJoins(beside.files);
  const candidates: SideCandidate[] = [];
  const faults: string[] = [];
  let named = 0;
  for (const { path, facts } of beside.files) {
    named += facts.candidates.filter(({ length }) => length === null).length;
    if (facts.candidates.every(({ length }) => length === null)) continue;
    const texts = await textsOf(path, inputs);
    if (typeof texts === 'string') faults.push(texts);
    for (const [index, { task, name, length, reward }] of facts.candidates.entries()) {
      if (length === null) continue;
      const again = typeof texts === 'string' ? undefined : texts[index];
      const text = again?.task === task && again.text?.length === length ? again.text : null;
      const joined = join({ id: name, task }, asFolder(path));
      const outcome = joined?.kind === 'joined' ? joined.outcome : null;
      candidates.push({
        task,
        key: `${path}#${index}`,
        name,
        file: path,
        rollout: NONE,
        copies: [],
        length,
        text: text !== null && text.length <= LONGEST_PATCH ? text : null,
        outcome: outcomeOf(reward ?? outcome?.reward ?? null),
        passed: outcome?.passed ?? Number.NaN,
        failed: outcome?.failed ?? Number.NaN,
        logprob: Number.NaN,
        entropy: Number.NaN,
      });
    }
  }
  return { candidates, named, faults };
}

/** A reward of 1 is a solved task, and less is none [ours]. */
export function outcomeOf(reward: number | null): CandidateOutcome {
  return reward === null || Number.isNaN(reward) ? 'unknown' : reward >= 1 ? 'resolved' : 'failed';
}

/** `run.preds.json` is of the run whose folder or report has that name: as if it lay in a folder of it. */
function asFolder(path: string): string {
  const at = path.lastIndexOf('/') + 1;
  return path.slice(0, at) + path.slice(at).split('.').join('/');
}

/** @returns a sentence where it cannot be read */
async function textsOf(path: string, inputs: Opening['inputs']): Promise<string | Awaited<ReturnType<typeof patchesOf>>> {
  const input = inputs.find((each) => each.path === path);
  if (input === undefined) return `${path}: not among the open files any more`;
  try {
    return await patchesOf(path, input.part.file.source);
  } catch (error) {
    return `${path}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
