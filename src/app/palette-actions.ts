/** What the palette finds beside the actions of the page: tasks, tools, presets, strategies and every other choice of a setting. */
import { visible } from '../base/visible.ts';
import { printValue } from '../core/filter/print.ts';
import { PRESETS } from '../core/rule/presets.ts';
import { RULE_FIELD_LIST } from '../core/rule/fields.ts';
import type { RolloutColumns } from '../core/rollouts/columns.ts';
import type { TaskTable } from '../engine/answers/dataset.ts';
import { useTasks } from './queries/answers.ts';
import { useRollouts } from './queries/rollouts.ts';
import type { Action } from './action.ts';
import { useChoices } from './state/choices.ts';

/** Only what a log and the settings offer now; made when the palette opens. */
export function usePaletteActions(): readonly Action[] {
  const tasks = useTasks();
  const rollouts = useRollouts();
  return [...settingActions(), ...(rollouts ? toolActions(rollouts) : []), ...(tasks ? taskActions(tasks) : [])];
}

const action = (group: string, id: string, name: string, run: () => void): Action => ({ group, id, name, keys: [], ready: true, run });

function settingActions(): readonly Action[] {
  const { setRule, setPreset } = useChoices.getState();
  const presets = PRESETS.map((preset) => action('Setting', `preset-${preset.id}`, `Preset: ${preset.label}`, () => setPreset(preset)));
  const choices = RULE_FIELD_LIST.flatMap((field) =>
    (field.values ?? [])
      .filter(({ needs }) => needs === undefined)
      .map(({ id, label }) =>
        action('Setting', `${field.name}-${id}`, `${field.spoken ?? field.label}: ${label}`, () => setRule({ [field.name]: id })),
      ),
  );
  return [...presets, ...choices];
}

function toolActions({ columns }: RolloutColumns): readonly Action[] {
  const tools = columns.find(({ id }) => id === 'tool');
  if (tools?.type !== 'set') return [];
  return tools.words.map((word) =>
    action('Tool', `tool-${word}`, `Rollouts that call ${visible(word)}`, () =>
      useChoices.getState().set({ filter: `tool:${printValue([word])}` }),
    ),
  );
}

function taskActions({ key, label }: TaskTable): readonly Action[] {
  return key.map((task, i) =>
    action('Task', `task-${task}`, `Task ${visible(label[i] ?? task)}`, () => useChoices.getState().selectTask(task)),
  );
}
