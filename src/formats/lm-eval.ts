/**
 * Samples of lm-evaluation-harness (`samples_<task>_<time>.jsonl`, `--log_samples`): a document, the arguments of its requests, and what
 * the model answered, once or several times. https://github.com/EleutherAI/lm-evaluation-harness
 */
import { accept, refuse, refuseShape, singleRollout } from './envelope.ts';
import type { Complaint, Decoded, Format } from './format.ts';
import { describe, get, getId, getList, getString, isList, isObject } from './json.ts';
import { looseMessages } from './loose-messages.ts';
import { readReward } from './messages.ts';
import { readPair } from './pair.ts';

export const lmEval: Format = {
  id: 'lm-eval',
  label: 'lm-evaluation-harness samples',
  beats: ['chat', 'prompt-completion'],
  detects: (record) =>
    isObject(record) &&
    get(record, 'doc_id') !== undefined &&
    isList(get(record, 'resps')) &&
    get(record, 'arguments') !== undefined &&
    get(record, 'doc') !== undefined,
  decode(record, context) {
    const all = getList(record, 'resps');
    const requests = requestsOf(get(record, 'arguments'));
    if (all === undefined || requests.length === 0)
      return [refuseShape('a list at resps, and arguments with a prompt', record, 'resps', 'arguments')];
    const answers = all.map((given, request) => (isList(given) ? given : [given]).map((answer) => ({ answer, request })));
    const texts = answers.flat().filter(({ answer }) => typeof answer === 'string');
    if (texts.length === 0)
      return [refuse('no-text', 'answers in words at resps', `${describe(all[0])}: the log-probs of given choices are no rollout`)];
    const doc = getId(record, 'doc_id') ?? String(context.index);
    const hash = getId(record, 'doc_hash', 'prompt_hash');
    const reward = texts.length === 1 ? rewardOf(record) : null;
    const filter = getString(record, 'filter');
    const named = filter === undefined || filter === 'none' ? '' : ` ${filter}`;
    const found = `those that the filter${named} has judged; each filter of the task has a line with them`;
    return texts.map(({ answer, request }, at): Decoded => {
      const notes: Complaint[] = named === '' ? [] : [{ code: 'filter', expected: 'the answers to a document once', found }];
      const prompt = requests[Math.min(request, requests.length - 1)];
      const read = readPair(looseChat(prompt), answer, notes);
      if (!read.ok) return { ok: false, complaint: read.complaint };
      const id = `${context.path}#${doc}${texts.length === 1 ? '' : `/${at}`}${named}`;
      return accept(singleRollout({ id, reward }, read.events, hash === undefined ? undefined : `${doc} ${hash}`), notes);
    });
  },
};

/** request -> its prompt: `{gen_args_0: {arg_0, arg_1}}`, or lists of arguments. */
function requestsOf(given: unknown): readonly unknown[] {
  const all = isList(given) ? given : isObject(given) ? Object.values(given) : [];
  return all.map((request) => (isList(request) ? request[0] : (get(request, 'arg_0') ?? get(request, 'prompt'))));
}

/** A chat that was sent as JSON text is the text of a list of messages. */
function looseChat(prompt: unknown): unknown {
  const text: unknown = isList(prompt) && prompt.length === 1 ? prompt[0] : prompt;
  if (typeof text !== 'string' || !/^\s*\[\s*\{/.test(text)) return text;
  return looseMessages(text, 'user') ?? text;
}

/** The first metric that the record names for itself, or one of the usual names. */
function rewardOf(record: unknown): number | null {
  const named = (getList(record, 'metrics') ?? []).filter((name): name is string => typeof name === 'string');
  const values = [...named, 'exact_match', 'acc', 'pass@1', 'score', 'f1'].map((key) => get(record, key));
  const metric = values.find((value) => typeof value === 'number' || typeof value === 'boolean');
  return readReward(metric)?.reward ?? null;
}
