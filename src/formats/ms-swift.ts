/**
 * ms-swift samplings (`swift sample`): `{messages, rejected_response, id}` per line. What `messages` end with was preferred, the other was
 * not: each is a rollout of the same prompt.
 * https://swift.readthedocs.io/en/latest/Instruction/Sample.html
 */
import { accept, readEnvelope, refuseShape, singleRollout } from './envelope.ts';
import type { Complaint, Decoded, Format } from './format.ts';
import { get, getString, isObject } from './json.ts';
import { looksLikeMessages, readMessages } from './messages.ts';

export const msSwift: Format = {
  id: 'ms-swift',
  label: 'ms-swift samplings',
  beats: ['chat'],
  detects: (record) =>
    isObject(record) && looksLikeMessages(get(record, 'messages')) && getString(record, 'rejected_response') !== undefined,
  decode(record, context) {
    const messages = get(record, 'messages');
    const rejected = getString(record, 'rejected_response');
    if (!looksLikeMessages(messages) || rejected === undefined)
      return [refuseShape('a list at messages, and text at rejected_response', record, 'messages', 'rejected_response')];
    const prompt = messages.slice(0, -1);
    const fields = readEnvelope(record, context);
    return (['chosen', 'rejected'] as const).map((side): Decoded => {
      const notes: Complaint[] = [{ code: 'preference', expected: 'a reward', found: 'a preference: chosen counts 1, rejected 0' }];
      const list = side === 'chosen' ? messages : [...prompt, { role: 'assistant', content: rejected }];
      const read = readMessages(list, { notes, sampled: (_, role, at) => role === 'assistant' && at === messages.length - 1 });
      if (!read.ok) return { ok: false, complaint: read.complaint };
      const reward = side === 'chosen' ? 1 : 0;
      // Several lines have one id: it names the prompt.
      return accept(singleRollout({ ...fields, id: `${context.path}#${context.index}/${side}`, reward, status: side }, read.events), notes);
    });
  },
};
