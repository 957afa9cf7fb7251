/** One verifiers trace for each task: its records as a graph of messages, with the exact weight of every token. */
import { NONE } from '../../../core/model/kinds.ts';
import { jsonText, type Floats } from '../../../core/export/json-text.ts';
import type { PlannedExport } from '../planned.ts';
import type { ExportProfile } from '../profile.ts';
import { rowValues } from '../row-values.ts';
import type { Tally } from '../tally.ts';
import { traceTools } from '../trace-message.ts';
import { traceNodes, type TraceNode } from '../trace-nodes.ts';
import type { TaskUnit } from '../units.ts';
import { lossWarnings } from '../warnings.ts';

type Stream = 'ce' | 'rl';

const FLOATS: Floats = { nodes: { logprobs: 'float', advantages: 'float', loss_weights: { ce: 'float', rl: 'float' } } };

export const verifiers: ExportProfile = {
  id: 'verifiers',
  label: 'verifiers',
  family: 'prime-rl',
  about: 'One trace for each task, every message once, with loss_weights for each token, for prime-rl',
  specification: 'https://github.com/PrimeIntellect-ai/verifiers/blob/main/verifiers/v1/trace.py',
  fileName: 'verifiers/train.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'task',
  takesRecords: true,
  writesIds: true,
  needs: ['messages'],
  saysWeights: () => true,
  options: [
    {
      name: 'loss',
      label: 'Loss',
      help: 'the loss that the weights are of: ce, cross-entropy; rl, with an advantage for each sampled token',
      type: 'choice',
      values: ['ce', 'rl'],
      default: 'ce',
    },
  ],
  byDefault: false,
  count: () => null,
  warnings(planned, { loss }) {
    const found = lossWarnings(planned);
    if (loss === 'rl' && !planned.ruling.scores.hasAdvantage)
      found.push('The log has no advantages and no rewards to compute them from: prime-rl refuses rl weights without them.');
    return found;
  },
  writer(planned, { loss }, tally) {
    const values = rowValues(planned);
    const stream: Stream = loss === 'rl' ? 'rl' : 'ce';
    return {
      write(unit: TaskUnit) {
        const nodes = traceNodes(unit.records, planned.spec.weights, values, tally);
        if (nodes.length === 0) return null;
        tally.add('rewards of single rollouts, left out', unit.records.filter(({ reward }) => reward !== null).length);
        return new TextEncoder().encode(`${jsonText(traceOf(unit, nodes, planned, stream, tally), FLOATS)}\n`);
      },
    };
  },
};

function traceOf({ task }: TaskUnit, nodes: readonly TraceNode[], { ruling }: PlannedExport, stream: Stream, tally: Tally): object {
  const { key, label } = ruling.dataset.tokens.tasks[task] ?? { key: '', label: '' };
  const tools = nodes.find((node) => node.tools !== undefined)?.tools;
  return {
    version: 1,
    id: key,
    task: { type: 'Task', key, data: { name: label } },
    agent: { name: 'agent', trainable: true, config: {} },
    tools: tools === undefined ? [] : traceTools(tools),
    nodes: nodes.map((node) => nodeOf(node, stream, tally)),
    rewards: {},
    is_completed: true,
    ok: true,
    info: { tokenizer: ruling.dataset.tokenizerName },
  };
}

/** Log-probs and advantages are compact: one for each token that was sampled. */
function nodeOf({ parent, message, tools, ids, sampled, weight, logprob, advantage }: TraceNode, stream: Stream, tally: Tally): object {
  const isSampled = (_: number, i: number): boolean => sampled[i] === 1;
  const own = Array.from(logprob).filter(isSampled);
  const isKnown = own.every((value) => !Number.isNaN(value));
  if (!isKnown) tally.add('messages with a sampled token of unknown log-prob, without logprobs');
  const credit = Array.from(advantage).filter(isSampled);
  return {
    ...(parent === NONE ? {} : { parent }),
    ...(tools === undefined ? {} : { tools: traceTools(tools) }),
    message,
    sampled: own.length > 0,
    token_ids: Array.from(ids),
    mask: Array.from(sampled, (value) => value === 1),
    ...(own.length > 0 && isKnown ? { logprobs: own } : {}),
    ...(stream === 'rl' && credit.length > 0 && credit.every((value) => !Number.isNaN(value)) ? { advantages: credit } : {}),
    ...(weight.some((value) => value > 0) ? { loss_weights: { [stream]: Array.from(weight) } } : {}),
  };
}
