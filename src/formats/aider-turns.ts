/** Turns of a chat of Aider, out of the lines of its Markdown. */

/** What a page that shows chats has before each. */
export const TRANSCRIPT = '<div class="chat-transcript"';
/** Aider begins each chat so. */
const STARTED = /^# aider chat started at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/;
/** What a person tells Aider and not the model. */
const COMMAND = /^\/(?!(?:ask|code|architect)\s)/;
/** What Aider itself says once a reply has ended. */
const ENDED = /^> (?:Tokens: [\d.]+k? sent, |Applied edit to |Commit [\da-f]{7} |\^C)/;
/** Around code. One of backticks has none behind it, so that code within a line opens nothing. */
const FENCE = /^\s*(?:(`{3,})[^`]*|(~{3,}).*)$/;

/** The lines of the chat, with a CR where they end in one; of a page that shows a chat, those that it marks as such. */
export function chatLines(text: string): string[] {
  const lines = text.split('\n');
  if (!lines.some((line) => line.startsWith(TRANSCRIPT))) return lines;
  let inside = false;
  return lines.filter((line) => {
    if (line.startsWith(TRANSCRIPT)) inside = true;
    else if (line.trimEnd() === '</div>') inside = false;
    else return inside;
    return false;
  });
}

export interface Turns {
  readonly turns: { readonly role: 'user' | 'assistant'; content: string }[];
  /** Lines that Aider itself says, and commands to it. */
  console: number;
  commands: number;
}

export function turnsOf(written: readonly string[]): Turns {
  const read: Turns = { turns: [], console: 0, commands: 0 };
  const lines = written.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  const fences = fencesOf(lines);
  let open: { role: 'user' | 'assistant'; lines: string[] } | null = null;
  const close = (): void => {
    if (open === null) return;
    const content = open.lines.join('\n').trimEnd();
    if (open.role === 'user' && COMMAND.test(content)) read.commands++;
    else if (content !== '') read.turns.push({ role: open.role, content });
    open = null;
  };
  const say = (role: 'user' | 'assistant', line: string): void => {
    if (open?.role !== role) {
      // Blank lines alone begin no turn of the model.
      if (role === 'assistant' && line.trim() === '') return;
      close();
      open = { role, lines: [] };
    }
    if (line !== '' || open.lines.length > 0) open.lines.push(line);
  };
  let fenced = -1;
  for (const [i, line] of lines.entries()) {
    fenced = Math.max(fenced, fences.get(i) ?? -1);
    const own = written[i]!;
    if (i <= fenced) say('assistant', own);
    else if (line.startsWith('#### ') || line === '####') say('user', own.slice(5).replace(/ {2}(?=\r?$)/, ''));
    else if (line.startsWith('> ') || line === '>') {
      read.console++;
      close();
    } else if (!STARTED.test(line)) say('assistant', own);
  }
  close();
  return read;
}

/**
 * Line that opens a fence -> line that closes it. A fence that nothing closes before Aider itself says that the reply has ended is
 * none: the model left it open, and what a person says next is not in it.
 */
function fencesOf(lines: readonly string[]): Map<number, number> {
  const closes = new Map<number, number>();
  const marks = lines.map((line) => {
    const [, ticks, tildes] = FENCE.exec(line) ?? [];
    return ticks ?? tildes ?? '';
  });
  const closesAt = (i: number, mark: string): boolean => marks[i]!.startsWith(mark) && lines[i]!.trim() === marks[i];
  let from = 0;
  for (let end = 0; end <= lines.length; end++) {
    if (end < lines.length && !ENDED.test(lines[end]!)) continue;
    /** Of either kind the shortest that nothing closes up to here; nothing closes longer ones then. */
    const open = { '`': Infinity, '~': Infinity };
    for (let i = from; i < end; i++) {
      const mark = marks[i]!;
      const kind = mark.startsWith('~') ? '~' : '`';
      if (mark === '' || mark.length >= open[kind]) continue;
      let at = i + 1;
      while (at < end && !closesAt(at, mark)) at++;
      if (at === end) open[kind] = mark.length;
      else {
        closes.set(i, at);
        i = at;
      }
    }
    from = end + 1;
  }
  return closes;
}
