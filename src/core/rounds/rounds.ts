/** Rounds of rollouts: what each is and adds. A task is solved where a rollout of it has a reward above 0, as everywhere. */
import { NONE } from '../model/kinds.ts';

export interface RoundInput {
  /** Rounds, in their order. */
  readonly rounds: number;
  readonly tasks: number;
  /** rollout -> row of its round, NONE: it is in none. */
  readonly round: Int32Array;
  /** rollout -> row of its task */
  readonly task: Int32Array;
  /** rollout -> reward, NaN unknown */
  readonly reward: Float64Array;
}

/** Counts by task and round (index task × rounds + round). */
export interface RoundCounts {
  readonly rollouts: Int32Array;
  /** Those of a known reward, and those of them that are successes. */
  readonly known: Int32Array;
  readonly solved: Int32Array;
}

export function countRounds({ rounds, tasks, round, task, reward }: RoundInput): RoundCounts {
  const [rollouts, known, solved] = [0, 1, 2].map(() => new Int32Array(tasks * rounds));
  for (let r = 0; r < round.length; r++) {
    if (round[r] === NONE || task[r] === NONE) continue;
    const at = task[r] * rounds + round[r];
    rollouts[at]++;
    if (Number.isNaN(reward[r])) continue;
    known[at]++;
    if (reward[r] > 0) solved[at]++;
  }
  return { rollouts, known, solved };
}

export interface RoundTasks {
  /** round -> tasks with rollouts in it; of these with a known reward in it; and solved in it */
  readonly tried: Int32Array;
  readonly known: Int32Array;
  readonly solved: Int32Array;
  /** round -> tasks solved in it and in none before */
  readonly newly: Int32Array;
  /** Tasks with a known reward in any round. */
  readonly all: number;
  /** By task and round: 1 where it is newly solved. */
  readonly isNew: Uint8Array;
  /** task -> 1 where some round has a known reward of it */
  readonly counts: Uint8Array;
}

export function roundTasks({ rollouts, known, solved }: RoundCounts, tasks: number, rounds: number): RoundTasks {
  const out = {
    tried: new Int32Array(rounds),
    known: new Int32Array(rounds),
    solved: new Int32Array(rounds),
    newly: new Int32Array(rounds),
  };
  const isNew = new Uint8Array(tasks * rounds);
  const counts = new Uint8Array(tasks);
  for (let t = 0; t < tasks; t++) {
    let isSolved = false;
    for (let r = 0; r < rounds; r++) {
      const at = t * rounds + r;
      if (rollouts[at] > 0) out.tried[r]++;
      if (known[at] > 0) {
        out.known[r]++;
        counts[t] = 1;
      }
      if (solved[at] === 0) continue;
      out.solved[r]++;
      if (!isSolved) {
        out.newly[r]++;
        isNew[at] = 1;
      }
      isSolved = true;
    }
  }
  return { ...out, isNew, counts, all: counts.reduce((sum, each) => sum + each, 0) };
}
