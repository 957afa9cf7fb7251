/** Which tools are memory: word prefixes of tool names, edited by the user (method: objects). */
export type MemoryRule = (tool: string) => boolean;

/** Names that a rule remembers: a log has a few; one that makes up a name for each call fills no memory. */
const MOST_KNOWN = 4096;

/** Tool names are cut into words at case changes, digits and punctuation; a rule matches a word's beginning. */
export function makeMemoryRule(prefixes: readonly string[]): MemoryRule {
  const wanted = prefixes.map((prefix) => prefix.trim().toLowerCase()).filter((prefix) => prefix !== '');
  const known = new Map<string, boolean>();
  return (tool) => {
    let answer = known.get(tool);
    if (answer === undefined) {
      const words = tool
        .replace(/([a-z])([A-Z])/g, '$1 $2')
        .toLowerCase()
        .split(/[^a-z]+/);
      answer = words.some((word) => wanted.some((prefix) => word.startsWith(prefix)));
      if (known.size === MOST_KNOWN) known.clear();
      known.set(tool, answer);
    }
    return answer;
  };
}
