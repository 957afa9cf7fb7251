/** What an export is about to write. */
import type { BranchPlan } from '../../core/export/branches.ts';
import type { Forest } from '../../core/model/forest.ts';
import type { AxisId } from '../../core/axes/axes.ts';
import type { ErrorMasks } from '../errors/masks.ts';
import type { Redactor } from './preflight/redact.ts';
import type { RecordChoice } from './choice.ts';
import type { Tokenizer } from '../../core/tokens/tokenizer.ts';
import type { TemplateTraits } from '../../core/tokens/template.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import type { ExportSpec, MixedPool, Split } from '../answers/exporting.ts';
import type { OpenSettings } from '../answers/opening.ts';
import type { ReadBack } from '../read-back.ts';
import type { Keep, Ruling } from '../ruled.ts';
import type { SaidOfTasks } from './mixing.ts';

export interface PlannedExport extends ExportJob {
  /** Null: texts are written as the log has them. */
  readonly redactor: Redactor | null;
  readonly kept: Uint8Array;
  /** The rule's forest; its only learners are those that acts let an export write, and with kept-mean of them those kept whole. */
  readonly learning: Forest;
  readonly plan: BranchPlan;
  /** Turns that carry no loss because they went wrong; null: none is looked for. */
  readonly masks: ErrorMasks | null;
  /** Records left out because an earlier one is the same, to balance the others, and for the mix of tags. */
  readonly leftOut: RecordChoice['counts'];
  /** Those of the plan's records that carry loss: a kept branch without loss is no training record. */
  readonly records: Int32Array;
  /** task -> the files in which its records stand */
  readonly splits: readonly Split[];
  /** task -> what weights divide by: K, over what a mix multiplies them by */
  readonly divisors: Float64Array;
  /** Null: no mix of tags is asked for. */
  readonly mix: PlannedMix | null;
}

export interface PlannedMix {
  readonly pools: readonly MixedPool[];
  /** Tasks by their own keys, with what is said of them: for a hash, no file holds it. */
  readonly tags: readonly (readonly [task: string, tags: Readonly<Record<AxisId, string>>])[];
}

export interface ExportJob {
  readonly ruling: Ruling;
  readonly keep: Keep;
  readonly spec: ExportSpec;
  readonly readBack: ReadBack;
  /** As set when the inputs were opened; for the manifest. */
  readonly opened: Pick<OpenSettings, 'memoryTools' | 'maxNodeTokens' | 'group' | 'rewards' | 'statusRewards' | 'policyVersion'>;
  /** The session's. */
  readonly tokenizer: Tokenizer;
  /** The chat template of that tokenizer; null where the plain marks stand for one. */
  readonly template: TemplateTraits | null;
  /** What a person says of tasks; absent: nothing. */
  readonly said?: SaidOfTasks;
  /** The SHA-256 of an input, where it is known already or comes later. */
  readonly hashOf?: (source: ByteSource) => Promise<string>;
}
