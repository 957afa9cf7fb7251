/** How a chip of the top bar looks: a button with a figure or a name. */
export const CHIP =
  'inline-flex max-[899px]:flex-none h-6 min-w-0 items-center gap-1.5 rounded ' +
  'border border-line bg-paper px-2 text-t1 whitespace-nowrap hover:border-line2';
