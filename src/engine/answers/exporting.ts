/** What an export takes and gives. */
import type { Corrections } from '../../core/errors/masked.ts';
import type { MixBy, MixWay } from '../../core/axes/mix-text.ts';

export type WeightConvention = 'branch-mean' | 'kept-mean' | 'train-once';

export type OptionValue = string | number | boolean;
/** option -> value; an option that is not named has its default */
export type OptionValues = Readonly<Record<string, OptionValue>>;

/** A setting of one profile. `name` is its name on the command line, in addresses and in the manifest. */
export type ProfileOption = { readonly name: string; readonly label: string; readonly help: string } & (
  | { readonly type: 'choice'; readonly values: readonly string[]; readonly default: string }
  | { readonly type: 'flag'; readonly default: boolean }
  | { readonly type: 'number'; readonly min: number; readonly max: number; readonly whole: boolean; readonly default: number }
  | { readonly type: 'text'; readonly default: string }
);

/** What a profile takes from a log besides its forest: without it, it cannot be written. */
export type ProfileNeed = 'messages' | 'log-probs';

/** The file of a profile. */
export interface ProfileFile {
  /** Its name where nothing is split: at the top, or `train` with an ending in a folder named like the profile. */
  readonly fileName: string;
  readonly mediaType: string;
  readonly kind: 'jsonl' | 'json' | 'parquet' | 'binary';
  /** It is held in memory until it is written, or may not be longer: at about so many MB a further one follows, and all are numbered. */
  readonly mostMegabytes?: number;
}

/** A kind of training set, as people choose it. */
export interface ProfileFacts extends ProfileFile {
  /** Its name on the command line, in addresses and in the manifest. */
  readonly id: string;
  readonly label: string;
  /** Whose trainer it is for, as a heading of lists: profiles of one family stand together. Absent: of none. */
  readonly family?: string | undefined;
  /** What a record holds and what it is for, in one sentence without a full stop. */
  readonly about: string;
  /** Where the shape of its records is defined: an https address, or a path in this repository. */
  readonly specification: string;
  /** value of its option `format` -> its file with that value, where it is another */
  readonly formats?: Readonly<Record<string, ProfileFile>> | undefined;
  readonly needs: readonly ProfileNeed[];
  readonly options: readonly ProfileOption[];
  /** It is among the files that are written where nobody chooses. */
  readonly byDefault: boolean;
  /** What trains on its files. */
  readonly training?: readonly TrainingLines[] | undefined;
}

/** Lines that train on a profile's files, run in the folder of the export; the name of the model stands in them as MODEL. */
export interface TrainingLines {
  readonly trainer: string;
  /** A name for the file that holds them, such as train.py; null: a command. */
  readonly fileName: string | null;
  readonly text: string;
}

export interface ProfileOffer extends ProfileFacts {
  /** Why the open log cannot give it, in one sentence without a full stop; null where it can. */
  readonly unavailable: string | null;
  /** It holds texts and no token ids, so secrets can be replaced in it. */
  readonly canRedact: boolean;
}

/** A profile by its id, with the options that differ from their defaults. */
export interface ChosenProfile {
  readonly profile: string;
  readonly options?: OptionValues;
}

export interface ExportSpec {
  readonly profiles: readonly ChosenProfile[];
  readonly weights: WeightConvention;
  /** Erroneous turns stay as context with loss 0. */
  readonly maskErrors: boolean;
  /** Default: one file for each profile, and no validation. */
  readonly records?: Partial<RecordSettings>;
  /** Profiles that the log cannot give are left out and named in the manifest, while one is left. Default: the export is refused. */
  readonly skipUnavailable?: boolean;
}

/** Which records are written, in what order, and into which files; the same for all profiles. */
export interface RecordSettings {
  /** Kinds of secrets that are replaced in texts, `all` or `none` of them; values after `!` stay (`redact.ts`). */
  readonly redact: string;
  /** No record shows more tokens; 0: however many. */
  readonly maxTokens: number;
  /** What becomes of longer ones: left out, ended behind the last turn that trains and fits, or written in parts. */
  readonly overLong: 'drop' | 'cut' | 'windows';
  /** A call that has no result in its record gets one that says so, without loss, in files of messages. */
  readonly closeCalls: boolean;
  /** Whether tokens that end a turn carry loss, in files of ids. */
  readonly eos: 'on' | 'off';
  /** A record with the tokens and marks of an earlier one, of whatever task, is left out. */
  readonly dedup: boolean;
  /** As many records of each task as the task with the fewest has, or as many of successes as of failures. */
  readonly balance: 'off' | 'task' | 'outcome';
  /** By which tags of tasks (docs/axes.md) the mix is counted. */
  readonly mixBy: MixBy;
  /** Tasks are taken by chance until their tags have the shares of the mix; no more than so many of each; or weights are multiplied. */
  readonly mixWay: MixWay;
  /** The shares, or for `cap` the most tasks, of tags: `python=50,rest=50`. Default: as many of each tag. */
  readonly mix: string;
  /** Records in a random order; where files hold tasks, the tasks. */
  readonly shuffle: boolean;
  /** Share of the tasks whose records stand in files of their own, for validation. 0: none. */
  readonly validation: number;
  /** Chooses what is left out to balance and for the mix, the order of shuffled records, and the tasks of the validation. */
  readonly seed: number;
  /** A file of records is followed by a further one once it has so many bytes, in MB; 0: one file. */
  readonly shard: number;
  /** Rules of erroneous turns (`core/errors`) that masking goes by, or `all`; where `maskErrors` is set. */
  readonly errorRules: string;
  /** What becomes of turns that are corrected later, and of those that correct them (`core/errors/masked.ts`). */
  readonly corrections: Corrections;
  /** Turns within which a correction has to come. */
  readonly correctedWithin: number;
  /** Files of JSON as gzip; sizes of shards are counted before. */
  readonly compress: 'none' | 'gzip';
}

