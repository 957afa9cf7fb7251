/** Where exported files go: a folder in Node, blobs in the page. Several files may be open at once. */
export interface ExportSink {
  open(name: string): Promise<ExportFile>;
}

export interface ExportFile {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
}
