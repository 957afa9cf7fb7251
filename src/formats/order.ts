/** The order in which formats are asked: by what each says that it beats, never by where it stands in a list. */

/** What the order is made of; a `Format` is one. */
export interface Ordered {
  readonly id: string;
  readonly beats?: readonly string[];
}

/**
 * Every format before all that it beats, directly or through others; of those that nothing orders, by id. Throws a sentence
 * for two formats of one id, for the id of no format, and for formats that beat each other in a circle.
 */
export function orderFormats<T extends Ordered>(formats: readonly T[]): readonly T[] {
  const waiting = new Map<string, T>();
  for (const format of formats) {
    if (waiting.has(format.id)) throw new Error(`two formats are registered as ${format.id}`);
    waiting.set(format.id, format);
  }
  for (const { id, beats = [] } of formats)
    for (const other of beats) if (!waiting.has(other)) throw new Error(`${id} beats ${other}, which no format is registered as`);
  const ordered: T[] = [];
  while (waiting.size > 0) {
    const beaten = new Set([...waiting.values()].flatMap(({ beats = [] }) => beats));
    const [next] = [...waiting.keys()].filter((id) => !beaten.has(id)).sort();
    const format = next === undefined ? undefined : waiting.get(next);
    if (format === undefined) throw new Error(`formats beat each other in a circle: ${[...waiting.keys()].sort().join(', ')}`);
    ordered.push(format);
    waiting.delete(format.id);
  }
  return ordered;
}
