/** Branches as lists of token ids with masks and weights, written as bytes. */
import { makeByteWriter } from '../../../core/export/byte-writer.ts';
import { makeTokenLines } from '../../../core/export/token-lines.ts';
import { recordAdvantages } from '../plan.ts';
import type { ExportProfile } from '../profile.ts';
import { lossWarnings } from '../warnings.ts';

export const tokens: ExportProfile = {
  id: 'tokens',
  label: 'Tokens',
  family: 'Own files',
  about: 'input_ids, loss_mask, position_ids and weight, all of one length',
  specification: 'docs/training-sets.md',
  fileName: 'tokens.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'branch',
  writesIds: true,
  needs: [],
  saysWeights: () => true,
  options: [],
  byDefault: true,
  count: (planned) => planned.records.length,
  warnings(planned) {
    const found = lossWarnings(planned);
    const { opening, tokenizerName } = planned.ruling.dataset;
    if (opening.counts.images > 0) found.push('Token ids cannot represent images: to train on images, use messages.');
    if (opening.counts.textTokens > 0 && opening.counts.loggedTokens === 0)
      found.push(
        `Token ids are ${tokenizerName}'s, with Espalier's plain message marks; ` +
          `to train a model with another vocabulary, use messages or open the log with its tokenizer.json.`,
      );
    return found;
  },
  writer(planned) {
    const { ruling, plan, spec } = planned;
    const { forest } = ruling.problem;
    const lines = makeTokenLines({ forest, plan, convention: spec.weights, meanAdvantage: recordAdvantages(planned) });
    const out = makeByteWriter(1 << 16);
    return {
      write({ record, divisor, origin }) {
        out.length = 0;
        lines.write(out, record, divisor, JSON.stringify(origin).slice(1, -1));
        return out.data.subarray(0, out.length);
      },
    };
  },
};
