/**
 * Tool definitions, in one form whatever the log's: JSON text of a list of `{type: "function", function: {name, description?,
 * parameters?, …}}`, as chat templates take them. Nothing is made up: what a definition does not say stays away.
 */
import { type JsonObject, describe, get, getString, isList, isObject, parseJson, toJson } from './json.ts';

/** Names under which records keep definitions. */
const KEYS = ['tools', 'tool_defs', 'functions', 'oai_tools'] as const;

/** The definitions of the first of these holders that has some; undefined where none has. */
export function readTools(holders: readonly unknown[]): string | undefined {
  for (const holder of holders)
    for (const key of KEYS) {
      const tools = normalTools(get(holder, key));
      if (tools !== undefined) return tools;
    }
  return undefined;
}

/** What the last text came to: the records of a log mostly have the same. */
let last: { readonly text: string; readonly tools: string | undefined } = { text: '', tools: undefined };

/** @returns undefined where the value holds no definition. A text that is no JSON is kept as a JSON string, other entries as logged. */
export function normalTools(value: unknown): string | undefined {
  if (typeof value === 'string') {
    if (value.trim() === '') return undefined;
    if (value !== last.text) {
      const parsed = parseJson(value);
      // A list that is read and holds nothing is no text to keep.
      last = { text: value, tools: parsed.ok && typeof parsed.value === 'object' ? normalTools(parsed.value) : toJson(value) };
    }
    return last.tools;
  }
  if (!isList(value) && !isObject(value)) return undefined;
  const entries = isList(value) ? value : entriesOf(value);
  const tools = entries.flatMap((entry) => definitions(entry));
  return tools.length === 0 ? undefined : toJson(tools);
}

/** What the last text came to, as above. */
let checked: { readonly text: string; readonly only: DefinitionsOnly } = { text: '', only: { odd: null } };

interface DefinitionsOnly {
  readonly tools?: string;
  /** The first thing that is no definition, for people. */
  readonly odd: string | null;
}

/** Of what `normalTools` gives only objects, which is what trainers and chat templates take. */
export function definitionsOnly(tools: string | undefined): DefinitionsOnly {
  if (tools === undefined) return { odd: null };
  if (tools !== checked.text) {
    const value = JSON.parse(tools) as unknown;
    const entries = isList(value) ? value : [value];
    const kept = entries.filter((entry) => isObject(entry));
    const odd = entries.find((entry) => !isObject(entry));
    const text = kept.length === entries.length ? tools : toJson(kept);
    checked = {
      text: tools,
      only: { ...(kept.length > 0 && text !== undefined ? { tools: text } : {}), odd: odd === undefined ? null : describe(odd) },
    };
  }
  return checked.only;
}

/** An object is one definition, or holds several by name. */
function entriesOf(value: JsonObject): readonly unknown[] {
  const isDefinition =
    getString(value, 'name') !== undefined || getString(value, 'type') !== undefined || isList(value['functionDeclarations']);
  if (isDefinition) return [value];
  return Object.keys(value).map((name) => {
    const entry = value[name];
    return isObject(entry) && getString(entry, 'name') === undefined && entry['function'] === undefined ? { name, ...entry } : entry;
  });
}

/** Lists of declarations within each other, and entries that are JSON text: no API has more than one of each. */
const MOST_LEVELS = 4;

function definitions(entry: unknown, level = 0): unknown[] {
  if (level > MOST_LEVELS) return [entry];
  if (typeof entry === 'string') {
    const parsed = parseJson(entry);
    return parsed.ok && isObject(parsed.value) ? definitions(parsed.value, level + 1) : [entry];
  }
  if (!isObject(entry)) return entry === null || entry === undefined ? [] : [entry];
  const declared = entry['functionDeclarations'] ?? entry['function_declarations'];
  if (isList(declared)) return declared.flatMap((inner) => definitions(inner, level + 1));
  const inner = entry['function'];
  if (isObject(inner) && getString(inner, 'name') !== undefined) return [{ ...entry, type: 'function', function: spelled(inner) }];
  // What a server runs itself, such as a search of the web, is no function; it stays as it is.
  const { type, ...rest } = entry;
  const isFunction = type === undefined || type === 'function';
  return [getString(entry, 'name') !== undefined && isFunction ? { type: 'function', function: spelled(rest) } : entry];
}

/** `{name, description?, parameters?}` first, then what else there is. Anthropic and MCP have other names for parameters. */
function spelled(definition: JsonObject): JsonObject {
  const { name, description, parameters, input_schema: schema, inputSchema, ...more } = definition;
  const known = parameters ?? schema ?? inputSchema;
  return {
    name,
    ...(description === undefined || description === null ? {} : { description }),
    ...(known === undefined || known === null ? {} : { parameters: known }),
    ...more,
  };
}
