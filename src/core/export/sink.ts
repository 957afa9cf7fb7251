/** Where exported files go: a folder in Node, blobs in the page. */
export interface ExportSink {
  /** Begins a file; files are written one after the other. */
  begin(name: string): Promise<void>;
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  end(): Promise<void>;
}
