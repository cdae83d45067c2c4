/** Lists and tables as pages have them. */

/** An entry of a list: what it is, why it came, and what to do about it. */
export function entry(name: string, cause: string, fix: string): string {
  return `- **${name}** ${cause}\n  *Fix:* ${fix}`;
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
