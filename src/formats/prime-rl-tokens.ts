/**
 * prime-rl token exports, `token_exports/step_N/rank_R.jsonl`: one trained sequence per line as parallel arrays. The log
 * does not say which sequences are branches of one rollout, so each is a rollout; equal prompts are one task.
 * https://github.com/PrimeIntellect-ai/prime-rl/blob/main/src/prime_rl/trainer/rl/token_export.py
 */
import { ADVANTAGES, NumberFaults, REWARDS } from '../core/tokens/plausible.ts';
import { columnNow, isColumn } from './columns.ts';
import { accept, defined, positionId, refuse } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { asLogged, describe, get, getId, getList, getString, isObject } from './json.ts';
import { rememberTrainer } from './trainer-logprobs.ts';
import { eventsFromIds } from './masked-ids.ts';
import { commonValue, idsFound, readColumn, readIds, readMask } from './per-token.ts';
import { promptKey } from './task-key.ts';

export const primeRlTokens: Format = {
  id: 'prime-rl-tokens',
  label: 'prime-rl token exports',
  beats: ['atropos'],
  detects: (record) =>
    isObject(record) &&
    Array.isArray(get(record, 'token_ids')) &&
    Array.isArray(get(record, 'loss_mask')) &&
    (Array.isArray(get(record, 'trainer_logprobs')) || Array.isArray(get(record, 'inference_logprobs'))),
  columns: {
    token_ids: 'read',
    loss_mask: 'read',
    advantages: 'read',
    rewards: 'read',
    entropy: 'read',
    inference_logprobs: 'read',
    trainer_logprobs: 'later',
    position_ids: 'unread',
    is_masked: 'unread',
  },
  decode: (record, context) => [decodeSequence(record, context)],
};

function decodeSequence(record: unknown, context: RecordContext): Decoded {
  const ids = readIds(get(record, 'token_ids'));
  if (ids === null) return refuse('token-ids', 'a list of token ids at token_ids', idsFound(get(record, 'token_ids')));
  const mask = readMask(get(record, 'loss_mask'), ids.length);
  if (mask === null) return refuse('loss-mask', `${ids.length} booleans at loss_mask`, describe(get(record, 'loss_mask')));
  const notes: Complaint[] = [];
  const column = (key: string): Float64Array | undefined => readColumn(columnNow(get(record, key)), mask, key, notes);
  // What the policy sampled with comes first; the trainer's own log-probs are of the same tokens, later.
  const sampler = column('inference_logprobs');
  const columns = {
    entropy: column('entropy'),
    logprobs: sampler ?? column('trainer_logprobs'),
    advantages: column('advantages'),
  };
  const faults = new NumberFaults();
  const rewards = faults.column(alignedRewards(record, ids.length), REWARDS);
  for (const note of faults.notes()) notes.push(note);
  const events = eventsFromIds(ids, mask, [], defined(columns));
  const trainer = get(record, 'trainer_logprobs');
  // Read when somebody asks, and then without a word in the notes: opening does not look there.
  if (sampler !== undefined && trainer !== undefined)
    rememberTrainer(events, () => readColumn(columnNow(trainer), mask, 'trainer_logprobs', []));
  const env = getString(record, 'env_name');
  const step = getId(record, 'export_step', 'step');
  const task = promptKey(events);
  return accept(
    {
      id: getId(record, 'sample_id') ?? sequenceId(record) ?? positionId(context),
      task: env === undefined ? task : `${env}:${task}`,
      taskLabel: `${env === undefined ? '' : `${env}: `}prompt of ${promptLength(mask)} tokens`,
      ...defined({ policy: step, advantage: commonValue([columns.advantages], ADVANTAGES) }),
      reward: commonValue([rewards], REWARDS) ?? null,
      branches: [{ events }],
    },
    notes,
  );
}

/** Unique within a run: the counter runs over the sequences of one rank and step. */
function sequenceId(record: unknown): string | undefined {
  const index = getId(record, 'export_sequence_idx');
  const rank = getId(record, 'rank');
  const step = getId(record, 'export_step', 'step');
  if (index === undefined || rank === undefined || step === undefined) return undefined;
  const run = getId(record, 'run_id');
  return `${run === undefined ? '' : `${run} `}step ${step} rank ${rank} #${index}`;
}

/** `rewards` repeats the rollout's reward at each position; nulls where there is none. */
function alignedRewards(record: unknown, length: number): ArrayLike<number> {
  const column = get(record, 'rewards');
  if (isColumn(column)) return column.length === length && !(column instanceof Uint8Array) ? column : [];
  const rewards = getList(record, 'rewards');
  if (rewards === undefined || rewards.length !== length) return [];
  return Float64Array.from(rewards, (value) => asLogged(value) ?? Number.NaN);
}

function promptLength(mask: Uint8Array): number {
  const first = mask.indexOf(1);
  return first < 0 ? mask.length : first;
}
