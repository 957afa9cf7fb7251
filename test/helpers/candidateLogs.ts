/** Three runs of two tasks, with the patches they handed in, predictions beside them and a harness's reports: written by hand. */

/** A patch of one file: `context` stands above and below what changes. */
export function patchOf(
  path: string,
  removed: readonly string[],
  added: readonly string[],
  context = ['def water(bed):', '    done()'],
): string {
  const [above = '', below = ''] = context;
  const body = [` ${above}`, ...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`), ` ${below}`];
  const head = `@@ -1,${removed.length + 2} +1,${added.length + 2} @@`;
  return [`diff --git a/${path} b/${path}`, `--- a/${path}`, `+++ b/${path}`, head, ...body, ''].join('\n');
}

const RIGHT = patchOf('beds.py', ['    pump(bed)'], ['    pump(bed, litres=2)']);
const RIGHT_AGAIN = patchOf('beds.py', ['    pump(bed)'], ['    # two litres are enough', '    pump(bed,  litres=2)']);
const WRONG = patchOf('beds.py', ['    pump(bed)'], ['    pump(bed, litres=20)']);

/** task -> run -> what it hands in, and whether that resolves it */
const RUNS: Readonly<Record<string, readonly (readonly [patch: string, resolved: boolean])[]>> = {
  'garden__beds-1': [
    [RIGHT, true],
    [RIGHT_AGAIN, true],
    [WRONG, false],
  ],
  'garden__beds-2': [
    [WRONG, false],
    [WRONG, false],
    ['', false],
  ],
};

function trajectory(task: string, run: number, submission: string): string {
  const messages = [
    { role: 'system', content: 'You water the beds.' },
    { role: 'user', content: `Solve ${task}.` },
    { role: 'assistant', content: `Run ${run}.\n\n\`\`\`bash\nls ${run}\n\`\`\``, extra: { timestamp: run } },
    { role: 'user', content: '<returncode>0</returncode>\n<output>beds.py</output>' },
    { role: 'assistant', content: 'Done.\n\n```bash\necho done\n```', extra: { timestamp: run + 1 } },
  ];
  const info = { exit_status: 'Submitted', submission, model_stats: { instance_cost: 0, api_calls: 2 }, mini_version: '1.0' };
  return JSON.stringify({ info, messages, trajectory_format: 'mini-swe-agent-1' });
}

/** [path, content] of all files. */
export function candidateLogs(): (readonly [path: string, content: string])[] {
  const files: (readonly [string, string])[] = [];
  for (let run = 0; run < 3; run++) {
    const predictions: Record<string, unknown> = {};
    const resolved: string[] = [];
    for (const [task, runs] of Object.entries(RUNS)) {
      const [patch, isResolved] = runs[run]!;
      files.push([`runs/run_${run}/${task}/${task}.traj.json`, trajectory(task, run, patch)]);
      predictions[task] = { model_name_or_path: 'gardener', instance_id: task, model_patch: patch };
      if (isResolved) resolved.push(task);
    }
    const all = Object.keys(RUNS);
    const report = {
      total_instances: all.length,
      submitted_ids: all,
      completed_ids: all,
      resolved_ids: resolved,
      unresolved_ids: all.filter((task) => !resolved.includes(task)),
    };
    files.push([`runs/run_${run}/preds.json`, JSON.stringify(predictions)]);
    files.push([`reports/gardener.run_${run}.json`, JSON.stringify(report)]);
  }
  return files;
}
