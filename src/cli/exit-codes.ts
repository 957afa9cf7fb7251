/** What the exit codes of all commands mean. */

/** Ended as asked. */
export const DONE = 0;
const NOTHING_USABLE = 1;
export const USAGE = 2;
const STRICT = 3;
/** Of the data, as `sysexits.h` numbers it. */
export const CHANGED = 65;
export const DEFECT = 70;
export const FILE_FAULT = 74;
export const IN_USE = 75;

/** Code -> what it means, for help and docs/cli.md; the last three are the shell's for a signal. */
export const EXIT_CODES: readonly (readonly [code: number, means: string])[] = [
  [DONE, 'done; also where nobody reads the output to its end'],
  [NOTHING_USABLE, 'no record or no model was usable, or scoring stopped early; what it had scored is saved'],
  [USAGE, 'usage error: a flag, a path, or an output that is an input or cannot be written; nothing was written'],
  [STRICT, '--strict and an issue, an unmet pin, something that a target cannot say, or with --check a problem'],
  [CHANGED, 'an input is not what it was when it was opened; nothing was written'],
  [DEFECT, 'a defect of espalier; please report it'],
  [FILE_FAULT, 'the system refused to read or write: a full disk, a permission or a folder that is gone; no file is half there'],
  [IN_USE, 'another run writes to the same place; nothing was changed, and a later try may work'],
  [129, 'ended by SIGHUP; temporary and unfinished files are removed, and earlier output is as it was'],
  [130, 'ended by SIGINT (Ctrl-C); likewise'],
  [143, 'ended by SIGTERM; likewise'],
];

export const EXIT_HELP = `Exit codes of all commands:
${EXIT_CODES.map(([code, means]) => `  ${String(code).padEnd(5)}${means}`).join('\n')}
`;
