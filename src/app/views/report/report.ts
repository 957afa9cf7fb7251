/** What a report says, as plain data: whatever is gathered is text, and the page is made of it in one place. */

export interface ReportTable {
  readonly caption: string;
  readonly columns: readonly { readonly label: string; readonly isNumber: boolean }[];
  /** Cells by column; the first is the row's head. */
  readonly rows: readonly (readonly string[])[];
  /** What is said below it, such as how many rows are left out; empty: nothing. */
  readonly rest: string;
}

/** A drawing of the page, as it stood there. */
export interface ReportPicture {
  readonly caption: string;
  /** What it shows, for those who do not see it. */
  readonly alt: string;
  /** A PNG as a data address. */
  readonly source: string;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** An element of a plot; names and attributes are those that `plot-node.ts` lets through. */
export interface PlotNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (PlotNode | string)[];
}

export interface ReportPlot {
  readonly caption: string;
  readonly about: string;
  readonly pictures: readonly { readonly alt: string; readonly plot: PlotNode }[];
}

/** What becomes of a part: all or some of what the policy wrote is trained; it is kept and none is; it is context; it is cut. */
export type PartLook = 'trained' | 'untrained' | 'context' | 'cut' | 'unknown';

export interface ReportPart {
  /** Role or turn. */
  readonly who: string;
  /** Kind and tool, where it is more than text; empty: nothing to say. */
  readonly what: string;
  readonly look: PartLook;
  /** The same in words, with counts of tokens. */
  readonly fate: string;
  readonly remarks: readonly string[];
  readonly text: string;
  /** How much of it is shown; empty: all. */
  readonly rest: string;
}

export interface ReportTranscript {
  readonly title: string;
  readonly about: readonly string[];
  readonly parts: readonly ReportPart[];
  readonly rest: string;
}

export interface ReportSection {
  readonly title: string;
  readonly about: readonly string[];
  readonly tables: readonly ReportTable[];
  readonly code: { readonly label: string; readonly text: string } | null;
  readonly pictures: readonly ReportPicture[];
  readonly plots: readonly ReportPlot[];
  readonly transcripts: readonly ReportTranscript[];
}

/** Colours by the names that the page's own style gives them, without dashes. */
export type Colours = Readonly<Record<string, string>>;

export interface Report {
  readonly title: string;
  readonly about: readonly string[];
  readonly sections: readonly ReportSection[];
  readonly colours: { readonly light: Colours; readonly dark: Colours };
}

export function section(title: string, parts: Partial<Omit<ReportSection, 'title'>>): ReportSection {
  return { title, about: [], tables: [], code: null, pictures: [], plots: [], transcripts: [], ...parts };
}
