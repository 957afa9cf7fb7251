/**
 * A generated log of trained sequences as prime-rl's token export writes them: ids, mask, log-probs and entropy as
 * parallel arrays. Rollouts of a task share a prompt and fork like those of the chat log.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { makeRandom } from '../../../src/core/prune/seeded.ts';

/** Qwen's ids for the marks of a message, and for the words of its role. */
const START = 151644;
const END = 151645;
const NEWLINE = 198;
const ROLES = { user: 872, assistant: 77091 } as const;
const WORDS = 150_000;
const ROLLOUTS = 16;

interface Sequence {
  readonly ids: number[];
  readonly mask: boolean[];
}

/** Writes records until `bytes` are reached. */
export function writeTokenLog(
  path: string,
  bytes: number,
  seed = 1,
): { readonly bytes: number; readonly rollouts: number; readonly tasks: number } {
  const random = makeRandom(seed);
  const float = (value: number): number => Math.fround(value);
  const file = openSync(path, 'w');
  let written = 0;
  let rollouts = 0;
  let tasks = 0;
  while (written < bytes) {
    const group: Sequence[] = [];
    for (let r = 0; r < ROLLOUTS && written < bytes; r++) {
      const sequence = makeSequence(group, random);
      group.push(sequence);
      const { ids, mask } = sequence;
      const advantage = float(random() * 2 - 1);
      const sampledOr = (value: () => number): number[] => mask.map((sampled) => (sampled ? float(value()) : 0));
      const record = {
        schema_version: 1,
        step: 3,
        export_step: 3,
        rank: 0,
        micro_step: tasks,
        micro_sequence_idx: r,
        export_sequence_idx: rollouts,
        run_id: 'bench',
        env_name: 'generated',
        token_ids: ids,
        position_ids: ids.map((_, i) => i),
        loss_mask: mask,
        advantages: ids.map(() => advantage),
        rewards: ids.map(() => 1),
        inference_logprobs: sampledOr(() => Math.log(1 - random())),
        trainer_logprobs: sampledOr(() => Math.log(1 - random())),
        entropy: sampledOr(() => -Math.log(1 - random())),
        is_masked: ids.map(() => false),
      };
      written += writeSync(file, `${JSON.stringify(record)}\n`);
      rollouts++;
    }
    tasks++;
  }
  closeSync(file);
  return { bytes: written, rollouts, tasks };
}

/** The prompt and some turns of an earlier sequence of the group, then turns of its own. */
function makeSequence(group: readonly Sequence[], random: () => number): Sequence {
  const sequence: Sequence = { ids: [], mask: [] };
  const earlier = group.length === 0 ? null : group[Math.floor(random() * group.length)];
  if (earlier === null) pushMessage(sequence, 'user', 1200, random);
  else {
    const limit = 1200 + Math.floor(random() * (earlier.ids.length - 1200));
    const cut = Math.max(earlier.ids.lastIndexOf(START, limit), earlier.ids.indexOf(START, 1));
    for (let i = 0; i < cut; i++) {
      sequence.ids.push(earlier.ids[i]);
      sequence.mask.push(earlier.mask[i]);
    }
  }
  const length = 4000 + Math.floor(random() * 5000);
  while (sequence.ids.length < length) {
    pushMessage(sequence, 'assistant', 80 + Math.floor(random() * 400), random);
    pushMessage(sequence, 'user', 60 + Math.floor(random() * 500), random);
  }
  pushMessage(sequence, 'assistant', 100, random);
  return sequence;
}

function pushMessage({ ids, mask }: Sequence, role: keyof typeof ROLES, length: number, random: () => number): void {
  const push = (id: number, sampled: boolean): void => {
    ids.push(id);
    mask.push(sampled);
  };
  push(START, false);
  push(ROLES[role], false);
  push(NEWLINE, false);
  for (let i = 0; i < length; i++) push(1000 + Math.floor(random() * random() * WORDS), role === 'assistant');
  push(END, role === 'assistant');
  push(NEWLINE, false);
}
