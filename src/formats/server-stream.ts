/**
 * Streams of model servers as they were recorded: events of chat and text completions, Responses, Anthropic's messages, SGLang, TGI,
 * Gemini, Ollama and llama.cpp, one reply after the other. Each reply is a rollout; the requests are not in such a log.
 */
import { foldStream, isStreamEvent } from './fold-stream.ts';
import type { Complaint, DecodedLines, Format, LogLine, RecordContext } from './format.ts';
import { describe, get, getString } from './json.ts';
import { rolloutsOfExchange } from './reply-rollouts.ts';
import { oneLine } from './together.ts';

/** Marks that end a stream or keep it alive, and carry nothing. */
function isMark(value: unknown): boolean {
  return value === '[DONE]' || getString(value, 'type') === 'ping' || getString(value, 'type') === 'keepalive';
}

function together(lines: readonly LogLine[], context: RecordContext): DecodedLines {
  const { replies, strange } = foldStream(
    lines.filter(({ value }) => !isMark(value)),
    ({ value }) => value,
  );
  const rollouts = replies.flatMap(({ reply, events, isWhole }) => {
    const notes: Complaint[] = isWhole
      ? []
      : [
          {
            code: 'torn-stream',
            expected: 'an event that ends the reply',
            found: `${events.length.toLocaleString('en')} events without it`,
          },
        ];
    const place = { ...context, index: events[0]?.start ?? context.index };
    return rolloutsOfExchange(undefined, reply, reply, place, notes).map((entry) => (entry.ok ? { ...entry, fields: reply } : entry));
  });
  const faults = strange.map((line) => ({ line, complaint: complaintAbout(line.value) }));
  const [first] = lines;
  if (rollouts.length + faults.length > 0 || first === undefined) return { rollouts, faults };
  return { rollouts, faults: [{ line: first, complaint: complaintAbout(first.value) }] };
}

function complaintAbout(value: unknown): Complaint {
  const error = getString(get(value, 'error'), 'message');
  return {
    code: 'stream-event',
    expected: 'an event of a reply',
    found: error === undefined ? describe(value) : `an error: ${error.slice(0, 200)}`,
  };
}

export const serverStream: Format = {
  id: 'server-stream',
  label: 'Streams of model servers',
  beats: ['server-reply', 'openai-reply', 'chat', 'prompt-completion'],
  detects: isStreamEvent,
  decode: oneLine(together),
  together,
};
