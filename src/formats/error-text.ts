/** What a server says where it gives no reply. */
import { get, getId, getString } from './json.ts';

const LONGEST = 200;
const DEEPEST = 4;

/** Its message, or its code or type; undefined where the value is no error. */
export function errorText(value: unknown): string | undefined {
  let held = value;
  for (let depth = 0; depth < DEEPEST; depth++) {
    const inner: unknown = get(held, 'error');
    if (inner === undefined || inner === null) break;
    held = inner;
  }
  if (typeof held === 'string') return held === '' ? undefined : held.slice(0, LONGEST);
  return (getString(held, 'message') ?? getId(held, 'code', 'type'))?.slice(0, LONGEST);
}
