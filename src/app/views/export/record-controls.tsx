/** Which records are written, in what order and into which files: a control for each setting that there is. */
import { useState } from 'react';
import type { OptionValue, RecordSettings } from '../../../engine/answers/exporting.ts';
import { RECORD_SETTINGS } from '../../../engine/export/record-settings.ts';
import { exact } from '../../text/format.ts';
import { OptionField } from './option-field.tsx';

export function RecordControls({
  records,
  onChange,
}: {
  readonly records: Partial<RecordSettings>;
  readonly onChange: (records: Partial<RecordSettings>) => void;
}) {
  const put = (name: keyof RecordSettings, value: OptionValue, standard: OptionValue): void => {
    const others = Object.entries(records).filter(([other]) => other !== name);
    onChange(Object.fromEntries(value === standard ? others : [...others, [name, value]]));
  };
  const changed = Object.keys(records).length;
  const [isOpen] = useState(changed > 0);
  return (
    <details open={isOpen} className="group rounded border border-line">
      <summary className="flex cursor-default list-none items-baseline gap-2 px-3 py-1 hover:bg-sunk [&::-webkit-details-marker]:hidden">
        <span aria-hidden="true" className="w-2 flex-none text-t0 text-ink3 group-open:rotate-90">
          ▸
        </span>
        <h3 className="m-0 flex-none text-t1 font-[600]">Records</h3>
        <span className="min-w-0 flex-1 truncate text-ink3 group-open:invisible">
          {RECORD_SETTINGS.map(({ label }) => label.toLowerCase()).join(' · ')}
        </span>
        {changed > 0 && <span className="flex-none text-leaf">{exact(changed)} set</span>}
      </summary>
      <div className="grid gap-x-6 gap-y-1.5 px-3 pt-1 pb-3 sm:grid-cols-2">
        {RECORD_SETTINGS.map((setting) => (
          <div key={setting.name} className="grid gap-0.5">
            <OptionField
              option={setting}
              value={records[setting.name] ?? setting.default}
              onChange={(value) => put(setting.name, value, setting.default)}
            />
            <span className="text-t0 text-ink3">{setting.help}</span>
          </div>
        ))}
      </div>
    </details>
  );
}
