/** Chats of VS Code as a log of changes: `{kind: 0, v}` is the first state; later lines set, add to or delete what stands at a path `k`. */
import { get, getList, getNumber, isList, isObject, toJson } from './json.ts';

const [FIRST, SET, ADD, DELETE] = [0, 1, 2, 3];

/** Whether a line is the first state of a chat, or a change to it. */
export function isChange(line: unknown): boolean {
  const kind = getNumber(line, 'kind');
  if (kind === FIRST) return getList(get(line, 'v'), 'requests') !== undefined;
  return kind !== undefined && [SET, ADD, DELETE].includes(kind) && getList(line, 'k')?.every(isStep) === true;
}

function isStep(step: unknown): step is string | number {
  return step !== '__proto__' && (typeof step === 'string' || (typeof step === 'number' && Number.isInteger(step) && step >= 0));
}

/** The state behind the last change. Changes to what is not there are passed over. O(lines and what they hold). */
export function foldChanges(lines: readonly unknown[]): unknown {
  let state: unknown = {};
  for (const line of lines) {
    const value = copyOf(get(line, 'v'));
    if (get(line, 'kind') === FIRST) {
      state = value;
      continue;
    }
    const path = getList(line, 'k') ?? [];
    const last = path.at(-1);
    const holder = path.slice(0, -1).reduce<unknown>((held, step) => (isStep(step) ? memberOf(held, step) : undefined), state);
    if (!isStep(last) || typeof holder !== 'object' || holder === null) continue;
    change(holder, last, Number(get(line, 'kind')), value, getNumber(line, 'i'));
  }
  return state;
}

function memberOf(held: unknown, step: string | number): unknown {
  return isList(held) ? held[Number(step)] : isObject(held) ? get(held, String(step)) : undefined;
}

function change(holder: object, step: string | number, kind: number, value: unknown, from: number | undefined): void {
  // No list grows by a hole.
  if (isList(holder) && !(Number(step) <= holder.length)) return;
  if (kind === SET) Reflect.set(holder, step, value);
  else if (kind === DELETE) Reflect.deleteProperty(holder, step);
  else {
    const known = memberOf(holder, step);
    const list: unknown[] = Array.isArray(known) ? known : [];
    if (from !== undefined && from >= 0 && from < list.length) list.length = Math.floor(from);
    for (const entry of isList(value) ? value : []) list.push(entry);
    Reflect.set(holder, step, list);
  }
}

/** Records are not changed: what is put together here is a state of its own. */
function copyOf(value: unknown): unknown {
  return JSON.parse(toJson(value) ?? 'null') as unknown;
}
