/** The preset in force, and the others: settings and budgets that belong together. */
import { PRESETS, presetOf } from '../../../core/rule/presets.ts';
import { useChoices } from '../../state/choices.ts';
import { Select } from '../../widgets/controls.tsx';

const OWN = 'own';

export function PresetControl() {
  const rule = useChoices((s) => s.pruning.present.rule);
  const setPreset = useChoices((s) => s.setPreset);
  const chosen = presetOf(rule)?.id ?? OWN;
  const choices = [
    ...PRESETS.map(({ id, label, help, evidence }) => ({ value: id as string, label, about: `${help} ${evidence}` })),
    ...(chosen === OWN ? [{ value: OWN, label: 'own settings', about: 'Settings that no preset has' }] : []),
  ];
  return (
    <Select
      label="Preset"
      choices={choices}
      value={chosen}
      onChange={(next) => {
        const preset = PRESETS.find(({ id }) => id === next);
        if (preset) setPreset(preset);
      }}
    />
  );
}
