/**
 * Runs of LangSmith: one a line, or a batch as its clients send it (`{post, patch}`). All runs of a trace are one rollout.
 * https://docs.smith.langchain.com
 */
import { positionId } from './envelope.ts';
import type { Complaint, DecodedLines, Format, LogLine, RecordContext } from './format.ts';
import { describe, get, getId, getList, getObject, getString, isObject, type JsonObject } from './json.ts';
import { byTrace, rolloutOfTrace } from './span-rollouts.ts';
import { spanOf, type Span } from './span.ts';
import { oneLine } from './together.ts';

function isRun(record: unknown): boolean {
  return getString(record, 'run_type') !== undefined && (isObject(get(record, 'inputs')) || isObject(get(record, 'outputs')));
}

/** Runs, and beginnings and ends of runs, which need not hold what went in or came out. */
function runsOf(record: unknown): readonly unknown[] {
  if (isRun(record)) return [record];
  return ['post', 'patch', 'runs'].flatMap((key) => getList(record, key) ?? []);
}

/** What a run is begun with and what it is ended with, as one. */
function merged(runs: readonly (readonly [run: JsonObject, line: LogLine])[]): (readonly [JsonObject, LogLine])[] {
  const byId = new Map<string, readonly [JsonObject, LogLine]>();
  for (const [index, [run, line]] of runs.entries()) {
    const id = getId(run, 'id') ?? `\n${index}`;
    const [before, at] = byId.get(id) ?? [{}, line];
    const told = Object.entries(run).filter(([, value]) => value !== null && !(isObject(value) && Object.keys(value).length === 0));
    byId.set(id, [{ ...before, ...Object.fromEntries(told) }, at]);
  }
  return [...byId.values()];
}

function together(lines: readonly LogLine[], context: RecordContext): DecodedLines {
  const faults: { line: LogLine; complaint: Complaint }[] = [];
  const runs = merged(
    lines.flatMap((line) => {
      const own = runsOf(line.value);
      const objects = own.filter(isObject);
      if (objects.length < Math.max(1, own.length)) faults.push({ line, complaint: noRun(line.value, own.length - objects.length) });
      return objects.map((run): readonly [JsonObject, LogLine] => [run, line]);
    }),
  );
  const spans = runs.map(([run, line]): readonly [Span, LogLine] => {
    const model = getString(getObject(getObject(run, 'extra'), 'metadata'), 'ls_model_name');
    const span = spanOf({ ...run, attributes: model === undefined ? {} : { model } });
    return [{ ...span, events: [] }, line];
  });
  const rollouts = byTrace(spans).map((entries) => {
    const line = entries[0]?.[1];
    return rolloutOfTrace(
      entries.map(([span]) => span),
      positionId({ ...context, index: line?.start ?? context.index }),
    );
  });
  return { rollouts, faults };
}

function noRun(value: unknown, odd: number): Complaint {
  return { code: 'shape', expected: 'a run of LangSmith', found: odd > 0 ? `${odd} in a batch that are no objects` : describe(value) };
}

export const langsmith: Format = {
  id: 'langsmith',
  label: 'LangSmith runs',
  beats: ['chat', 'otel', 'prompt-completion', 'server-reply'],
  detects: (record) => isRun(record) || (['post', 'patch'].some((key) => getList(record, key)?.some(isRun)) && !isRun(record)),
  decode: oneLine(together),
  together,
};
