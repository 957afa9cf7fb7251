/** `--export` of `espalier prune`: what there is to write, and which of it was asked for. */
import type { ChosenProfile, ExportSpec, OptionValue, ProfileOption } from '../engine/answers/exporting.ts';
import { defaultExport } from '../engine/export/choose.ts';
import { expectedOf, optionText, readOption } from '../engine/export/options.ts';
import type { ExportProfile } from '../engine/export/profile.ts';
import { PROFILES } from '../engine/export/profiles/index.ts';
import { recordFlags } from './record-flags.ts';
import { UsageError } from './usage.ts';

const WIDTH = 120;
const INDENT = 25;

/** The lines of `--export` in the help, profiles and their options among them. */
export function exportHelp(): string {
  const names = PROFILES.filter(({ byDefault }) => byDefault).map(({ id }) => id);
  const column = Math.max(...PROFILES.map(({ id }) => id.length)) + 2;
  const lines = [
    `  --export LIST          files to write, each NAME or NAME:OPTION=VALUE,… (default ${names.join(',')})`,
    `${' '.repeat(INDENT)}\\, stands for a comma in a VALUE, and \\\\ for a backslash before one`,
  ];
  for (const { id, about, options } of PROFILES) {
    lines.push(...wrapped(id.padEnd(column) + about, INDENT, column));
    for (const option of options) {
      const text = `:${option.name}=  ${option.help}; ${expectedOf(option)} (default ${optionText(option.default)})`;
      lines.push(...wrapped(text, INDENT + column, 2));
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Lines of at most `WIDTH` characters: all `indent` deep, those behind the first `hang` deeper. */
function wrapped(text: string, indent: number, hang: number): string[] {
  const lines: string[] = [];
  let line = ' '.repeat(indent);
  for (const word of text.split(/ (?=\S)/)) {
    const isFirst = line.trim() === '';
    if (!isFirst && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = ' '.repeat(indent + hang) + word;
    } else line += isFirst ? word : ` ${word}`;
  }
  return [...lines, line];
}

/** Throws UsageError that lists what there is. */
export function exportSpec(
  flags: Readonly<Record<string, string | boolean | undefined>> & {
    readonly export?: string | undefined;
    readonly weights?: string | undefined;
    readonly 'mask-errors'?: boolean | undefined;
  },
): ExportSpec {
  const { weights: ofDefault, ...rest } = defaultExport();
  const weights = flags.weights ?? ofDefault;
  if (weights !== 'branch-mean' && weights !== 'kept-mean' && weights !== 'train-once')
    throw new UsageError(`--weights: expected branch-mean, kept-mean or train-once, found ${weights}`);
  return {
    profiles: flags.export === undefined ? rest.profiles : readProfiles(flags.export),
    weights,
    maskErrors: flags['mask-errors'] ?? rest.maskErrors,
    records: recordFlags(flags),
    // What was asked for by name is refused where it cannot be.
    skipUnavailable: flags.export === undefined,
  };
}

/** At commas; one that a backslash stands before is a comma of the entry, and a backslash before another is one backslash. */
function entriesOf(list: string): string[] {
  const entries = [''];
  for (const [piece] of list.matchAll(/\\[\\,]|,|[^\\,]+|\\/gs)) {
    if (piece === ',') entries.push('');
    else entries[entries.length - 1] += /^\\[\\,]$/.test(piece) ? piece.slice(1) : piece;
  }
  return entries;
}

/** `tokens:a=1,b=2,forest`: an entry with `=` before any `:` is a further option of the profile before it. */
function readProfiles(list: string): ChosenProfile[] {
  const chosen: { profile: ExportProfile; options: Record<string, OptionValue> }[] = [];
  for (const entry of entriesOf(list)) {
    const colon = entry.indexOf(':');
    const equals = entry.indexOf('=');
    const isOption = equals >= 0 && (colon < 0 || equals < colon);
    if (!isOption) chosen.push({ profile: profileNamed(colon < 0 ? entry : entry.slice(0, colon)), options: {} });
    const text = isOption ? entry : colon < 0 ? '' : entry.slice(colon + 1);
    const last = chosen.at(-1);
    if (!last) throw new UsageError(`--export: expected the name of a profile before ${entry}`);
    if (text !== '') Object.assign(last.options, readAssignment(last.profile, text));
  }
  return chosen.map(({ profile, options }) => ({ profile: profile.id, options }));
}

function profileNamed(name: string): ExportProfile {
  const profile = PROFILES.find(({ id }) => id === name);
  if (!profile) throw new UsageError(`--export: expected any of ${PROFILES.map(({ id }) => id).join(', ')}, found ${name}`);
  return profile;
}

function readAssignment({ id, options }: ExportProfile, text: string): Record<string, OptionValue> {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  const option: ProfileOption | undefined = options.find((candidate) => candidate.name === name);
  if (!option) {
    const names = options.map((candidate) => candidate.name).join(', ') || 'none';
    throw new UsageError(`--export: ${id} has no option ${name}; its options are: ${names}`);
  }
  const value = readOption(option, at < 0 ? 'yes' : text.slice(at + 1));
  if (value === null) throw new UsageError(`--export: ${id}:${name} takes ${expectedOf(option)}, found ${text.slice(at + 1)}`);
  return { [name]: value };
}