export type Split = 'train' | 'validation';

/** Something in records that a profile's target cannot express, with the times that it was met. */
export interface Shortfall {
  readonly what: string;
  readonly count: number;
}

/** A profile that was left out, and why, in one sentence without a full stop. */
export interface SkippedProfile {
  readonly profile: string;
  readonly reason: string;
}

/** How well rows share the prefixes of their samples, in tokens. */
export interface PackCounts {
  /** Of all samples, each written out. */
  readonly flat: number;
  /** Of all prefixes that are distinct within their task. */
  readonly tree: number;
  /** Of all rows, and what fills them up besides. */
  readonly packed: number;
  readonly padding: number;
}

export interface Packing extends PackCounts {
  /** Potential overlap ratio, 1 − tree ÷ flat: what sharing could save at most (Tree Training, arXiv 2511.00413). */
  readonly por: number;
  /** Effective reuse ratio, 1 − packed ÷ flat: what it saves in rows of a bounded length (there, v2 and v3). */
  readonly err: number;
}

export interface ExportedFile {
  /** With folders, `/` between them. */
  readonly name: string;
  readonly bytes: number;
  readonly records: number;
  readonly sha256: string;
  /** What its target cannot express. */
  readonly shortfalls?: readonly Shortfall[];
  /** Of files of packed trees. */
  readonly packing?: Packing;
}

/** Tasks of one tag, or of several together, in the mix of an export. */
export interface MixedPool {
  /** A tag, two with a slash between, or `rest`. */
  readonly name: string;
  /** The share that was asked for, over all pools that have tasks; of a cap the most tasks. Null: nothing was. */
  readonly asked: number | null;
  /** Tasks with records, and records, before and after. */
  readonly tasks: { readonly before: number; readonly after: number };
  readonly records: { readonly before: number; readonly after: number };
  /** Share of tasks; where weights are multiplied, of the sum of weights. */
  readonly share: number;
  /** What weights are multiplied by. */
  readonly factor: number;
}

/** What the records of an export come to. */
export interface ExportFigures {
  readonly records: number;
  /** Kept root-to-leaf paths, and those of them that no record ends at because nothing of them carries loss. */
  readonly branches: number;
  readonly branchesWithoutLoss: number;
  /** Records that would be the same as another one of their task, and are that one. */
  readonly merged: number;
  /** Records longer than the settings allow, the parts that are written of them, and distinct tokens that train nowhere for it. */
  readonly overLong: { readonly records: number; readonly parts: number; readonly tokens: number };
  /** Records left out because an earlier one is the same, to balance, and for the mix; and distinct tokens that train nowhere for it. */
  readonly leftOut: { readonly duplicates: number; readonly unbalanced: number; readonly unmixed: number; readonly tokens: number };
  /** Null: no mix of tags was asked for. */
  readonly mix: readonly MixedPool[] | null;
  /** Distinct tokens that carry loss in some record. */
  readonly trainingTokens: number;
  /** (Σw)² ÷ Σw² of their weights: as many tokens of equal weight would vary a mean as little. */
  readonly effectiveTokens: number;
  /** Sampled and chosen, but sampled by nobody whose turn the cut keeps to its end: not trained. */
  readonly uncovered: { readonly nodes: number; readonly tokens: number };
  /** Tokens chosen to carry loss that nobody kept whole sampled; null where weights are not kept-mean. */
  readonly outsideWhole: number | null;
  readonly skipped: readonly SkippedProfile[];
}

export interface ExportPreview {
  readonly profile: string;
  readonly fileName: string;
  /** First records, each cut to at most 4,000 characters, with its full length; none where they are no text. */
  readonly lines: readonly { readonly text: string; readonly length: number }[];
  /** Null where only writing them tells. */
  readonly records: number | null;
  readonly warnings: readonly string[];
}

/** A message of a record; `text` holds its thoughts, content and calls, cut where `length` says more. */
export interface ShownMessage {
  readonly role: string;
  readonly text: string;
  readonly length: number;
  readonly tokens: number;
  /** By the record's trajectory, and those of them with loss in this record. */
  readonly sampled: number;
  readonly trained: number;
}

export interface ShownRecords {
  readonly total: number;
  /** Why there are no messages, or null. */
  readonly whyNot: string | null;
  readonly records: readonly {
    readonly task: string;
    readonly rollout: string;
    readonly reward: number | null;
    readonly complete: boolean;
    readonly isPart: boolean;
    readonly messages: readonly ShownMessage[];
  }[];
}
