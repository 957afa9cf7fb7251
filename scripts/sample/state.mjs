/** What the policy knows at a turn: a pure function of the task and of the messages that are in its context. */

/**
 * @typedef {import('./template.mjs').Call} Call
 * @typedef {import('./tools.mjs').ToolResult} ToolResult
 * @typedef {import('./tasks.mjs').Task} Task
 *
 * @typedef {object} State
 * @property {number} turns model calls so far
 * @property {string[]} seen document ids that a search has shown
 * @property {string[]} read document ids in the order they were read
 * @property {Record<string, number>} facts
 * @property {Record<string, number>} values results of the task's sums
 * @property {string[]} notes keys of notes
 * @property {number} searches
 * @property {string} failed name of the tool whose call failed last turn, or ''
 * @property {boolean} compacted earlier turns are only known from a summary
 * @property {boolean} recalled
 */

/** @returns {State} */
export function emptyState() {
  return { turns: 0, seen: [], read: [], facts: {}, values: {}, notes: [], searches: 0, failed: '', compacted: false, recalled: false };
}

/**
 * An expression with its {names} replaced by figures, or null where one is unknown.
 * @param {string} template
 * @param {State} state
 * @returns {string | null}
 */
export function fill(template, { facts, values }) {
  let complete = true;
  const text = template.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name] ?? facts[name];
    if (value === undefined) complete = false;
    return String(value);
  });
  return complete ? text : null;
}

/**
 * The name of the sum that an expression computes, judged by the templates of the task; '' where it is none of them.
 * @param {Task} task
 * @param {State} state
 * @param {string} expression
 */
function sumOf(task, state, expression) {
  const last = task.sums[task.sums.length - 1];
  if (last && task.shortcuts.some((template) => fill(template, state) === expression)) return last.name;
  // Later sums first: an expression that two sums share is the one that is not yet known.
  const matching = task.sums.filter((sum) => [...sum.right, ...sum.wrong].some((template) => fill(template, state) === expression));
  return (matching.find((sum) => state.values[sum.name] === undefined) ?? matching[0])?.name ?? '';
}

/**
 * The state after one more turn.
 * @param {Task} task
 * @param {import('./world.mjs').World} world
 * @param {State} before
 * @param {readonly Call[]} calls
 * @param {readonly ToolResult[]} results
 * @returns {State}
 */
export function advance(task, world, before, calls, results) {
  /** @type {State} */
  const state = {
    ...before,
    turns: before.turns + 1,
    seen: [...before.seen],
    read: [...before.read],
    facts: { ...before.facts },
    values: { ...before.values },
    notes: [...before.notes],
    failed: '',
  };
  calls.forEach((call, i) => {
    const { content, error } = results[i];
    if (error) state.failed = call.name;
    else if (call.name === 'search') {
      state.searches++;
      for (const { id } of world.documents) if (content.includes(`${id}:`) && !state.seen.includes(id)) state.seen.push(id);
    } else if (call.name === 'read') {
      if (!state.read.includes(call.arguments.document)) state.read.push(call.arguments.document);
      Object.assign(state.facts, world.documents.find(({ id }) => id === call.arguments.document)?.facts);
    } else if (call.name === 'calculator') {
      const name = sumOf(task, state, call.arguments.expression);
      if (name !== '') state.values[name] = Number(content);
    } else if (call.name === 'memory_write') {
      if (!state.notes.includes(call.arguments.key)) state.notes.push(call.arguments.key);
    } else state.recalled = true;
  });
  return state;
}

/** @type {(entries: Record<string, number>) => string} */
const list = (entries) =>
  Object.entries(entries)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ') || 'none';

/**
 * The text that replaces the earlier turns when a context grows too long. It holds all that `compact` keeps.
 * @param {State} state
 */
export function summaryText(state) {
  return [
    `<summary>\nThe ${state.turns} turns so far, shortened.`,
    `Found: ${state.seen.join(', ') || 'nothing'}.`,
    `Read: ${state.read.join(', ') || 'nothing'}.`,
    `Figures: ${list(state.facts)}.`,
    `Results: ${list(state.values)}.`,
    `Notes: ${state.notes.join(', ') || 'none'}.\n</summary>`,
  ].join('\n');
}

/**
 * The state that is left once only the summary is in context.
 * @param {State} state
 * @returns {State}
 */
export function compact(state) {
  return { ...state, failed: '', searches: 0, compacted: true, recalled: false };
}
