/** Verdicts from a file: CSV with a line of names, JSON lines, or a JSON document. docs/formats/verdicts.md */
import { MAX_NOTES_LENGTH } from '../base/bounds.ts';
import { isRolloutKey } from '../core/rollouts/rollout-key.ts';
import type { Verdict } from '../core/rollouts/verdicts.ts';
import { readCsv } from './csv-rows.ts';
import { readPlainJson } from './plain-json.ts';

export type VerdictFile = { readonly ok: true; readonly verdicts: readonly Verdict[] } | { readonly ok: false; readonly reason: string };

/** Names of columns or members, the first that is there counts. */
const NAMES = {
  key: ['rollout_key', 'key'],
  task: ['task', 'task_id'],
  id: ['id', 'rollout', 'rollout_id', 'instance_id', 'trajectory_id'],
  reward: ['reward', 'score', 'verdict', 'resolved', 'success', 'pass'],
  label: ['label', 'labels'],
} as const;

/** As in logs: what is larger is no reward. */
const LARGEST = 1e100;
const WORDS: Readonly<Record<string, number>> = { true: 1, yes: 1, pass: 1, passed: 1, false: 0, no: 0, fail: 0, failed: 0 };

type Row = Readonly<Record<string, unknown>>;

/** @param name of the file, which its reasons name */
export async function readVerdicts(name: string, text: string): Promise<VerdictFile> {
  if (text.length > MAX_NOTES_LENGTH)
    return refuse(
      `${name}: expected at most ${MAX_NOTES_LENGTH.toLocaleString('en')} characters, found ${text.length.toLocaleString('en')}`,
    );
  const plain = text.replace(/^\ufeff/, '');
  const rows = /^\s*[[{]/.test(plain) ? jsonRows(plain) : await csvRows(plain);
  if (typeof rows === 'string') return refuse(`${name}: ${rows}`);
  const verdicts: Verdict[] = [];
  for (const { line, row } of rows) {
    const verdict = verdictOf(line, row);
    if (typeof verdict === 'string') return refuse(`${name}, line ${line}: ${verdict}`);
    verdicts.push(verdict);
  }
  return verdicts.length === 0 ? refuse(`${name}: expected verdicts, found none`) : { ok: true, verdicts };
}

function refuse(reason: string): VerdictFile {
  return { ok: false, reason };
}

interface Placed {
  readonly line: number;
  readonly row: Row;
}

/** Or why there are none. */
function jsonRows(text: string): readonly Placed[] | string {
  const whole = readPlainJson(text);
  if (whole.ok && Array.isArray(whole.value)) return whole.value.map((row: unknown, i) => ({ line: i + 1, row: asRow(row) }));
  if (whole.ok) {
    const row = asRow(whole.value);
    // One verdict, or a table of id -> verdict.
    if (isVerdict(row)) return [{ line: 1, row }];
    return Object.entries(row).map(([id, value], i) => {
      const own = asRow(value);
      const isWord = typeof value === 'string' && rewardOf(value) === undefined;
      return { line: i + 1, row: Object.keys(own).length > 0 ? { id, ...own } : isWord ? { id, label: value } : { id, reward: value } };
    });
  }
  const rows: Placed[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const read = readPlainJson(line);
    if (!read.ok) return `expected JSON in line ${i + 1}: ${read.reason}`;
    rows.push({ line: i + 1, row: asRow(read.value) });
  }
  return rows;
}

async function csvRows(text: string): Promise<readonly Placed[] | string> {
  const read = await readCsv(text);
  if (typeof read === 'string') return read;
  const { names, lines } = read;
  const known: readonly string[] = [...NAMES.key, ...NAMES.id];
  if (!names.some((name) => known.includes(name)))
    return `expected a column named ${known.slice(0, 5).join(', ')} or the like, found ${names.slice(0, 12).join(', ')}`;
  return lines.map((cells, i) => ({ line: i + 2, row: Object.fromEntries(names.map((name, c) => [name, cells[c]?.trim() ?? ''])) }));
}

function asRow(value: unknown): Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};
}

function isVerdict(row: Row): boolean {
  return (
    [...NAMES.id, ...NAMES.key].some((name) => textOf(row[name]) !== null) && [...NAMES.reward, ...NAMES.label].some((name) => name in row)
  );
}

/** Or what is wrong with it. */
function verdictOf(line: number, row: Row): Verdict | string {
  const pick = (names: readonly string[]): unknown => names.map((name) => row[name]).find((value) => value !== undefined && value !== '');
  const key = pick(NAMES.key);
  const id = textOf(pick(NAMES.id));
  const told = pick(NAMES.reward);
  const label = pick(NAMES.label);
  if (key !== undefined && !isRolloutKey(key)) return `expected a rollout key of 16 hexadecimal digits, found ${shown(key)}`;
  if (key === undefined && id === null) return 'expected the id or key of a rollout, found neither';
  const reward = told === undefined || told === null ? null : rewardOf(told);
  if (reward === undefined) return `expected a reward, found ${shown(told)}`;
  const labels = labelsOf(label);
  if (labels === null) return `expected labels, found ${shown(label)}`;
  if (reward === null && labels.length === 0) return 'expected a reward or a label, found neither';
  return { line, key: key ?? null, task: textOf(pick(NAMES.task)), id, reward, labels };
}

/** Undefined: it is none. */
function rewardOf(value: unknown): number | undefined {
  if (typeof value === 'boolean') return Number(value);
  const number = typeof value === 'string' ? (WORDS[value.trim().toLowerCase()] ?? Number(value.trim() || 'none')) : value;
  return typeof number === 'number' && Number.isFinite(number) && Math.abs(number) <= LARGEST ? number + 0 : undefined;
}

/** A list, or words between semicolons or bars. */
function labelsOf(value: unknown): string[] | null {
  const words = value === undefined || value === null ? [] : typeof value === 'string' ? value.split(/[;|]/) : value;
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string')) return null;
  return [...new Set(words.map((word) => word.trim()).filter((word) => word !== ''))];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80);
}
