/** Home Assistant's own question, with its focus handling. */

export interface Question {
  readonly title: string;
  readonly text: string;
  readonly confirmText: string;
  readonly dismissText: string;
  readonly destructive?: boolean;
}

interface CardHelpers {
  showConfirmationDialog?(element: HTMLElement, question: Question): Promise<boolean | null | undefined>;
}

declare global {
  interface Window {
    loadCardHelpers?: () => Promise<CardHelpers>;
  }
}

/** Ask a question; whoever closes it without an answer says no. */
export async function confirm(element: HTMLElement, question: Question): Promise<boolean> {
  const helpers = await window.loadCardHelpers?.();
  if (helpers?.showConfirmationDialog) return (await helpers.showConfirmationDialog(element, question)) === true;
  return window.confirm(`${question.title}\n\n${question.text}`);
}
