/**
 * Chat histories of Aider (`.aider.chat.history.md`): what a person says is a heading of the fourth level, what Aider itself says a
 * quotation, and the rest is the model's. https://aider.chat/docs/config/options.html#history-files
 */
import type { RolloutEvent } from '../core/model/rollout.ts';
import { chatLines, turnsOf } from './aider-turns.ts';
import { positionId, refuse, refuseShape } from './envelope.ts';
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

function decodeChat(record: unknown, context: RecordContext): Decoded {
  const text = getString(record, 'aider_chat');
  if (text === undefined) return refuseShape('the text of a chat at aider_chat, of a length that can be read', record, 'aider_chat');
  const notes: Complaint[] = [];
  const { turns, console: shown, commands } = turnsOf(chatLines(text));
  if (!STARTED.test(text) && commands === 0 && !turns.some(({ role }) => role === 'user'))
    return refuse('no-chat', 'a chat: its head "# aider chat started at", or what a person said behind ####', 'text before the first chat');
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
