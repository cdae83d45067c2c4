/** Copies a token, and says whether that was possible. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const WORDS = {
  idle: '',
  copied: 'Copied',
  failed: 'Not allowed here: select it and copy it by hand',
} as const;
/** How long the outcome is told: milliseconds. */
const TOLD = 4_000;

export function CopyButton({ text, what }: { text: string; what: string }): JSX.Element {
  const [outcome, setOutcome] = useState<keyof typeof WORDS>('idle');
  useEffect(() => {
    if (outcome === 'idle') return undefined;
    const timer = setTimeout(() => setOutcome('idle'), TOLD);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('copied');
    } catch {
      // No permission, or a page that is not a secure context: plain HTTP under another name than localhost.
      setOutcome('failed');
    }
  };
  return (
    <span class="copy">
      <button type="button" class="secondary" onClick={() => void copy()}>
        Copy<span class="visually-hidden"> {what}</span>
      </button>
      <span class="quiet" role="status">
        {WORDS[outcome]}
      </span>
    </span>
  );
}
