/** The verb of a session that gets ready what an order rests on: the words that filters of acts look for, and relative rewards. */
import type { PruneRule } from '../../core/model/rule.ts';
import type { SearchProgress, WhereAnswer } from '../answers/searching.ts';
import type { Dataset } from '../dataset.ts';
import type { SessionSearch } from '../search/session-search.ts';
import { prepareRelative } from '../studies/truths/relative-rewards.ts';
import type { Surveys } from '../surveys/session-surveys.ts';
import { missingTerms, scannedTexts, textFaults } from './match-where.ts';

export interface SessionActs {
  /**
   * Looks through the texts of the log for what the rule's acts ask for and nobody has looked for yet; `order` throws before. Where
   * a search has no end, or a text cannot be read, the line has a fault. Where the rule goes by rewards relative to ground truths, these
   * are measured.
   */
  prepareActs(rule: PruneRule, onProgress: (progress: SearchProgress) => void): Promise<void>;
}

function faultOf(found: WhereAnswer): string | null {
  if (!found.ok) return found.fault;
  const { unsearched } = found;
  return unsearched && `${unsearched.rollouts.toLocaleString('en')} rollouts could not be looked through: ${unsearched.why}`;
}

export function makeSessionActs(dataset: () => Dataset, search: SessionSearch, surveys: Surveys): SessionActs {
  return {
    async prepareActs(rule, onProgress) {
      await prepareRelative(dataset, surveys, rule);
      for (const { where, isOn } of rule.acts) {
        if (where === undefined || !isOn) continue;
        for (const term of missingTerms(dataset(), where)) {
          const on = dataset();
          // A term alone is a filter, and takes the rollouts whose texts or names hold it.
          const found = await search.where(term, null, onProgress);
          const taken = found.ok ? found.taken : new Uint8Array(on.tokens.rollouts.length);
          if (on !== dataset()) continue;
          scannedTexts(on).set(term, taken);
          const fault = faultOf(found);
          if (fault !== null) textFaults(on).set(term, fault);
        }
      }
    },
  };
}
