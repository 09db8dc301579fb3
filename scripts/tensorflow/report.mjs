// Prints the comparison as a table.

const LIMIT = 72;

/** Prints one row a case, then the details of those whose bytes differ. */
export function printTable(results) {
  const rows = [
    ['case', 'TensorFlow', 'permafrost', 'bytes'],
    ...results.map(({ name, tensorflow, permafrost, bytes }) => [
      name,
      shorten(tensorflow),
      shorten(permafrost),
      bytes === undefined ? '-' : String(bytes),
    ]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
  }
  for (const { name, permafrost, detail, passed } of results) {
    if (!passed) console.log(`\n${name}: ${permafrost}${detail ? `\n${detail.trimEnd()}` : ''}`);
  }
}

/** Prints the last line; returns whether all is well. No case at all is not. */
export function printSummary(results) {
  const failed = results.filter(({ passed }) => !passed).length;
  if (results.length === 0) console.log('\nNo case has a name like that.');
  console.log(`\n${results.length - failed} passed, ${failed} failed`);
  return failed === 0 && results.length > 0;
}

const shorten = (text) => (text.length > LIMIT ? `${text.slice(0, LIMIT - 1)}…` : text);
