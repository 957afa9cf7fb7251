/** The files that an export may have, by whose trainer they are for, with a box to find them by. */
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import type { ChosenProfile, OptionValues, ProfileOffer } from '../../../engine/answers/exporting.ts';
import { fileOf } from '../../../engine/export/file-names.ts';
import { exact } from '../../text/format.ts';
import { OptionField } from './option-field.tsx';

interface Props {
  readonly offers: readonly ProfileOffer[];
  readonly chosen: readonly ChosenProfile[];
  readonly onChange: (chosen: readonly ChosenProfile[]) => void;
}

const NO_FAMILY = 'Others';
const COLUMNS = 'grid grid-cols-[14px_minmax(0,1fr)] items-baseline gap-x-2 sm:grid-cols-[14px_150px_minmax(0,1fr)]';
/** So few need no box to find one by. */
const FEW = 6;

export function ProfileList({ offers, chosen, onChange }: Props) {
  const heading = useId();
  const [wanted, setWanted] = useState('');
  const found = offers.filter((offer) => isFound(offer, wanted));
  const families = [...new Set(found.map(familyOf))].sort((a, b) => Number(a === NO_FAMILY) - Number(b === NO_FAMILY));
  const optionsOf = (id: string): OptionValues | undefined => {
    const own = chosen.find(({ profile }) => profile === id);
    return own && (own.options ?? {});
  };
  const put = (id: string, options: OptionValues | undefined): void => {
    const others = chosen.filter(({ profile }) => profile !== id);
    onChange(options === undefined ? others : [...others, { profile: id, options }]);
  };
  return (
    <section aria-labelledby={heading} className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-1">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 id={heading} className="m-0 text-t1 font-[600]">
          Files
        </h3>
        <output className="flex-1 text-ink2">
          {exact(chosen.length)} of {exact(offers.length)} chosen
          {wanted !== '' && `, ${exact(found.length)} shown`}
        </output>
        {offers.length > FEW && (
          <input
            type="search"
            aria-label="Find a kind of file"
            placeholder="Find: trainer, format, column…"
            value={wanted}
            onChange={({ currentTarget }) => setWanted(currentTarget.value)}
            className="h-[26px] w-full rounded border border-line bg-paper px-2 text-t1 hover:border-line2 sm:w-[220px]"
          />
        )}
      </div>
      <div className="rounded border border-line">
        {families.map((family) => {
          const own = found.filter((offer) => familyOf(offer) === family);
          return (
            <Family
              // Its rows are opened anew by what is looked for.
              key={`${family} ${wanted === ''}`}
              name={family}
              isOpen={wanted !== '' || own.some(({ id, byDefault }) => byDefault || optionsOf(id) !== undefined)}
              offers={own}
              chosen={own.filter(({ id }) => optionsOf(id) !== undefined).length}
            >
              {own.map((offer) => (
                <Row key={offer.id} offer={offer} options={optionsOf(offer.id)} onChange={(options) => put(offer.id, options)} />
              ))}
            </Family>
          );
        })}
        {found.length === 0 && <p className="m-0 px-3 py-2 text-ink2">No kind of file is called “{wanted}”.</p>}
      </div>
    </section>
  );
}

function familyOf({ family = NO_FAMILY }: ProfileOffer): string {
  return family;
}

function isFound({ id, label, family, about, fileName }: ProfileOffer, wanted: string): boolean {
  const words = wanted
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const text = [id, label, family ?? '', about, fileName].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}

function Family({
  name,
  isOpen,
  offers,
  chosen,
  children,
}: {
  readonly name: string;
  readonly isOpen: boolean;
  readonly offers: readonly ProfileOffer[];
  readonly chosen: number;
  readonly children: ReactNode;
}) {
  // From then on it is the person's.
  const [atFirst] = useState(isOpen);
  return (
    <details open={atFirst} className="group border-t border-line first:border-t-0">
      <summary className="flex cursor-default list-none items-baseline gap-2 px-3 py-1 hover:bg-sunk [&::-webkit-details-marker]:hidden">
        <span aria-hidden="true" className="w-2 flex-none text-t0 text-ink3 group-open:rotate-90">
          ▸
        </span>
        <span className="flex-none font-[600]">{name}</span>
        <span className="min-w-0 flex-1 truncate text-ink3 group-open:invisible">
          {offers
            .map(({ label }) => withoutFamily(label, name))
            .filter((label) => label !== name)
            .join(' · ')}
        </span>
        {chosen > 0 && <span className="flex-none text-leaf">{exact(chosen)} chosen</span>}
      </summary>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-0.5 pt-0.5 pb-2">{children}</div>
    </details>
  );
}

/** `TRL tokens` under the heading TRL is `tokens`. */
function withoutFamily(label: string, family: string): string {
  return label.toLowerCase().startsWith(`${family.toLowerCase()} `) ? label.slice(family.length + 1) : label;
}

function Row({
  offer,
  options,
  onChange,
}: {
  readonly offer: ProfileOffer;
  readonly options: OptionValues | undefined;
  readonly onChange: (options: OptionValues | undefined) => void;
}) {
  const isBarred = offer.unavailable !== null;
  return (
    <div className="grid gap-1 px-3 py-0.5 has-[:focus-visible]:bg-sunk">
      <label className={`${COLUMNS} ${isBarred ? 'text-ink3' : ''}`}>
        <input
          type="checkbox"
          checked={options !== undefined}
          disabled={isBarred}
          onChange={() => onChange(options === undefined ? {} : undefined)}
          className="m-0 translate-y-px"
        />
        <span className="font-[550]">{offer.label}</span>
        <span className="col-start-2 min-w-0 text-ink2 sm:col-start-3">
          {offer.unavailable ?? offer.about}
          <span className="flex flex-wrap gap-x-2 text-t0 text-ink3">
            <span className="font-mono whitespace-nowrap">{fileOf(offer, options ?? {}).fileName}</span>
            {!isBarred && offer.needs.length > 0 && <span>from the log’s {offer.needs.join(' and ')}</span>}
            {offer.specification.startsWith('https:') && (
              <a href={offer.specification} target="_blank" rel="noreferrer" className="text-ink3 underline">
                specification
              </a>
            )}
          </span>
        </span>
      </label>
      {options !== undefined && offer.options.length > 0 && (
        <div className="ml-[22px] flex flex-wrap gap-x-4 gap-y-1 pb-1">
          {offer.options.map((option) => (
            <OptionField
              key={option.name}
              option={option}
              value={options[option.name] ?? option.default}
              onChange={(value) => onChange({ ...options, [option.name]: value })}
            />
          ))}
        </div>
      )}
    </div>
  );
}
