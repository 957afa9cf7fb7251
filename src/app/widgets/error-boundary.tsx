/** Catches what a view throws and says so in a plain sentence, with a way on. */
import { Component } from 'react';
import type { ReactNode } from 'react';
import { Button } from './controls.tsx';

interface Props {
  readonly name: string;
  readonly children?: ReactNode;
}

export class ErrorBoundary extends Component<Props, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { readonly error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div role="alert" className="grid h-full place-content-center gap-3 p-6 text-center">
        <p className="m-0 max-w-[44ch]">{this.props.name} stopped because of a fault in this program. Your files are untouched.</p>
        <p className="m-0 max-w-[64ch] font-mono text-t1 wrap-anywhere text-cut">{error.message}</p>
        <div>
          <Button onClick={() => this.setState({ error: null })}>Try again</Button>
        </div>
      </div>
    );
  }
}
