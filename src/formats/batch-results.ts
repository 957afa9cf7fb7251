/**
 * Results of batches: a line for each request, by its own id, with the reply or with why there is none. OpenAI's (and of servers that do
 * as it does), Anthropic's and Bedrock's. Prompts are in the file of requests; opened beside the results, it is joined to them.
 * https://platform.openai.com/docs/guides/batch · https://docs.anthropic.com/en/docs/build-with-claude/batch-processing
 */
import { refuse } from './envelope.ts';
import { BATCH_REQUEST, isBatchResult } from './batch-lines.ts';
import { errorText } from './error-text.ts';
import type { Complaint, Format } from './format.ts';
import { describe, get, getId, getObject, getString, isObject } from './json.ts';
import { rolloutsOfExchange } from './reply-rollouts.ts';
import { isReply } from './reply-shapes.ts';

/** The body of the request, where the line has it: Bedrock's do; others have it joined to them. */
function requestOf(record: unknown): unknown {
  const joined = get(record, BATCH_REQUEST);
  return get(record, 'modelInput') ?? get(joined, 'body') ?? get(joined, 'params') ?? getObject(record, 'body');
}

export const batchResults: Format = {
  id: 'batch-results',
  label: 'Results of batches',
  beats: ['chat', 'openai-reply', 'prompt-completion', 'server-reply'],
  detects: isBatchResult,
  decode(record, context) {
    const reply =
      get(get(record, 'response'), 'body') ??
      get(get(record, 'result'), 'message') ??
      get(record, 'modelOutput') ??
      get(record, 'response');
    if (!isReply(reply)) {
      const why = errorText(get(record, 'error')) ?? errorText(reply) ?? errorText(get(record, 'result'));
      const other = isObject(reply) ? describe(reply) : (getString(getObject(record, 'result'), 'type') ?? describe(record));
      return [refuse('reply', 'the reply to a request', why === undefined ? other : `an error: ${why}`)];
    }
    const request = requestOf(record);
    const notes: Complaint[] =
      request === undefined ? [{ code: 'no-prompt', expected: 'the request beside its reply', found: 'the reply alone' }] : [];
    const id = getId(record, 'custom_id', 'recordId');
    return rolloutsOfExchange(request, reply, record, context, notes).map((entry, index) =>
      entry.ok && id !== undefined ? { ...entry, rollout: { ...entry.rollout, id: index === 0 ? id : `${id}/${index}` } } : entry,
    );
  },
};
