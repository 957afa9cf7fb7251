/** What speaks for tags in one rollout: endings of files, tools, code fences and words, as counts. No text of the log is kept. */
import type { Part, Rollout } from '../model/rollout.ts';
import { EXTENSIONS, FENCES, FRAMES, PASSED_OVER, PATH_RULES, TOOL_RULES } from './rules.ts';
import { SOFTWARE_WORDS, WORD_RULES } from './word-rules.ts';

/** Pairs of a name and how often, the most frequent first, then in the order of their letters. */
export type Counts = readonly (readonly [name: string, count: number])[];

export interface Evidence {
  /** Endings of distinct files that the policy's edits and diffs name, and of other files that its calls name. */
  readonly edited: Counts;
  readonly touched: Counts;
  /** Languages of code fences, by the words that stand behind them. */
  readonly fences: Counts;
  /** Ids of tool rules, and of calls to tools that have no rule `none`. */
  readonly tools: Counts;
  /** rows of WORD_RULES -> hits in what is asked, at most three each */
  readonly words: Counts;
  /** rows of WORD_RULES -> 1: one of their words stands where the task begins */
  readonly titled: Counts;
  /** Words of software in it, at most three. */
  readonly software: number;
  /** rows of PATH_RULES -> edited files that they take */
  readonly paths: Counts;
  /** The task stood in a frame: rollouts of which that is so. */
  readonly framed: number;
}

/** UTF-16 units of the first user message, and of one call, that are looked at; and how many parts of a rollout. */
const MOST_ASKED = 20_000;
const MOST_OF_CALL = 20_000;
/** What stands there is said of the task above all. */
const TITLE = 160;
const MOST_PARTS = 2_000;
const MOST_FILES = 400;
export const MOST_HITS = 3;
const MOST_NAMES = 16;
const MOST_NAMED = 20;

export const LANGUAGE_OF_EXTENSION: ReadonlyMap<string, string> = new Map(
  Object.entries(EXTENSIONS).flatMap(([language, endings]) => endings.map((ending) => [ending, language] as const)),
);

const LANGUAGE_OF_FENCE: ReadonlyMap<string, string> = new Map([
  ...Object.entries(EXTENSIONS).flatMap(([language, endings]) => [language, ...endings].map((word) => [word, language] as const)),
  ...Object.entries(FENCES).flatMap(([language, words]) => words.map((word) => [word, language] as const)),
]);

