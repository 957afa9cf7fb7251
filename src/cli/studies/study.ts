/** What a study is on the command line: `espalier study NAME PATH…`. Flags of reading and the help's frame are the command's. */
import type { ParseArgsConfig } from 'node:util';
import type { Dataset } from '../api.ts';

export type StudyFlags = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

export interface StudyCommand {
  readonly id: string;
  /** One line, in the list of studies. */
  readonly about: string;
  /** What it computes, in a paragraph or two, and a line for each flag of its own, as other commands spell them. */
  readonly help: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** Throws UsageError where flags are wrong, before anything is opened. */
  readonly check?: (flags: StudyFlags) => void;
  /** Prints the study of an open log; `json`: one JSON object. @returns the exit code */
  readonly run: (dataset: Dataset, flags: StudyFlags, json: boolean) => Promise<number>;
}
