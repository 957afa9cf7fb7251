/** Branches as chat messages, with what trains marked on each message. */
import { messageWarnings } from '../whole-mark-warnings.ts';
import { jsonLines, type ExportProfile } from '../profile.ts';
import { trainsOnlyCutTurn } from '../cut-turns.ts';
import { UNDESCRIBED_TOOLS } from '../tally.ts';
import { endBehind } from '../record-end.ts';
import type { BranchUnit } from '../units.ts';

export const messages: ExportProfile = {
  id: 'messages',
  label: 'Messages',
  family: 'Own files',
  about: 'One record per kept branch that carries loss, with train and weight on each message',
  specification: 'docs/training-sets.md',
  fileName: 'messages.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'branch',
  needs: ['messages'],
  saysWeights: () => true,
  options: [],
  byDefault: true,
  count: (planned) => planned.records.filter((record) => !trainsOnlyCutTurn(planned, record)).length,
  warnings(planned) {
    const found = messageWarnings(planned);
    if (planned.plan.factors !== null)
      found.push(
        'Single tokens carry loss, which messages cannot say: each has the mean weight of its tokens. For the tokens, use tokens.jsonl.',
      );
    return found;
  },
  writer: jsonLines(
    ({ record, said, origin, index, reward, complete }: BranchUnit, planned, _options, tally) => {
      const list = said?.messages(planned.spec.weights) ?? [];
      tally.add('turns that the log cuts off, not trained', list.filter(({ truncated }) => truncated === true).length);
      if (trainsOnlyCutTurn(planned, record)) return null;
      if (said?.rollout.tools === undefined && list.some((message) => message.tool_calls !== undefined)) tally.add(UNDESCRIBED_TOOLS);
      if (planned.plan.factors !== null)
        tally.add(
          'messages with the mean weight of their tokens, of which single ones carry loss',
          list.filter(({ train }) => train).length,
        );
      const last = list.findLastIndex(({ train }) => train);
      return {
        // A turn that is cut off trains as tokens only: it and what leads to it are of no use here.
        messages: list.slice(0, endBehind(list, last, planned.spec)).map((message) => ({ ...message, tokens: undefined })),
        ...(said?.rollout.tools === undefined ? {} : { tools: JSON.parse(said.rollout.tools) as unknown }),
        ...origin,
        branch: index,
        reward,
        complete,
      };
    },
    { messages: { weight: 'float' }, reward: 'float' },
  ),
};
