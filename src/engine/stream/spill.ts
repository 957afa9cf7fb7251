/** Where values go that need not be in memory: a platform puts them on its disk. */

/** Values in the order in which they were added; read as often as one likes once nothing is added any more. */
export interface Spill<T> {
  add(value: T): void;
  read(): AsyncIterable<T>;
  /** Lets go of what was added. */
  drop(): void;
}

/** A new one. Values are plain data with typed arrays, maps and sets, each of at most 2 GB. @param name for people who look there */
export type MakeSpill = <T>(name: string) => Spill<T>;
