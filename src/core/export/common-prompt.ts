/** Which records begin alike, for trainers that compute the beginning of a group once. */

/** Records as ids, and where the first token that trains stands in each. */
export interface Beginning {
  readonly ids: Int32Array;
  readonly start: number;
}

export interface PromptGroup<T extends Beginning> {
  /** Tokens that all members have in common and that none of them trains, at least one. */
  readonly length: number;
  readonly members: readonly T[];
}

/** Groups by the first token, in the order in which they are met; each has the longest prompt that its members allow. O(tokens). */
export function promptGroups<T extends Beginning>(records: readonly T[]): PromptGroup<T>[] {
  const groups = new Map<number, T[]>();
  for (const record of records) {
    const members = groups.get(record.ids[0]) ?? [];
    groups.set(record.ids[0], members);
    members.push(record);
  }
  return [...groups.values()].map((members) => {
    const [first] = members;
    let length = first.start;
    for (const { ids, start } of members) {
      length = Math.min(length, start);
      let at = 0;
      while (at < length && ids[at] === first.ids[at]) at++;
      length = at;
    }
    return { length, members };
  });
}
