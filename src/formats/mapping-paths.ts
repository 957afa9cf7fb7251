/** Paths into a record: keys joined by dots, list positions in brackets, keys with dots or brackets quoted. */
import { has, isList, isObject, parseJson, toJson } from './json.ts';

export type Path = readonly (string | number)[];

const STEP = /\.?([^.[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y;

/** A path's steps, or null where the text is no path. The empty path is the record itself. */
export function parsePath(text: string): Path | null {
  const steps: (string | number)[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const match = STEP.exec(text);
    if (!match) return null;
    const [, key, index, quoted] = match;
    if (index !== undefined) steps.push(Number(index));
    else if (key !== undefined) steps.push(key);
    else if (quoted !== undefined) {
      const parsed = parseJson(`"${quoted}"`);
      if (!parsed.ok || typeof parsed.value !== 'string') return null;
      steps.push(parsed.value);
    }
  }
  return steps;
}

/** The value at a path; undefined where the record has none. */
export function valueAt(record: unknown, path: Path): unknown {
  let value = record;
  for (const step of path) {
    if (typeof step === 'number') value = isList(value) ? value[step] : undefined;
    else value = isObject(value) && has(value, step) ? value[step] : undefined;
  }
  return value;
}

/** The text that `parsePath` reads as this path. */
export function pathText(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      return /^[^.[\]"]+$/.test(step) ? `${index === 0 ? '' : '.'}${step}` : `[${toJson(step) ?? '""'}]`;
    })
    .join('');
}
