/** Calls that run commands: what they run, and whether that only looks. */
import { argumentsOf } from './arguments.ts';
import type { SeenCall } from './turns.ts';

/** UTF-16 units of a command that are looked at. [ours] */
const LOOKED_AT = 4096;
const SHELLS =
  /^(?:bash|shell|terminal|exec(?:ute)?(?:_bash|_command|_shell)?|run_(?:shell_)?(?:command|terminal)s?|sandbox_run|Execute|Bash)$/;

/** The command that a call runs; null where it runs none. Of tools of servers, such as `mcp__box__shell`, the last name counts. */
export function commandOf({ tool, text, isInline }: Pick<SeenCall, 'tool' | 'text' | 'isInline'>): string | null {
  if (!SHELLS.test(tool.split('__').at(-1) ?? '')) return null;
  if (isInline) return bare(text.slice(0, LOOKED_AT));
  const given = argumentsOf(text);
  if (given.is !== 'object') return null;
  const command = given.of['command'] ?? given.of['cmd'] ?? given.of['code'] ?? given.of['script'];
  if (typeof command === 'string') return command.slice(0, LOOKED_AT);
  // A list of words, of which a shell may be the first.
  if (!Array.isArray(command)) return null;
  const words = command.filter((word) => typeof word === 'string');
  return (/^-\w*c$/.test(words[1] ?? '') ? words.slice(2) : words).join(' ').slice(0, LOOKED_AT);
}

/** Without the fence or tag around it. */
function bare(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*(?:```|<\/?\w)/.test(line))
    .join('\n');
}

/** The commands of a line, at `&&`, `||`, `;`, `|` and line ends; marks inside quotes part it too. */
function commandsIn(line: string): readonly string[] {
  return line
    .split(/&&|\|\||[;|\n]/)
    .map((command) => command.trim())
    .filter((command) => command !== '');
}

/** What stands before the program: assignments, and programs that only run another. */
const BEFORE = /^(?:\w+=\S*|sudo|time|env|nohup|timeout|\d+\w?)$/;

/** The words of a command from its program on. */
function words(command: string): readonly string[] {
  const all = command.split(/\s+/);
  const first = all.findIndex((word) => !BEFORE.test(word));
  return first < 0 ? [] : all.slice(first);
}

/** The first program that is run besides `cd`; the empty text where there is none. */
export function programOf(line: string): string {
  for (const command of commandsIn(line)) {
    const [program = ''] = words(command);
    if (program !== '' && program !== 'cd' && program !== 'export' && program !== 'source') return program;
  }
  return '';
}

const LOOKING: ReadonlySet<string> = new Set(
  'awk cat cd cut date diff du echo file find grep head less ls nl printf pwd rg sort stat tail tr tree true uniq wc which'.split(' '),
);
const LOOKING_GIT = /^(?:status|log|diff|show|branch|blame|grep|ls-files|rev-parse)$/;

/** Whether a command changes nothing, as far as its words tell: programs that only look, and no redirection into a file. [ours] */
export function onlyLooks(line: string): boolean {
  if (/>(?!\s*(?:&\d|\/dev\/null))/.test(line)) return false;
  return commandsIn(line.replaceAll(/\d?>\s*(?:&\d|\/dev\/null)/g, '')).every((command) => {
    const [program = '', first = ''] = words(command);
    if (program === 'git') return LOOKING_GIT.test(first);
    if (program === 'sed') return /^-\w*n/.test(first) && !/\s-\w*i/.test(command);
    return LOOKING.has(program) && !/\s-(?:delete|exec)\b/.test(command);
  });
}
