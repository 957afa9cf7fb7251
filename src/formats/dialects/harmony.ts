/**
 * Harmony, the format of gpt-oss: messages `<|start|>role<|channel|>channel to=recipient <|constrain|>type<|message|>…`, ended by
 * `<|end|>`, `<|call|>` or `<|return|>`. Thoughts are in the channel `analysis`, calls name a recipient.
 */
import { argumentsText, objectText } from './arguments.ts';
import type { Answer, CallDialect, Piece, Result, Span } from './dialect.ts';

const MARK = /<\|(start|channel|message|end|call|return)\|>/g;
const MESSAGE = '<|message|>';
/** How an answer begins whose prompt holds the header up to its channel. */
const REST_OF_HEADER = /^(?:analysis|commentary|final)(?: [^<]{1,256})?$/;

interface Message extends Span {
  /** What stands before `<|message|>`. */
  readonly header: string;
  readonly body: string;
}

/** The messages of a text, in order and apart. What has no header is none. */
function messagesOf(text: string): Message[] {
  const messages: Message[] = [];
  let last = 0;
  let start = -1;
  let body = -1;
  const close = (bodyEnd: number, end: number): void => {
    if (body >= 0) messages.push({ start, end, header: text.slice(start, body - MESSAGE.length), body: text.slice(body, bodyEnd) });
    start = body = -1;
    last = end;
  };
  for (const { 0: mark, 1: word, index: at } of text.matchAll(MARK)) {
    const end = at + mark.length;
    if (word === 'start') {
      close(at, at);
      start = at;
    } else if (body >= 0) {
      if (word !== 'channel' && word !== 'message') close(at, end);
    } else if (word === 'channel') start = start < 0 ? at : start;
    else if (word === 'message') {
      if (start < 0) start = REST_OF_HEADER.test(text.slice(Math.max(last, at - 300), at)) ? Math.max(last, at - 300) : at;
      body = end;
    }
  }
  close(text.length, text.length);
  return messages;
}

/** A word of a header behind `key`, which no other word has in it. */
function wordAfter(header: string, key: string): string | undefined {
  const at = header.indexOf(key);
  return at < 0 ? undefined : /^[^\s<]{1,256}/.exec(header.slice(at + key.length, at + key.length + 256))?.[0];
}

const channelOf = (header: string): string | undefined => wordAfter(header, '<|channel|>') ?? /^[a-z]+/.exec(header)?.[0];
const authorOf = (header: string): string | undefined => wordAfter(header, '<|start|>');
const bareName = (name: string): string => (name.startsWith('functions.') ? name.slice('functions.'.length) : name);

/** Arguments are JSON, but for the interpreter, which gets code. */
function argumentsOf(tool: string, header: string, body: string): string | null {
  const text = objectText(body);
  if (text !== null || header.includes('<|constrain|>')) return text;
  return tool === 'python' && body.trim() !== '' ? argumentsText([['code', body]]) : null;
}

function answer(text: string): Answer {
  const pieces: Piece[] = [];
  const unread: Span[] = [];
  let at = 0;
  const gap = (end: number): void => {
    const own = text.slice(at, end);
    if (end > at)
      pieces.push(own.trim() === '' ? { kind: 'scaffold', start: at, end, text: '' } : { kind: 'text', start: at, end, text: own });
  };
  for (const { start, end, header, body } of messagesOf(text)) {
    const recipient = wordAfter(header, ' to=');
    const isCall = recipient !== undefined && recipient !== 'user' && recipient !== 'assistant';
    const tool = isCall ? bareName(recipient) : '';
    const args = isCall ? argumentsOf(tool, header, body) : null;
    if (isCall && args === null) {
      unread.push({ start, end });
      continue;
    }
    gap(start);
    at = end;
    if (args !== null) pieces.push({ kind: 'call', start, end, tool, text: args });
    else pieces.push({ kind: channelOf(header) === 'analysis' ? 'thinking' : 'text', start, end, text: body });
  }
  gap(text.length);
  return { pieces, unread };
}

/** Messages of the tools: their author is one. */
function results(text: string): readonly Result[] {
  return messagesOf(text).flatMap(({ start, end, header, body }): Result[] => {
    const author = authorOf(header);
    if (author === undefined || wordAfter(header, ' to=') !== 'assistant') return [];
    return [{ start, end, text: body, tool: bareName(author) }];
  });
}

export const harmony: CallDialect = {
  id: 'harmony',
  label: 'Harmony (gpt-oss)',
  source: 'https://github.com/openai/harmony/blob/main/docs/format.md',
  beats: ['hermes'],
  detects: (text) => text.includes('<|channel|>') && text.includes('<|message|>'),
  answer,
  results,
};
