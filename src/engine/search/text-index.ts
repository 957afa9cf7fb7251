/** Which rollouts hold which words: filled by looking through the texts once, and kept for the next filter with the same words. */
import type { TextTerm } from '../../core/filter/text-terms.ts';
import type { Unsearched } from '../answers/searching.ts';
import type { Dataset } from '../dataset.ts';

/** What is known of one word or expression. */
export interface TermFindings {
  /** rollout -> 1 where its texts hold it */
  readonly found: Uint8Array<ArrayBuffer>;
  /** rollout -> places in its texts */
  readonly hits: Int32Array<ArrayBuffer>;
  unsearched: Unsearched | null;
}

export interface TextIndex {
  /** Of the dataset; null: it has not been looked for. */
  of(dataset: Dataset, term: TextTerm): TermFindings | null;
  keep(dataset: Dataset, term: TextTerm, findings: TermFindings): void;
}

/** Words of the last few filters; five bytes for each rollout. */
const KEPT = 32;

export function makeTextIndex(): TextIndex {
  let version = -1;
  const held = new Map<string, TermFindings>();
  const enter = (dataset: Dataset): void => {
    if (dataset.version === version) return;
    version = dataset.version;
    held.clear();
  };
  return {
    of(dataset, { key }) {
      enter(dataset);
      const findings = held.get(key);
      if (findings === undefined) return null;
      held.delete(key);
      held.set(key, findings);
      return findings;
    },
    keep(dataset, { key }, findings) {
      enter(dataset);
      held.set(key, findings);
      for (const oldest of held.keys()) {
        if (held.size <= KEPT) break;
        held.delete(oldest);
      }
    },
  };
}

export function emptyFindings(rollouts: number): TermFindings {
  return { found: new Uint8Array(rollouts), hits: new Int32Array(rollouts), unsearched: null };
}
