/** The tools that a log says the policy had: their names, and the parameters that each needs. */
import { isRecord } from './arguments.ts';

/** name -> parameters without which a call is none; empty: the log defines no tools */
export type ToolTable = ReadonlyMap<string, readonly string[]>;

/** @param tools as `Rollout.tools` has them. What is no definition is passed over. */
export function toolTable(tools: string | undefined): ToolTable {
  const table = new Map<string, readonly string[]>();
  for (const entry of listOf(tools)) {
    const definition = isRecord(entry) && isRecord(entry['function']) ? entry['function'] : entry;
    if (!isRecord(definition) || typeof definition['name'] !== 'string') continue;
    const { parameters } = definition;
    const required = isRecord(parameters) && Array.isArray(parameters['required']) ? parameters['required'] : [];
    table.set(
      definition['name'],
      required.filter((name): name is string => typeof name === 'string'),
    );
  }
  return table;
}

function listOf(tools: string | undefined): readonly unknown[] {
  if (tools === undefined) return [];
  try {
    const value: unknown = JSON.parse(tools);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
