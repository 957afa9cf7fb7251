/**
 * AIDE journals (`journal.json`, often JSON inside a JSON string): `{nodes: [{plan, code, metric, …}], node2parent}`, a search over
 * programs. Each leaf ends a branch of one rollout; what a program printed is its result.
 * https://github.com/WecoAI/aideml/blob/main/aide/journal.py
 */
import type { Branch, RolloutEvent } from '../core/model/rollout.ts';
import { tooManyMessages } from './expansion.ts';
import { accept, defined, positionId, refuse, refuseShape } from './envelope.ts';
import type { Decoded, Format, RecordContext } from './format.ts';
import { asLogged, get, getId, getList, getString, isList, isObject } from './json.ts';
import { leafPaths } from './trace-graph.ts';
import { listById, parentsOf } from './tree-paths.ts';

export const aide: Format = {
  id: 'aide',
  label: 'AIDE journals',
  detects: (record) => isObject(record) && (getList(record, 'nodes') ?? []).some(isNode),
  decode: (record, context) => [decodeJournal(record, context)],
};

function isNode(node: unknown): boolean {
  return getString(node, 'code') !== undefined && getString(node, 'plan') !== undefined;
}

function decodeJournal(record: unknown, context: RecordContext): Decoded {
  const nodes = getList(record, 'nodes');
  if (nodes === undefined) return refuseShape('an object with a list of nodes', record, 'nodes');
  if (nodes.length === 0) return refuse('journal-empty', 'at least one node', 'none');
  const above = get(record, 'node2parent');
  const listed = listById(
    nodes,
    (node) => getId(node, 'id'),
    (node) => getId(above, getId(node, 'id') ?? '') ?? getId(node, 'parent') ?? getId(get(node, 'parent'), 'id'),
  );
  const parents = parentsOf(listed);
  const many = tooManyMessages(parents);
  if (many !== null) return { ok: false, complaint: many };
  const events = nodes.map(eventsOf);
  const branches = leafPaths(parents).map((path, b): Branch => ({
    events: path.flatMap((n) => events[n]!),
    ...defined({ cause: b === 0 ? undefined : 'search', reward: metricOf(nodes[path.at(-1)!]) }),
  }));
  const metrics = nodes
    .flatMap((node) => (get(node, 'is_buggy') === true ? [] : [metricOf(node)]))
    .filter((metric) => metric !== undefined);
  const isMore = nodes.some((node) => get(get(node, 'metric'), 'maximize') === false) ? Math.min : Math.max;
  const best = metrics.length === 0 ? null : metrics.reduce((a, b) => isMore(a, b));
  return accept({ id: positionId(context), task: `aide:${context.path}`, taskLabel: context.path, reward: best, branches });
}

function metricOf(node: unknown): number | undefined {
  const metric = get(node, 'metric');
  return asLogged(isObject(metric) ? get(metric, 'value') : metric);
}

function eventsOf(node: unknown): RolloutEvent[] {
  const plan = getString(node, 'plan') ?? '';
  const code = getString(node, 'code') ?? '';
  const printed = get(node, '_term_out') ?? get(node, 'term_out');
  const output = isList(printed) ? printed.join('') : typeof printed === 'string' ? printed : '';
  const events: RolloutEvent[] = [
    {
      role: 'assistant',
      sampled: true,
      parts: [
        ...(plan === '' ? [] : [{ kind: 'text' as const, text: plan }]),
        { kind: 'call', tool: 'run', text: JSON.stringify({ code }) },
      ],
    },
  ];
  const error = get(node, 'is_buggy') === true ? { error: true } : {};
  const text = [output, getString(node, 'analysis') ?? ''].filter((each) => each !== '').join('\n');
  if (text !== '') events.push({ role: 'tool', sampled: false, parts: [{ kind: 'result', tool: 'run', text, ...error }] });
  return events;
}
