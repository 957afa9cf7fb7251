/** What a look at the records of an export finds before any is written. Sentences are made in `words/preflight`. */
import type { RedactedValue } from '../export/preflight/redact.ts';
import type { ExportedFile, SkippedProfile } from './exporting.ts';

/** Records, and tokens of theirs that carry loss: a token counts in each record that trains it. */
export interface Trained {
  readonly records: number;
  readonly tokens: number;
}

export interface NamedTrained extends Trained {
  readonly name: string;
}

/** Where a record comes from. */
export interface RecordPlace {
  /** The task's key: its name for people may be a prompt, and hold a secret. */
  readonly task: string;
  readonly rollout: string;
}

/** Records of the same tokens with loss on the same ones, or of nearly the same trained tokens. */
export interface Copies {
  /** Records that are a copy of an earlier one. */
  readonly records: number;
  /** Sets of records that are copies of each other. */
  readonly groups: number;
  /** Copies whose first record is of another task; in files of the other split. */
  readonly acrossTasks: number;
  readonly acrossSplits: number;
  /** Of the largest group, its first record and one that is a copy of it. */
  readonly example: readonly [RecordPlace, RecordPlace] | null;
}

export interface NearCopies extends Copies {
  /** Least share of runs of `width` trained tokens in common, over runs of either (Jaccard). */
  readonly least: number;
  readonly width: number;
  /** Records that were compared: a draw, where there are too many. */
  readonly compared: number;
  /** Pairs that an estimate decided, because exact comparisons had come to their limit. */
  readonly estimated: number;
}

export interface FoundSecrets {
  readonly kind: string;
  /** What it is, in the singular. */
  readonly label: string;
  readonly isPersonal: boolean;
  /** Times that it stands in messages of records, and different ones among them. */
  readonly times: number;
  readonly different: number;
  /** Different ones, the first 200, with what they are masked; `id` names one in a choice of what to redact. */
  readonly values: readonly { readonly id: string; readonly masked: string; readonly times: number }[];
  readonly records: number;
  /** The first, with what they are masked; `message` counts from 1. */
  readonly places: readonly (RecordPlace & { readonly message: number; readonly role: string; readonly masked: string })[];
}

export interface Preflight {
  readonly mode: 'sft' | 'rl';
  readonly records: number;
  /** Records that stand in files for validation. */
  readonly validation: number;
  /** Tokens of all records, and those with loss. */
  readonly tokens: number;
  readonly trained: number;
  /** Kept branches, and those of them that are no record because nothing of them carries loss. */
  readonly branches: number;
  readonly branchesWithoutLoss: number;
  readonly rewards: { readonly above: Trained; readonly zero: Trained; readonly below: Trained; readonly unknown: Trained };
  /** Kinds of nodes whose tokens carry loss, the most tokens first. */
  readonly kinds: readonly NamedTrained[];
  /** Records with all their loss on nodes of one kind, by that kind. */
  readonly onlyKind: readonly NamedTrained[];
  /** Tools whose calls carry loss, the most tokens first, at most 8; how many further ones there are, and their tokens. */
  readonly tools: readonly NamedTrained[];
  readonly otherTools: { readonly tools: number; readonly tokens: number };
  /** Records that call tools while the log describes none; null where messages are not read. */
  readonly undescribed: number | null;
  /** By their keys. */
  readonly tasks: { readonly total: number; readonly withRecords: number; readonly largest: readonly NamedTrained[] };
  /** Kept to the rollout's end; cut before it; cut off by the log itself in its last turn. */
  readonly endings: { readonly complete: Trained; readonly cut: Trained; readonly truncated: Trained };
  readonly lengths: {
    /** Share of the records that are at most so long. */
    readonly quantiles: readonly { readonly share: number; readonly tokens: number }[];
    /** Records longer than usual limits of context; only limits that some record exceeds, and the first that none does. */
    readonly limits: readonly { readonly limit: number; readonly longer: number }[];
    readonly longest: readonly (RecordPlace & { readonly tokens: number; readonly trained: number })[];
  };
  readonly template: {
    /** Null: Espalier's plain marks stand for one. */
    readonly name: string | null;
    /** It marks what the assistant says, by which trainers find the tokens of answers. */
    readonly marksAnswers: boolean;
    /** Ends of sampled turns in records that have an end-of-turn token, and those whose token carries loss. */
    readonly turns: number;
    readonly turnsTrained: number;
  };
  readonly vocabulary: {
    readonly name: string;
    /** Records whose ids were made here, because the log has only their text. */
    readonly made: number;
    /** Ids that the session's tokenizer does not know, in records; null: none. */
    readonly outside: (Trained & { readonly ids: number; readonly largest: number; readonly first: RecordPlace }) | null;
    /** Records whose ids the log says are another tokenizer's: they were not looked up. */
    readonly unchecked: number;
  };
  readonly exact: Copies;
  readonly near: NearCopies;
  /** By kind, the most first; null where the log holds no messages, with the reason. */
  readonly secrets: readonly FoundSecrets[] | null;
  readonly secretsWhyNot: string | null;
  /** Values that the export replaces; `secrets` are those that it leaves. */
  readonly redacted: readonly RedactedValue[];
  /** What an export would write now, with what targets cannot say; the manifest is not among it. */
  readonly files: readonly ExportedFile[];
  readonly skipped: readonly SkippedProfile[];
}
