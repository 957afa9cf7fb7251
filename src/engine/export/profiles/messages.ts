/** Branches as chat messages, with what trains marked on each message. */
import { jsonLines, type ExportProfile } from '../profile.ts';
import type { BranchUnit } from '../units.ts';
import { lossWarnings } from '../warnings.ts';

export const messages: ExportProfile = {
  id: 'messages',
  label: 'Messages',
  about: 'One record per kept branch that carries loss, with train and weight on each message',
  specification: 'docs/training-sets.md',
  fileName: 'messages.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  weights: 'exact',
  unit: 'branch',
  needs: ['messages'],
  options: [],
  byDefault: true,
  count: (planned) => planned.records.length,
  warnings(planned) {
    const found = lossWarnings(planned);
    if (planned.plan.factors !== null)
      found.push(
        'Single tokens carry loss, which messages cannot say: each has the mean weight of its tokens. For the tokens, use tokens.jsonl.',
      );
    if (planned.ruling.dataset.opening.counts.loggedTokens > 0)
      found.push('Messages are text: a trainer that tokenises them again may not get the logged ids.');
    return found;
  },
  writer: jsonLines(
    ({ said, origin, index, reward, complete }: BranchUnit, { spec }) => ({
      messages: said?.messages(spec.weights),
      ...(said?.rollout.tools === undefined ? {} : { tools: JSON.parse(said.rollout.tools) as unknown }),
      ...origin,
      branch: index,
      reward,
      complete,
    }),
    { messages: { weight: 'float' }, reward: 'float' },
  ),
};
