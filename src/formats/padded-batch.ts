/**
 * Batches of padded sequences as trainers save them with torch: prime-rl's `data_to_save_<rank>_<step>.pt` (`inputs_ids`, `responses`,
 * `old_log_prob`) and OpenRLHF's experiences (`sequences`, `action_log_probs`). A row is a rollout; what it answers are the last columns.
 * https://github.com/OpenRLHF/OpenRLHF/blob/main/openrlhf/trainer/ppo_utils/experience_maker.py
 */
import { ADVANTAGES } from '../core/tokens/plausible.ts';
import { accept, defined, positionId, refuse } from './envelope.ts';
import { isColumn } from './columns.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { asLogged, describe, get, getList, isList, isObject } from './json.ts';
import { eventsFromIds } from './masked-ids.ts';
import { commonValue, idsFound, maskFound, readColumn, readIds, readMask } from './per-token.ts';
import { promptKey } from './task-key.ts';

const SEQUENCES = ['inputs_ids', 'input_ids', 'sequences'] as const;
const ANSWERED = ['old_log_prob', 'action_log_probs'] as const;

export const paddedBatch: Format = {
  id: 'padded-batch',
  label: 'Padded batches of sequences (prime-rl, OpenRLHF)',
  detects: (record) =>
    isObject(record) &&
    rowsAt(record, SEQUENCES) !== undefined &&
    rowsAt(record, ANSWERED) !== undefined &&
    isList(get(record, 'attention_mask')),
  decode(record, context) {
    const rows = rowsAt(record, SEQUENCES) ?? [];
    if (rows.length === 0) return [refuse('batch-empty', 'at least one sequence', 'none')];
    const batch: Batch = {
      attended: getList(record, 'attention_mask'),
      answered: rowsAt(record, ANSWERED),
      masks: get(record, 'action_mask') ?? null,
      advantages: rowsAt(record, ['advantages']),
      rewards: rewardsOf(record, rows.length),
    };
    return rows.map((row, i) => decodeRow(batch, row, i, context));
  },
};

/** What a batch has for each of its rows. */
interface Batch {
  readonly attended: readonly unknown[] | undefined;
  readonly answered: readonly unknown[] | undefined;
  /** Null: there are none. */
  readonly masks: unknown;
  readonly advantages: readonly unknown[] | undefined;
  readonly rewards: ArrayLike<unknown> | undefined;
}

function rowsAt(record: unknown, keys: readonly string[]): readonly unknown[] | undefined {
  for (const key of keys) {
    const rows = getList(record, key);
    if (rows !== undefined && rows.every((row) => isList(row) || isColumn(row))) return rows;
  }
  return undefined;
}

function decodeRow(batch: Batch, row: unknown, i: number, context: RecordContext): Decoded {
  const padded = readIds(row);
  if (padded === null) return refuse('token-ids', `token ids in row ${i}`, idsFound(row));
  const attended = readMask(batch.attended?.[i], padded.length);
  if (attended === null)
    return refuse('attention-mask', `${padded.length} numbers in row ${i} of attention_mask`, describe(batch.attended?.[i]));
  const logged = batch.answered?.[i];
  const answered = isList(logged) || isColumn(logged) ? logged.length : 0;
  const from = padded.length - answered;
  if (answered === 0 || from < 0) return refuse('shape', `log-probs of the last of ${padded.length} places in row ${i}`, describe(logged));
  const actions = isList(batch.masks) ? batch.masks[i] : batch.masks;
  // One mask may stand for both: then it says which places are attended, and the log-probs say where the answer begins.
  const own = readMask(actions, padded.length) ?? withFront(readMask(actions, answered), from);
  if (own === null && batch.masks !== null)
    return refuse('loss-mask', `${answered} or ${padded.length} numbers in row ${i} of action_mask`, maskFound(actions));
  const mask = Uint8Array.from(padded, (_, at) => (at >= from && attended[at] === 1 && own?.[at] !== 0 ? 1 : 0));
  const kept: number[] = [];
  for (let at = 0; at < padded.length; at++) if (attended[at] === 1) kept.push(at);
  if (kept.length === 0) return refuse('no-tokens', `an attended token in row ${i}`, 'none');
  const notes: Complaint[] = [];
  const column = (value: unknown, key: string): Float64Array | undefined => {
    const given: unknown = isColumn(value) ? Float64Array.from(value) : value;
    const all = readColumn(given, wholeMask(mask, from), key, notes);
    return all === undefined ? undefined : Float64Array.from(kept, (at) => (mask[at] === 1 ? all[at]! : Number.NaN));
  };
  const columns = { logprobs: column(logged, 'log-probs'), advantages: column(batch.advantages?.[i], 'advantages') };
  const ids = Int32Array.from(kept, (at) => padded[at]!);
  const sampled = Uint8Array.from(kept, (at) => mask[at]!);
  const events = eventsFromIds(ids, sampled, [], defined(columns));
  const prompt = sampled.indexOf(1);
  return accept(
    {
      id: `${positionId(context)}.${i}`,
      task: promptKey(events),
      taskLabel: `prompt of ${prompt < 0 ? ids.length : prompt} tokens`,
      reward: asLogged(batch.rewards?.[i]) ?? null,
      ...defined({ advantage: commonValue([columns.advantages], ADVANTAGES) }),
      branches: [{ events }],
    },
    notes,
  );
}

function withFront(mask: Uint8Array | null, from: number): Uint8Array | null {
  if (mask === null) return null;
  const whole = new Uint8Array(from + mask.length);
  whole.set(mask, from);
  return whole;
}

/** All places from the first answer on, so that a column is read as parallel to them, whatever is masked among them. */
function wholeMask(mask: Uint8Array, from: number): Uint8Array {
  return Uint8Array.from(mask, (_, at) => (at >= from ? 1 : 0));
}

/** One number for each row, in the batch or in its `info`. */
function rewardsOf(record: unknown, rows: number): ArrayLike<unknown> | undefined {
  for (const value of [get(record, 'reward'), get(record, 'rewards'), get(get(record, 'info'), 'reward')])
    if ((isList(value) || isColumn(value)) && value.length === rows) return value;
  return undefined;
}
