/**
 * slime's and miles' rollout dumps (`--save-debug-rollout-data`): `{rollout_id, samples}` of `Sample.to_dict()` in a file of torch, or as
 * JSON. Samples with one `rollout_id` of their own are one execution in several sequences.
 * https://github.com/THUDM/slime/blob/main/slime/utils/types.py
 */
import type { Branch, Rollout, RolloutEvent } from '../core/model/rollout.ts';
import { accept, defined, positionId, refuse, refuseShape } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { versionSpan } from '../core/rollouts/policy-versions.ts';
import { describe, get, getId, getList, getNumber, getString, isList, isObject } from './json.ts';
import { eventsFromIds } from './masked-ids.ts';
import { looksLikeMessages, readMessages, readReward } from './messages.ts';
import { idsFound, maskFound, readColumn, readIds, readMask } from './per-token.ts';
import { taskOf } from './task-key.ts';
import { textRollout } from './text-rollout.ts';

export const slime: Format = {
  id: 'slime',
  label: 'slime and miles rollouts',
  beats: ['prompt-completion', 'chat'],
  // A dump in JSON is a document whose records are its samples.
  detects: (record) =>
    isSample(record) || (getId(record, 'rollout_id') !== undefined && getList(record, 'samples')?.some(isSample) === true),
  decode(record, context) {
    if (isSample(record)) return [decodeExecution(context.document, [{ sample: record, index: context.index }], context)];
    const samples = getList(record, 'samples') ?? [];
    if (samples.length === 0) return [refuse('samples-empty', 'at least one sample at samples', describe(get(record, 'samples')))];
    return executionsOf(samples).map((own) => decodeExecution(record, own, context));
  },
};

function isSample(sample: unknown): boolean {
  return isObject(sample) && get(sample, 'tokens') !== undefined && get(sample, 'response_length') !== undefined;
}

interface Numbered {
  readonly sample: unknown;
  readonly index: number;
}

function executionsOf(samples: readonly unknown[]): readonly (readonly Numbered[])[] {
  const executions = new Map<string, Numbered[]>();
  samples.forEach((sample, index) => {
    const own = getId(sample, 'rollout_id');
    const key = own === undefined ? `#${index}` : own;
    const known = executions.get(key);
    if (known) known.push({ sample, index });
    else executions.set(key, [{ sample, index }]);
  });
  return [...executions.values()];
}

function decodeExecution(record: unknown, samples: readonly Numbered[], context: RecordContext): Decoded {
  const notes: Complaint[] = [];
  const branches: Branch[] = [];
  for (const { sample, index } of samples) {
    const read = eventsOf(sample, index, notes);
    if (!Array.isArray(read)) return { ok: false, complaint: read };
    branches.push({
      events: read,
      ...defined({ reward: readReward(get(sample, 'reward'))?.reward, cause: branches.length > 0 ? 'rewrite' : undefined }),
    });
  }
  const [first] = samples;
  const sample = first?.sample;
  const reward = readReward(get(sample, 'reward'));
  const group = getId(sample, 'group_index');
  const told = taskOf(branches[0]?.events ?? []);
  const versions = versionsOf(sample);
  const number = getId(sample, 'index');
  const rollout: Rollout = {
    id: `${getId(record, 'rollout_id') ?? positionId(context)}/${number ?? String(first?.index ?? 0)}`,
    task: told.task,
    taskLabel: group === undefined ? told.taskLabel : `${told.taskLabel} (group ${group})`,
    reward: reward?.reward ?? null,
    ...defined({
      // The number of a sample is of the run; a dump's is of the step that its sample was taken at.
      episode: number === undefined ? undefined : `sample ${number}`,
      rewardParts: reward?.parts,
      status: getString(sample, 'status'),
      policy: versions.length === 0 ? getId(record, 'rollout_id') : Array.from(new Set([versions[0]!, versions.at(-1)!])).join('-'),
    }),
    branches,
  };
  return accept(rollout, notes);
}

function eventsOf(sample: unknown, index: number, notes: Complaint[]): RolloutEvent[] | Complaint {
  const texts = textsOf(sample, notes);
  const logged = get(sample, 'tokens');
  if (isList(logged) && logged.length === 0) {
    if (texts.length > 0) return texts;
    const refused = refuseShape('tokens, or a prompt and a response', sample, 'tokens');
    if (!refused.ok) return refused.complaint;
  }
  const ids = readIds(logged);
  if (ids === null) return { code: 'token-ids', expected: `token ids at tokens of sample ${index}`, found: idsFound(logged) };
  const answered = getNumber(sample, 'response_length') ?? -1;
  if (!(answered >= 0 && answered <= ids.length))
    return {
      code: 'shape',
      expected: `a response_length of at most ${ids.length} at sample ${index}`,
      found: describe(get(sample, 'response_length')),
    };
  const from = ids.length - answered;
  // The response is what was sampled, less what a mask of it leaves out: then what a tool said is context.
  const given = get(sample, 'loss_mask') ?? null;
  const own = readMask(given, answered);
  if (own === null && given !== null)
    return { code: 'loss-mask', expected: `${answered} numbers at loss_mask of sample ${index}`, found: maskFound(given) };
  const mask = Uint8Array.from(ids, (_, at) => (at >= from && (own?.[at - from] ?? 1) === 1 ? 1 : 0));
  const whole = Uint8Array.from(ids, (_, at) => (at >= from ? 1 : 0));
  const column = (key: string): Float64Array | undefined => {
    const all = readColumn(get(sample, key), whole, key, notes);
    return all?.map((value, at) => (mask[at] === 1 ? value : Number.NaN));
  };
  return eventsFromIds(ids, mask, texts, defined({ logprobs: column('rollout_log_probs'), versions: versionsByCall(sample, mask) }));
}

/** A version for each call of the server; where calls are as many as runs of sampled tokens, each is of its run. */
function versionsByCall(sample: unknown, mask: Uint8Array): Float64Array | undefined {
  const calls = versionsOf(sample).map((version) => versionSpan(version)?.first ?? Number.NaN);
  if (new Set(calls).size < 2 || calls.some(Number.isNaN)) return undefined;
  const versions = new Float64Array(mask.length).fill(Number.NaN);
  let runs = 0;
  for (let at = 0; at < mask.length; at++) {
    if (mask[at] !== 1) continue;
    if (at === 0 || mask[at - 1] !== 1) runs++;
    versions[at] = calls[runs - 1] ?? Number.NaN;
  }
  return runs === calls.length ? versions : undefined;
}

function versionsOf(sample: unknown): string[] {
  return getList(sample, 'weight_versions')?.map(String) ?? [];
}

function textsOf(sample: unknown, notes: Complaint[]): RolloutEvent[] {
  const prompt = get(sample, 'prompt');
  const response = getString(sample, 'response') ?? '';
  if (looksLikeMessages(prompt)) {
    const read = readMessages(prompt, { name: 'prompt', notes, sampled: () => false });
    if (!read.ok) return [];
    return [...read.events, { role: 'assistant', sampled: true, parts: response === '' ? [] : [{ kind: 'text', text: response }] }];
  }
  return typeof prompt === 'string' && prompt + response !== '' ? [...textRollout(prompt, response, notes)] : [];
}
