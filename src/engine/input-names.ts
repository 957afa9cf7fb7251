/** Names of inputs: a file's path as it was handed over, the path of a member behind it, and a number where another has the same. */

/**
 * One name per path, in order, no two equal: `a.jsonl`, then `a.jsonl (2)`. Ids and tasks of a log may be its file's own,
 * and an issue says by name which file it is of. A number that would give another file's name is passed over.
 */
export function inputNames(paths: readonly string[]): string[] {
  const taken = new Set(paths);
  const used = new Set<string>();
  return paths.map((path) => {
    let name = path;
    for (let number = 2; used.has(name) || (name !== path && taken.has(name)); number++) name = `${path} (${number})`;
    used.add(name);
    return name;
  });
}

/**
 * Names of members, asked for in order, once each: the file's, the member's path behind it. None is the name of another file.
 *
 * @param files names of all files
 */
export function memberNames(files: readonly string[]): (file: string, member: string | null) => string {
  const taken = new Set(files);
  const used = new Set<string>();
  return (file, member) => {
    const path = member === null ? file : `${file}/${member}`;
    let name = path;
    for (let number = 2; used.has(name) || (name !== file && taken.has(name)); number++) name = `${path} (${number})`;
    used.add(name);
    return name;
  };
}

/** The last step of a path, which may say what a log is of. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
