/** Classes of the tables of this view. */
export const CAPTION = 'px-3 pt-3 pb-1 text-left text-t2 font-[600]';
export const HEAD = 'px-2 py-1 text-right align-bottom text-t0 font-[400] text-ink2';
export const NAME = 'py-1 pr-1 pl-3 text-left font-[400] text-ink2';
export const CELL = 'px-2 py-1 text-right whitespace-nowrap';
export const LEFT_HEAD = 'align-bottom py-1 pr-1 pl-3 text-left text-t0 font-[400] text-ink2';
