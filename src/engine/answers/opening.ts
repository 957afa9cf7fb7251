/** What opening files takes and says while it goes on. */
import type { RegardSettings } from '../../core/rollouts/regard.ts';

/** Which tokenizer to use where the log has no token ids. */
export type TokenizerChoice =
  | { readonly kind: 'o200k_base' }
  /** Contents of a Hugging Face tokenizer.json and, where given, tokenizer_config.json (with its chat template). */
  | { readonly kind: 'huggingface'; readonly name: string; readonly json: string; readonly config?: string };

export interface OpenSettings extends RegardSettings {
  readonly tokenizer: TokenizerChoice;
  /** Contents of a mapping file for records that no format detects. */
  readonly mapping?: unknown;
  /** Lower-case fragments of tool names that mark memory events. */
  readonly memoryTools: readonly string[];
  /** False: what files beside the logs say of rollouts is not joined with them. */
  readonly joins?: boolean;
  /** Cuts long segments into blocks of at most this many tokens; null = off. */
  readonly maxNodeTokens: number | null;
}

export const DEFAULT_OPEN_SETTINGS: OpenSettings = {
  tokenizer: { kind: 'o200k_base' },
  memoryTools: ['memory', 'note', 'recall', 'plan', 'todo'],
  maxNodeTokens: null,
};

export interface OpenProgress {
  readonly phase: 'reading' | 'freezing';
  readonly bytes: number;
  readonly totalBytes: number;
  readonly records: number;
  readonly rollouts: number;
  readonly issues: number;
  readonly bytesPerSecond: number;
  /** null until a rate is known. */
  readonly secondsLeft: number | null;
  /** True when a browsable partial forest has just been made: ask `facts()` and `tasks()` again. */
  readonly partial: boolean;
  /** What is said where all of it will not fit into memory; null: it will; absent: as much as the machine has. */
  readonly outlook?: string | null;
}

/** What a look at files said before any of them was opened. */
export interface FirstLook {
  readonly mayHoldRollouts: boolean;
  /** Those that were found to hold none, until one was met that may. */
  readonly strange: readonly StrangeFile[];
}

export interface StrangeFile {
  readonly path: string;
  /** Behind its name, for example `is a PNG image`. */
  readonly why: string;
  /** A mapping by hand may read it. */
  readonly canBeMapped: boolean;
}

export interface InputFact {
  readonly name: string;
  /** Name of its file: of members of one container the same. */
  readonly file: string;
  /** Format id, or null where none was recognised. */
  readonly format: string | null;
  readonly formatLabel: string;
  /** False where its records hold token ids and no messages. */
  readonly hasMessages: boolean;
  readonly bytes: number;
  readonly records: number;
  readonly rollouts: number;
  /** Of these rollouts, those that are merged into one that goes on with them. */
  readonly mergedCount: number;
  /** Records that could not be used: records = rollouts + issueCount. */
  readonly issueCount: number;
  /** Of these, those that hold no rollouts and never could. */
  readonly asideCount: number;
  /** Parts of used records that were repaired or left out. */
  readonly noteCount: number;
  /** Of its branches, those that the chat template refuses: their tokens are by plain marks. */
  readonly refusedBranches: number;
}

/** A file no format recognised: what the mapping dialog needs. */
export interface UnmappedFile {
  readonly name: string;
  /** First records as JSON text, at most five, each at most 20 kB. */
  readonly examples: readonly string[];
  /** A suggested mapping file. */
  readonly suggestion: unknown;
}
