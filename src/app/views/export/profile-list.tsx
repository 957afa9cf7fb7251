/** The files that an export may have: each profile with what it is for, what it needs and its options. */
import type { ChosenProfile, OptionValue, OptionValues, ProfileOffer, ProfileOption } from '../../../engine/answers/exporting.ts';
import { fileOf } from '../../../engine/export/file-names.ts';
import { Select } from '../../widgets/controls.tsx';

interface Props {
  readonly offers: readonly ProfileOffer[];
  readonly chosen: readonly ChosenProfile[];
  readonly onChange: (chosen: readonly ChosenProfile[]) => void;
}

export function ProfileList({ offers, chosen, onChange }: Props) {
  const optionsOf = (id: string): OptionValues | undefined => {
    const found = chosen.find(({ profile }) => profile === id);
    return found && (found.options ?? {});
  };
  const put = (id: string, options: OptionValues | undefined): void => {
    const others = chosen.filter(({ profile }) => profile !== id);
    onChange(options === undefined ? others : [...others, { profile: id, options }]);
  };
  return (
    <fieldset className="m-0 grid gap-1.5 border-0 p-0">
      <legend className="mb-1 p-0 font-[600]">Files</legend>
      {offers.map((offer) => {
        const options = optionsOf(offer.id);
        return (
          <div key={offer.id} className="grid gap-1">
            <label className="flex flex-wrap items-baseline gap-x-2 sm:flex-nowrap">
              <input
                type="checkbox"
                checked={options !== undefined}
                disabled={offer.unavailable !== null}
                onChange={() => put(offer.id, options === undefined ? {} : undefined)}
                className="translate-y-px"
              />
              <span className="w-[76px] flex-none font-[550]">{offer.label}</span>
              <span className="flex-none font-mono sm:w-[172px]">{fileOf(offer, options ?? {}).fileName}</span>
              <span className="basis-full pl-[21px] text-ink2 sm:basis-auto sm:pl-0">
                {offer.unavailable ?? offer.about}
                {offer.unavailable === null && offer.needs.length > 0 && (
                  <span className="text-ink3"> (from the log’s {offer.needs.join(' and ')})</span>
                )}{' '}
                {offer.specification.startsWith('https:') && (
                  <a href={offer.specification} target="_blank" rel="noreferrer" className="text-ink3 underline">
                    specification
                  </a>
                )}
              </span>
            </label>
            {options !== undefined && offer.options.length > 0 && (
              <div className="ml-6 flex flex-wrap gap-x-4 gap-y-1">
                {offer.options.map((option) => (
                  <OptionField
                    key={option.name}
                    option={option}
                    value={options[option.name] ?? option.default}
                    onChange={(value) => put(offer.id, { ...options, [option.name]: value })}
                  />
                ))}
              </div>
            )}
          </div>
        );
      })}
    </fieldset>
  );
}

interface FieldProps {
  readonly option: ProfileOption;
  readonly value: OptionValue;
  readonly onChange: (value: OptionValue) => void;
}

function OptionField({ option, value, onChange }: FieldProps) {
  return (
    <label className="flex items-center gap-2 text-ink2" title={option.help}>
      {option.label}
      <OptionControl option={option} value={value} onChange={onChange} />
    </label>
  );
}

function OptionControl({ option, value, onChange }: FieldProps) {
  const look = 'h-[26px] rounded border border-line bg-paper px-2 text-t1';
  switch (option.type) {
    case 'flag':
      return <input type="checkbox" checked={value === true} onChange={() => onChange(value !== true)} />;
    case 'choice':
      return (
        <Select
          label={option.label}
          choices={option.values.map((each) => ({ value: each, label: each }))}
          value={String(value)}
          onChange={onChange}
        />
      );
    case 'number':
      return (
        <input
          type="number"
          defaultValue={Number(value)}
          min={option.min}
          max={option.max}
          step={option.whole ? 1 : 'any'}
          onChange={({ currentTarget }) => {
            if (currentTarget.value !== '' && currentTarget.validity.valid) onChange(currentTarget.valueAsNumber);
          }}
          className={`w-24 ${look}`}
        />
      );
    case 'text':
      return <input type="text" value={String(value)} onChange={({ currentTarget }) => onChange(currentTarget.value)} className={look} />;
  }
}
