/** How a check ends: one line that says all is well, or every finding and what to do about it. */

/** Prints and ends the process with 1 when there are findings. */
export function report(
  subject: string,
  findings: readonly string[],
  whatToDo: string,
  allWell: string,
): void {
  if (findings.length === 0) {
    console.log(`${subject}: ${allWell}`);
    return;
  }
  for (const finding of findings) console.error(`✗ ${finding}`);
  console.error(
    `\n${subject}: ${findings.length === 1 ? '1 finding' : `${findings.length} findings`}. ${whatToDo}`,
  );
  process.exitCode = 1;
}