const TOOLS = TOOL_RULES.map(({ id, names }) => ({ id, pattern: new RegExp(`^(?:${names})$`, 'u') }));
const WORDS = WORD_RULES.map(({ pattern }) => new RegExp(`(?<![\\w-])(?:${pattern})(?!\\w)`, 'giu'));
const PATHS = PATH_RULES.map(({ parts, all = false }) => ({ words: parts.split(', '), all }));
const SOFTWARE = new RegExp(`(?<![\\w-])(?:${SOFTWARE_WORDS})s?(?!\\w)`, 'giu');
const FENCE = /```([A-Za-z][\w+#-]{0,20})/g;
/** The path of an edit: a member of its arguments, a header of a diff or patch, or what a command writes to. */
const PATH_MEMBER = /"(?:path|file_path|filepath|filePath|file|filename|file_name|target_file)"\s*:\s*"([^"\\\s]{1,300})"/g;
const DIFF_HEAD = /(?:^|\n|\\n)(?:\+\+\+ (?:b\/)?|\*\*\* (?:Add|Update) File: )([^\s"\\]{1,300})/g;
const WRITTEN = /(?:>>?\s*|\btee\s+(?:-a\s+)?|\bsed\s+-i\S*\s[^\n|;&]{0,200}?\s)([\w./-]{1,300}\.\w{1,8})/g;
const NAMED = /[\w-]{1,80}\.([A-Za-z]\w{0,7})(?![\w.(])/g;
const EDITS = /(?:edit|write|create|replace|patch|insert|save)/;
const EDIT_COMMAND = /"command"\s*:\s*"(?:create|str_replace|insert)"/;

/** O(texts), bounded. Never throws. */
export function evidenceOf({ branches }: Rollout): Evidence {
  const edited = new Set<string>();
  const touched = new Map<string, number>();
  const fences = new Map<string, number>();
  const tools = new Map<string, number>();
  let asked: string | null = null;
  let looked = 0;
  let hasBegun = false;
  for (const { events } of branches) {
    for (const { role, sampled, parts } of events) {
      // Of several, the last before the policy's first word: those before it are demonstrations, or tell of surroundings.
      if (!hasBegun && role === 'user') asked = askedIn(parts) ?? asked;
      if (!sampled) continue;
      hasBegun = true;
      for (const { kind, tool, text } of parts) {
        if (looked++ >= MOST_PARTS) break;
        const seen = text.slice(0, MOST_OF_CALL);
        if (kind === 'call' || kind === 'memory') lookAtCall(tool ?? '', seen, edited, touched, tools);
        else for (const [, word = ''] of seen.matchAll(FENCE)) countIn(fences, LANGUAGE_OF_FENCE.get(word.toLowerCase()));
      }
    }
  }
  const whole = (asked ?? '').slice(0, MOST_ASKED);
  const task = framed(whole);
  const title = task.trimStart().slice(0, TITLE);
  for (const [, word = ''] of task.matchAll(FENCE)) countIn(fences, LANGUAGE_OF_FENCE.get(word.toLowerCase()));
  for (const [, ending = ''] of task.matchAll(NAMED)) countExtension(touched, ending);
  const words = WORDS.flatMap((pattern, rule): [string, number][] => {
    const hits = hitsOf(pattern, task);
    return hits > 0 ? [[String(rule), hits]] : [];
  });
  const titled = words.flatMap(([rule]): [string, number][] => (hitsOf(WORDS[Number(rule)] ?? FENCE, title) > 0 ? [[rule, 1]] : []));
  const endings = new Map<string, number>();
  for (const path of edited) countExtension(endings, path.slice(path.lastIndexOf('.') + 1));
  return {
    edited: mostOf(endings),
    touched: mostOf(touched),
    fences: mostOf(fences),
    tools: mostOf(tools),
    words,
    titled,
    software: hitsOf(SOFTWARE, whole),
    paths: pathsOf(edited),
    framed: task === whole ? 0 : 1,
  };
}

/** Null where nothing is asked in it. */
function askedIn(parts: readonly Part[]): string | null {
  const text = parts
    .map((part) => part.text.slice(0, MOST_ASKED))
    .join('\n')
    .trimStart();
  return text === '' || PASSED_OVER.some((start) => text.startsWith(start)) ? null : text;
}

/** What stands inside the first frame that is in the text; all of it where none is. */
function framed(text: string): string {
  for (const [open, close] of FRAMES) {
    const from = text.indexOf(open);
    if (from < 0) continue;
    const to = text.indexOf(close, from + open.length);
    return text.slice(from + open.length, to < 0 ? undefined : to);
  }
  return text;
}

/** rule -> edited files that it takes; none of a rule that has to take all of them and does not */
function pathsOf(edited: ReadonlySet<string>): Counts {
  const parts = [...edited].map((path) => new Set(path.toLowerCase().split(/[^a-z]+/)));
  return PATHS.flatMap(({ words, all }, rule): [string, number][] => {
    const count = parts.filter((own) => words.some((word) => own.has(word))).length;
    return count === 0 || (all && count < parts.length) ? [] : [[String(rule), count]];
  });
}

function lookAtCall(tool: string, text: string, edited: Set<string>, touched: Map<string, number>, tools: Map<string, number>): void {
  const name = tool.toLowerCase().slice(0, 100);
  countIn(tools, TOOLS.find(({ pattern }) => pattern.test(name))?.id ?? 'none');
  const take = (path: string): void => void (edited.size < MOST_FILES && LANGUAGE_OF_EXTENSION.has(endingOf(path)) && edited.add(path));
  if ((EDITS.test(name) && !name.includes('str_replace')) || EDIT_COMMAND.test(text))
    for (const [, path = ''] of text.matchAll(PATH_MEMBER)) take(path);
  for (const [, path = ''] of text.matchAll(DIFF_HEAD)) take(path);
  for (const [, path = ''] of text.matchAll(WRITTEN)) take(path);
  const own = new Set<string>();
  for (const [word, ending = ''] of text.matchAll(NAMED)) {
    if (own.has(word) || own.size >= MOST_NAMED) continue;
    own.add(word);
    countExtension(touched, ending);
  }
}

function endingOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1).toLowerCase();
}

function countExtension(counts: Map<string, number>, ending: string): void {
  const lower = ending.toLowerCase();
  if (LANGUAGE_OF_EXTENSION.has(lower)) countIn(counts, lower);
}

function countIn(counts: Map<string, number>, name: string | undefined): void {
  if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
}

function hitsOf(pattern: RegExp, text: string): number {
  let hits = 0;
  pattern.lastIndex = 0;
  while (hits < MOST_HITS && pattern.test(text)) hits++;
  return hits;
}

function mostOf(counts: ReadonlyMap<string, number>): Counts {
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, MOST_NAMES);
}

/** What several rollouts of one task say: counts add up; of words the most that one of them has, for they are asked the same. */
export function joinEvidence(all: readonly Evidence[]): Evidence {
  const sum = (of: (each: Evidence) => Counts, join: (a: number, b: number) => number): Counts => {
    const counts = new Map<string, number>();
    for (const each of all) for (const [name, count] of of(each)) counts.set(name, join(counts.get(name) ?? 0, count));
    return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  };
  const add = (a: number, b: number): number => a + b;
  return {
    edited: sum(({ edited }) => edited, add),
    touched: sum(({ touched }) => touched, add),
    fences: sum(({ fences }) => fences, add),
    tools: sum(({ tools }) => tools, add),
    words: sum(({ words }) => words, Math.max),
    titled: sum(({ titled }) => titled, Math.max),
    software: all.reduce((most, { software }) => Math.max(most, software), 0),
    paths: sum(({ paths }) => paths, Math.max),
    framed: all.reduce((count, { framed: is }) => count + is, 0),
  };
}
