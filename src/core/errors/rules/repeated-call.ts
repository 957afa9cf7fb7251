/** Repeated call: made before with the same arguments, and nothing was changed since that could give another answer. */
import { canonicalArguments } from '../arguments.ts';
import type { ErrorRule } from '../error-rule.ts';
import { commandOf, onlyLooks } from '../shell.ts';
import type { SeenCall } from '../turns.ts';

/** Words of a tool's name: it only looks. Whatever has none of them may change something. [ours] */
const LOOKING =
  /(?:^|[^a-z])(?:read|view|get|list|search|find|grep|glob|ls|cat|look|lookup|fetch|query|calculate|think|show|open)(?:$|[^a-z])/;
/** Tools and commands that are repeated to go on: they are never repeats. [ours] */
const GOES_ON = /(?:^|[^a-z])(?:scroll|next|previous|wait|sleep|press|poll|undo|back|forward|continue)(?:$|[^a-z])/;

/** UTF-16 units of a tool's name that are looked at. */
const NAME = 200;

export const repeatedCall: ErrorRule = {
  id: 'repeated-call',
  label: 'Repeated call',
  help: 'A call with the tool and arguments of an earlier one of its branch, and no other call between them that may change anything.',
  judges: 'habit',
  begin() {
    /** tool and arguments -> number of the call that made it last */
    const made = new Map<string, number>();
    /** The last call that may have changed something, and the last one before it with another key. */
    let change = { key: '', at: -1 };
    let other = -1;
    let at = 0;
    return ({ calls }) =>
      calls.flatMap((call, number) => {
        const key = `${call.tool}\n${call.isInline ? call.text.trim() : canonicalArguments(call.text)}`;
        const before = made.get(key) ?? -1;
        const otherChange = change.key === key ? other : change.at;
        made.set(key, at);
        if (mayChange(call)) {
          if (change.key !== key) other = change.at;
          change = { key, at };
        }
        at++;
        return before > otherChange && !goesOn(call) ? [number] : [];
      });
  },
};

/** `readFile` and `READ_FILE` as `read_file`. */
function spelled(tool: string): string {
  return tool
    .slice(0, NAME)
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** Whether a call may change what later calls see, as far as its name or its command tells. [ours] */
function mayChange(call: SeenCall): boolean {
  const command = commandOf(call);
  if (command !== null) return !onlyLooks(command);
  if (/^[^]{0,400}"command"\s{0,8}:\s{0,8}"view"/.test(call.text)) return false;
  return !LOOKING.test(spelled(call.tool));
}

function goesOn(call: SeenCall): boolean {
  return GOES_ON.test(spelled(call.tool)) || GOES_ON.test((commandOf(call) ?? '').slice(0, 80));
}
