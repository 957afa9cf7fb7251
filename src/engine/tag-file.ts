/** Tags of tasks as a file, read and written: CSV with a line of names, or JSON lines. docs/formats/tags.md */
import { MAX_NOTES_LENGTH } from '../base/bounds.ts';
import { AXIS_IDS } from '../core/axes/axes.ts';
import type { TagsInForce } from '../core/axes/force.ts';
import { readTag, tagOn, withTag, NO_TAGS, type AxisTag, type AxisTags } from '../core/axes/tags.ts';
import { textCell } from './csv-cells.ts';
import { readCsv } from './csv-rows.ts';
import { readPlainJson } from './plain-json.ts';

export type TagFile =
  | { readonly ok: true; readonly tags: ReadonlyMap<string, AxisTags> }
  /** Nothing of the file is used. */
  | { readonly ok: false; readonly reason: string };

interface Row {
  readonly line: number;
  readonly members: ReadonlyMap<string, unknown>;
}

/** @param name of the file, which its reasons name */
export async function readTagFile(name: string, text: string): Promise<TagFile> {
  if (text.length > MAX_NOTES_LENGTH)
    return {
      ok: false,
      reason: `${name}: expected at most ${MAX_NOTES_LENGTH.toLocaleString('en')} characters, found ${text.length.toLocaleString('en')}`,
    };
  const plain = text.replace(/^\ufeff/, '');
  const rows = /^\s*[[{]/.test(plain) ? jsonRows(plain) : await csvRows(plain);
  if (typeof rows === 'string') return { ok: false, reason: `${name}: ${rows}` };
  const tags = new Map<string, AxisTags>();
  for (const { line, members } of rows) {
    const refuse = (why: string): TagFile => ({ ok: false, reason: `${name}, line ${line}: ${why}` });
    const task = members.get('task');
    if (typeof task !== 'string' || task === '') return refuse(`expected the key of a task, found ${shown(task)}`);
    const said = saidIn(members);
    if (typeof said === 'string') return refuse(said);
    for (const tag of said) {
      const before = tags.get(task) ?? NO_TAGS;
      const known = tagOn(before, tag.axis);
      if (known !== null && known.tag !== tag.tag)
        return refuse(`expected one tag of ${tag.axis} for a task, found ${known.tag} and ${tag.tag}`);
      tags.set(task, withTag(before, tag.axis, tag));
    }
  }
  return tags.size === 0 ? { ok: false, reason: `${name}: expected tags, found none` } : { ok: true, tags };
}

/** One tag by `axis` and `tag`, or one for each member that is named like an axis. Or what is wrong. */
function saidIn(members: ReadonlyMap<string, unknown>): readonly AxisTag[] | string {
  const given = (name: string): unknown => (members.get(name) === '' ? undefined : members.get(name));
  const source = given('source') ?? 'file';
  const pairs: (readonly [unknown, unknown])[] =
    given('axis') === undefined && given('tag') === undefined
      ? AXIS_IDS.flatMap((axis) => (given(axis) === undefined ? [] : [[axis, given(axis)] as const]))
      : [[given('axis'), given('tag')]];
  if (pairs.length === 0) return 'expected a tag, found none';
  const tags: AxisTag[] = [];
  for (const [axis, tag] of pairs) {
    const read = readTag(axis, tag, source);
    if (typeof read === 'string') return `expected ${read}, found ${shown([axis, tag, source])}`;
    tags.push(read);
  }
  return tags;
}

/** Or why there are none. */
function jsonRows(text: string): readonly Row[] | string {
  const rowOf = (line: number, value: unknown): Row => ({
    line,
    members: new Map<string, unknown>(typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []),
  });
  const whole = readPlainJson(text);
  if (whole.ok && Array.isArray(whole.value)) return whole.value.map((row: unknown, i) => rowOf(i + 1, row));
  if (whole.ok) return [rowOf(1, whole.value)];
  const rows: Row[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const read = readPlainJson(line);
    if (!read.ok) return `expected JSON in line ${i + 1}: ${read.reason}`;
    rows.push(rowOf(i + 1, read.value));
  }
  return rows;
}

async function csvRows(text: string): Promise<readonly Row[] | string> {
  const read = await readCsv(text);
  if (typeof read === 'string') return read;
  const { names, lines } = read;
  if (!names.includes('task') || !(names.includes('axis') || AXIS_IDS.some((axis) => names.includes(axis))))
    return `expected columns named task, axis and tag, or task and ${AXIS_IDS.join(', ')}; found ${names.slice(0, 12).join(', ')}`;
  return lines.map((cells, i) => ({ line: i + 2, members: new Map(names.map((name, c) => [name, uncelled(cells[c] ?? '')])) }));
}

/** With an apostrophe before what a spreadsheet would take for a formula, and before what begins so already. */
function taskCell(task: string): string {
  return textCell(/^'+[=+\-@\t\r]/.test(task) ? `'${task}` : task);
}

function uncelled(cell: string): string {
  return /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 120);
}

export interface SaidTag extends AxisTag {
  readonly task: string;
}

/** The tags in force as a file has them: what is said, and guesses as such; groups of one task say one thing. */
export function tagRows(tasks: readonly { readonly subject: string; readonly force: TagsInForce }[]): readonly SaidTag[] {
  const seen = new Set<string>();
  return tasks.flatMap(({ subject, force }) => {
    if (seen.has(subject)) return [];
    seen.add(subject);
    return AXIS_IDS.flatMap((axis): SaidTag[] => {
      const { tag, from } = force[axis];
      return from === null ? [] : [{ task: subject, axis, tag, source: from === 'rules' ? 'guess' : from }];
    });
  });
}

export function tagsCsv(tags: readonly SaidTag[]): string {
  const lines = tags.map(({ task, axis, tag, source }) => [taskCell(task), axis, tag, source].join(','));
  return ['task,axis,tag,source', ...lines].map((line) => `${line}\r\n`).join('');
}

export function tagsJsonl(tags: readonly SaidTag[]): string {
  return tags.map(({ task, axis, tag, source }) => `${JSON.stringify({ task, axis, tag, source })}\n`).join('');
}
