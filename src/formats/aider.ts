/**
 * Chat histories of Aider (`.aider.chat.history.md`): what a person says is a heading of the fourth level, what Aider itself says a
 * quotation, and the rest is the model's. https://aider.chat/docs/config/options.html#history-files
 */
import type { RolloutEvent } from '../core/model/rollout.ts';
import { positionId, refuseShape } from './envelope.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { getString } from './json.ts';
import { readTime } from './messages.ts';
import { makeTally, sessionEntry, sessionEvent } from './session.ts';

export const aiderChat: Format = {
  id: 'aider',
  label: 'Aider chat histories',
  detects: (record) => getString(record, 'aider_chat') !== undefined,
  decode: (record, context) => [decodeChat(record, context)],
};

const STARTED = /^# aider chat started at (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)/m;
const MODEL = /^> (?:Main model|Model|Models): (\S+)/m;
const VERSION = /^> Aider v(\S+)/m;
const TOKENS = /^> Tokens: ([\d.]+)(k?) sent, (?:.*, )?([\d.]+)(k?) received/gm;
const COST = /^> Tokens:.* Cost: \$[\d.]+ message, \$([\d.]+) session/gm;
/** What a person tells Aider and not the model. */
const COMMAND = /^\/(?!(?:ask|code|architect)\s)/;

function decodeChat(record: unknown, context: RecordContext): Decoded {
  const text = getString(record, 'aider_chat');
  if (text === undefined) return refuseShape('the text of a chat at aider_chat, of a length that can be read', record, 'aider_chat');
  const notes: Complaint[] = [];
  const { turns, console: shown, commands } = turnsOf(chatLines(text));
  const events = turns.flatMap(({ role, content }): RolloutEvent[] => {
    const event = sessionEvent({ role, content }, notes, role === 'assistant');
    return event === null ? [] : [event];
  });
  const first = (pattern: RegExp): string | undefined => pattern.exec(text)?.[1];
  const started = first(STARTED);
  const cost = [...text.matchAll(COST)].at(-1)?.[1];
  let [sent, received] = [0, 0];
  for (const [, up = '', upUnit, down = '', downUnit] of text.matchAll(TOKENS)) {
    sent += Number(up) * (upUnit === 'k' ? 1000 : 1);
    received += Number(down) * (downUnit === 'k' ? 1000 : 1);
  }
  const fields = {
    model: first(MODEL),
    version: first(VERSION),
    ...(sent > 0 ? { usage: { sent, received } } : {}),
    ...(cost === undefined ? {} : { cost: Number(cost) }),
    commands,
    consoleLines: shown,
  };
  const tally = makeTally(text.split('\n').length);
  return sessionEntry({ id: positionId(context), fields, startedAt: readTime(started) }, [{ events }], tally, notes);
}

/** The lines of the chat, with a CR where they end in one; of a page that shows a chat, those that it marks as such. */
function chatLines(text: string): string[] {
  const lines = text.split('\n');
  if (!lines.some((line) => line.startsWith('<div class="chat-transcript"'))) return lines;
  let inside = false;
  return lines.filter((line) => {
    if (line.startsWith('<div class="chat-transcript"')) inside = true;
    else if (line.trimEnd() === '</div>') inside = false;
    else return inside;
    return false;
  });
}

interface Turns {
  readonly turns: { readonly role: 'user' | 'assistant'; content: string }[];
  /** Lines that Aider itself says, and commands to it. */
  console: number;
  commands: number;
}

function turnsOf(lines: readonly string[]): Turns {
  const read: Turns = { turns: [], console: 0, commands: 0 };
  let open: { role: 'user' | 'assistant'; lines: string[] } | null = null;
  let fence: string | null = null;
  const close = (): void => {
    if (open === null) return;
    const content = open.lines.join('\n').replace(/^\n+|\s+$/g, '');
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
    open.lines.push(line);
  };
  for (const written of lines) {
    const line = written.replace(/\r$/, '');
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== null) {
      say('assistant', written);
      if (mark !== undefined && mark.startsWith(fence) && line.trim() === mark) fence = null;
    } else if (line.startsWith('#### ') || line === '####') say('user', written.slice(5).replace(/ {2}(?=\r?$)/, ''));
    else if (line.startsWith('> ') || line === '>') {
      read.console++;
      close();
    } else if (!STARTED.test(line)) {
      if (mark !== undefined) fence = mark;
      say('assistant', written);
    }
  }
  close();
  return read;
}
