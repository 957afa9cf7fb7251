/**
 * Sessions of Google's Agent Development Kit: events by a user and by agents, which may hand over to one another.
 * https://google.github.io/adk-docs
 */
import { accept, defined, positionId, refuse, singleRollout } from './envelope.ts';
import type { Complaint, Format } from './format.ts';
import { contentMessages } from './gemini-content.ts';
import { get, getId, getList, getString, isObject } from './json.ts';
import { readMessages, readTime } from './messages.ts';

function contentOf(event: unknown): unknown {
  const content = get(event, 'content');
  return isObject(content) && getList(content, 'parts') !== undefined ? content : undefined;
}

export const adk: Format = {
  id: 'adk',
  label: 'ADK sessions',
  beats: ['chat'],
  detects: (record) =>
    getList(record, 'events')?.some((event) => getString(event, 'author') !== undefined && contentOf(event) !== undefined) === true,
  decode(record, context) {
    const notes: Complaint[] = [];
    const events = [...(getList(record, 'past_events') ?? []), ...(getList(record, 'events') ?? [])].filter(
      (event) => contentOf(event) !== undefined,
    );
    const messages = events.flatMap((event) => {
      const said = contentMessages(contentOf(event), getString(event, 'author') === 'user' ? 'user' : 'assistant');
      return said.map((message) => ({ ...message, timestamp: get(event, 'timestamp') }));
    });
    const read = readMessages(messages, { name: 'events', notes });
    if (!read.ok) return [{ ok: false, complaint: read.complaint }];
    if (read.events.length === 0) return [refuse('empty', 'an event with content', 'none')];
    const authors = new Set(events.flatMap((event) => getString(event, 'author') ?? []));
    const id = getId(record, 'id', 'session_id') ?? positionId(context);
    const startedAt = readTime(get(events[0], 'timestamp'));
    const entry = accept(singleRollout({ id, reward: null, ...defined({ startedAt }) }, read.events), notes);
    const fields = { app: get(record, 'app_name') ?? get(record, 'appName'), agents: authors.size - Number(authors.has('user')) };
    return [entry.ok ? { ...entry, fields } : entry];
  },
};
