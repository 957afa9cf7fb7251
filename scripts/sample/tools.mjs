/** The tools that the agent really runs: search and read over the documents, a calculator, a key-value memory. */
import { calculate } from './calculator.mjs';

/**
 * @typedef {import('./world.mjs').World} World
 * @typedef {import('./template.mjs').Call} Call
 * @typedef {{ content: string, error: boolean }} ToolResult
 */

/** Definitions as shown to the model: name, purpose, parameters. */
const DEFINITIONS = [
  { name: 'search', description: 'Find documents.', parameters: { query: 'words to look for' } },
  { name: 'read', description: 'Read one document.', parameters: { document: 'its id' } },
  { name: 'calculator', description: 'Evaluate + - * / ( ).', parameters: { expression: 'the sum' } },
  { name: 'memory_write', description: 'Keep a note.', parameters: { key: 'its name', value: 'its text' } },
  { name: 'memory_read', description: 'Recall a note.', parameters: { key: 'its name' } },
];

/** The definitions as one line each, for the system message. */
export const TOOL_LINES = DEFINITIONS.map(
  ({ name, description, parameters }) =>
    `${name}(${Object.entries(parameters)
      .map(([key, what]) => `${key}: ${what}`)
      .join(', ')}): ${description}`,
).join('\n');

/** The definitions as JSON schemas. */
export const TOOLS = DEFINITIONS.map(({ name, description, parameters }) => ({
  name,
  description,
  parameters: {
    type: 'object',
    properties: Object.fromEntries(Object.entries(parameters).map(([key, what]) => [key, { type: 'string', description: what }])),
    required: Object.keys(parameters),
  },
}));

const IGNORED = new Set(['the', 'of', 'a', 'an', 'in', 'at', 'to', 'and', 'for', 'how', 'many', 'much', 'is', 'each', 'per', 'on', 'what']);

/** @param {string} text */
function words(text) {
  return (text.toLowerCase().match(/[a-z]+/g) ?? []).filter((word) => !IGNORED.has(word)).map((word) => word.replace(/s$/, ''));
}

/**
 * Ids of the documents that share most words with the query, at most three; a word of the title counts double.
 * @param {World} world
 * @param {string} query
 * @returns {string[]}
 */
function findDocuments(world, query) {
  const wanted = new Set(words(query));
  const found = world.documents.map(({ id, title, text }, order) => {
    const inTitle = new Set(words(title));
    const inText = new Set(words(text));
    let hits = 0;
    for (const word of wanted) hits += (inTitle.has(word) ? 2 : 0) + (inText.has(word) ? 1 : 0);
    return { id, hits, order };
  });
  return found
    .filter(({ hits }) => hits > 0)
    .sort((a, b) => b.hits - a.hits || a.order - b.order)
    .slice(0, 3)
    .map(({ id }) => id);
}

/** @type {(content: string) => ToolResult} */
const ok = (content) => ({ content, error: false });
/** @type {(reason: string) => ToolResult} */
const failed = (reason) => ({ content: `Error: ${reason}`, error: true });

/**
 * Runs one call. `memory` is the rollout's own and is written to.
 * @param {World} world
 * @param {Map<string, string>} memory
 * @param {Call} call
 * @returns {ToolResult}
 */
export function runTool(world, memory, call) {
  const args = call.arguments;
  switch (call.name) {
    case 'search': {
      const ids = findDocuments(world, args.query);
      return ok(
        ids.length === 0 ? 'No document matches.' : ids.map((id) => `${id}: ${world.documents.find((d) => d.id === id)?.title}`).join('\n'),
      );
    }
    case 'read': {
      const found = world.documents.find(({ id }) => id === args.document);
      return found ? ok(found.text) : failed(`unknown document "${args.document}"`);
    }
    case 'calculator': {
      const result = calculate(args.expression);
      return result.ok ? ok(String(result.value)) : failed(result.reason);
    }
    case 'memory_write':
      memory.set(args.key, args.value);
      return ok(`Noted under "${args.key}".`);
    case 'memory_read': {
      const value = memory.get(args.key);
      return value === undefined ? failed(`no note under "${args.key}"`) : ok(value);
    }
    default:
      return failed(`unknown tool "${call.name}"`);
  }
}
