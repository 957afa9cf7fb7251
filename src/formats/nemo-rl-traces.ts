/**
 * NeMo-RL rollouts with compaction: `{rollout_id, group_id, reward, physical_traces}`. One rollout is several physical traces, each a
 * sequence of its own; a span that is not eligible is not trained.
 * https://github.com/NVIDIA-NeMo/RL
 */
import type { Branch } from '../core/model/rollout.ts';
import { accept, defined, positionId, refuse, refuseShape } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { asLogged, describe, get, getId, getList, getNumber, isObject } from './json.ts';
import { eventsFromIds } from './masked-ids.ts';
import { idsFound, readColumn, readIds, readMask } from './per-token.ts';
import { taskOf } from './task-key.ts';

export const nemoRlTraces: Format = {
  id: 'nemo-rl-traces',
  label: 'NeMo-RL physical traces',
  detects: (record) => isObject(record) && getId(record, 'rollout_id') !== undefined && getList(record, 'physical_traces') !== undefined,
  decode: (record, context) => [decodeRollout(record, context)],
};

function decodeRollout(record: unknown, context: RecordContext): Decoded {
  const traces = getList(record, 'physical_traces');
  if (traces === undefined) return refuseShape('a list at physical_traces', record, 'physical_traces');
  if (traces.length === 0) return refuse('trace-empty', 'at least one physical trace', 'none');
  const notes: Complaint[] = [];
  const branches: Branch[] = [];
  for (const [t, trace] of traces.entries()) {
    const read = readTrace(trace, t, notes);
    if ('code' in read) return { ok: false, complaint: read };
    branches.push(branches.length === 0 ? read : { ...read, cause: 'compaction' });
  }
  const told = taskOf(branches[0]?.events ?? [], getId(record, 'group_id'));
  const fields = {
    reward: asLogged(get(record, 'reward')) ?? null,
    ...defined({ policy: getId(record, 'policy_version', 'weight_version') }),
  };
  return accept({ id: getId(record, 'rollout_id') ?? positionId(context), ...told, ...fields, branches }, notes);
}

function readTrace(trace: unknown, t: number, notes: Complaint[]): Branch | Complaint {
  const segments = getList(trace, 'segments') ?? [];
  const ids: number[] = [];
  const mask: number[] = [];
  const logprobs: number[] = [];
  for (const [s, segment] of segments.entries()) {
    const own = readIds(get(segment, 'token_ids'));
    if (own === null && (getList(segment, 'token_ids')?.length ?? 1) === 0) continue;
    if (own === null)
      return { code: 'token-ids', expected: `token ids in segment ${s} of trace ${t}`, found: idsFound(get(segment, 'token_ids')) };
    const trained = readMask(get(segment, 'loss_mask'), own.length);
    if (trained === null)
      return {
        code: 'loss-mask',
        expected: `${own.length} numbers at loss_mask in segment ${s} of trace ${t}`,
        found: describe(get(segment, 'loss_mask')),
      };
    const column = readColumn(get(segment, 'generation_logprobs'), trained, 'generation_logprobs', notes);
    for (let i = 0; i < own.length; i++) {
      ids.push(own[i]!);
      mask.push(trained[i]!);
      logprobs.push(column?.[i] ?? Number.NaN);
    }
  }
  if (ids.length === 0) return { code: 'trace-empty', expected: `tokens in trace ${t}`, found: describe(segments) };
  for (const span of getList(trace, 'completion_spans') ?? [])
    if (get(span, 'eligible') === false) mask.fill(0, getNumber(span, 'start') ?? 0, Math.min(mask.length, getNumber(span, 'end') ?? 0));
  const values = Float64Array.from(logprobs, (value, i) => (mask[i] === 1 ? value : Number.NaN));
  return { events: eventsFromIds(Int32Array.from(ids), Uint8Array.from(mask), [], { logprobs: values }) };
}
