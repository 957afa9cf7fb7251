/** The pickers that leave handles behind, which not every browser has and the compiler's library does not describe. */

declare global {
  interface Window {
    showOpenFilePicker(options: { multiple: boolean; id: string }): Promise<FileSystemFileHandle[]>;
    showDirectoryPicker(options: { mode: 'read' | 'readwrite'; id: string }): Promise<FileSystemDirectoryHandle>;
  }
  interface FileSystemHandle {
    queryPermission?(descriptor: { mode: 'read' }): Promise<PermissionState>;
    requestPermission?(descriptor: { mode: 'read' }): Promise<PermissionState>;
  }
}

/** Ask before calling the two below. */
export function canPickWithHandles(): boolean {
  return 'showOpenFilePicker' in window && 'showDirectoryPicker' in window;
}

/** Rejects with an AbortError when the person closes the picker. */
export function pickFileHandles(): Promise<FileSystemFileHandle[]> {
  return window.showOpenFilePicker({ multiple: true, id: 'espalier-logs' });
}

export function pickFolderHandle(mode: 'read' | 'readwrite'): Promise<FileSystemDirectoryHandle> {
  return window.showDirectoryPicker({ mode, id: mode === 'read' ? 'espalier-logs' : 'espalier-export' });
}
