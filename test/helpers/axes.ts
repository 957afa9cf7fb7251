/** Small logs whose tasks have a language, a type and a scenario by the rules, for tests of axes. */

export interface ToyTask {
  readonly task: string;
  readonly ask: string;
  /** Name of the one file that is written. */
  readonly file: string;
}

const call = (file: string): object => ({
  id: 'c',
  type: 'function',
  function: { name: 'write_file', arguments: JSON.stringify({ path: file, content: 'x' }) },
});

/** A log in chat form, one rollout a task. */
export function toyLog(tasks: readonly ToyTask[]): string {
  return tasks
    .map(({ task, ask, file }, i) => {
      const messages = [
        { role: 'user', content: ask },
        { role: 'assistant', content: `I write ${task}.`, tool_calls: [call(file)] },
        { role: 'tool', tool_call_id: 'c', content: 'done' },
        { role: 'assistant', content: `Task ${task} is finished ${'now '.repeat(1 + (i % 4))}.` },
      ];
      return `${JSON.stringify({ id: `r-${task}`, task_id: task, messages })}\n`;
    })
    .join('');
}

/** `count` tasks of each language, in turn. */
export function toyTasks(counts: Readonly<Record<string, number>>): ToyTask[] {
  const ending: Readonly<Record<string, string>> = { python: 'py', rust: 'rs', go: 'go' };
  return Object.entries(counts).flatMap(([language, count]) =>
    Array.from({ length: count }, (_, i) => ({
      task: `${language}-${i}`,
      ask: `Fix the bug in the database query of case ${i}.`,
      file: `src/work.${ending[language] ?? language}`,
    })),
  );
}
